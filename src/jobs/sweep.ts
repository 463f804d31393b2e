import { and, asc, desc, eq, gte } from 'drizzle-orm';
import type { Flow } from '../agreement/agreement.ts';
import type { DbOrTx } from '../ledger/db.ts';
import { lastPause, type Pause, wentOn } from '../ledger/runs/pauses.ts';
import type { Run } from '../ledger/runs/runs.ts';
import { runs } from '../ledger/tables/index.ts';
import { previousSlot } from '../slots.ts';

const hour = 3_600_000;
/** How long until a sweep that did not come to its end is tried again, in ms; the next night's comes in any case. */
const waits = [hour / 4, hour, 4 * hour, 12 * hour] as const;

/**
 * The moment since which everything is to be read, where that has not been done: the nightly slot, or the end of a pause, whichever
 * is newer; null where none is due. Of several that were missed the newest: one sweep catches up. A sweep that was parked comes
 * again when its calls do; one that failed, was broken off, or was shown nothing where much is known comes again after waits that grow.
 */
export async function dueSweep(
  db: DbOrTx,
  flow: Pick<Flow, 'id' | 'sweep' | 'schedule'>,
  now: Date,
): Promise<Date | null> {
  const nightly = flow.sweep === null ? null : previousSlot(flow.sweep, flow.schedule.timeZone, now);
  const since = wentOn(await lastPause(db, flow.id), now);
  return dueSince(db, flow.id, nightly && since && since > nightly ? since : (nightly ?? since), now);
}

/** As {@link dueSweep}, for the end of a pause alone: the first run after it is a sweep. */
export const dueSweepAfterPause = (
  db: DbOrTx,
  flow: string,
  { last, now }: { readonly last: Pause | null; readonly now: Date },
): Promise<Date | null> => dueSince(db, flow, wentOn(last, now), now);

async function dueSince(db: DbOrTx, flow: string, slot: Date | null, now: Date): Promise<Date | null> {
  // The first run of a flow reads everything anyway.
  if (!slot || !(await ranBefore(db, flow, slot))) return null;
  const tries = await db
    .select()
    .from(runs)
    .where(and(eq(runs.flow, flow), eq(runs.trigger, 'sweep'), gte(runs.startedAt, slot)))
    .orderBy(desc(runs.id));
  const [last] = tries;
  if (!last) return slot;
  if (tries.some(sawEverything) || last.state === 'running') return null;
  return now >= againAt(last, tries.length) ? slot : null;
}

const sawEverything = ({ state, notes }: Run): boolean =>
  state === 'done' && !notes?.some((note) => note.kind === 'zero_rows');

function againAt({ resumeAt, finishedAt, startedAt }: Run, tries: number): Date {
  const wait = waits[Math.min(tries, waits.length) - 1] ?? hour;
  return resumeAt ?? new Date((finishedAt ?? startedAt).getTime() + wait);
}

async function ranBefore(db: DbOrTx, flow: string, slot: Date): Promise<boolean> {
  const [first] = await db
    .select({ startedAt: runs.startedAt })
    .from(runs)
    .where(eq(runs.flow, flow))
    .orderBy(asc(runs.startedAt))
    .limit(1);
  return first !== undefined && first.startedAt < slot;
}
