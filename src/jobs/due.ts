import { desc, eq } from 'drizzle-orm';
import type { ActiveAgreement, Flow } from '../agreement/agreement.ts';
import type { Clock } from '../clock.ts';
import { retriesDue } from '../ledger/changes/retries.ts';
import type { Db } from '../ledger/db.ts';
import { parkedWithNews } from '../ledger/records/needs.ts';
import { isRollbackLeft } from '../ledger/rollback/rollbacks.ts';
import { hasHints } from '../ledger/runs/hints.ts';
import { isStanding } from '../ledger/runs/pauses.ts';
import { hasLapsedRun, lastSlot } from '../ledger/runs/runs.ts';
import { runs } from '../ledger/tables/index.ts';
import { dueSlot } from '../slots.ts';
import { waitAfterFailedRun } from '../sync/waits.ts';
import { standing } from './standing.ts';
import { dueSweep } from './sweep.ts';
import type { Wake } from './wake.ts';

interface DueParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly agreement: () => ActiveAgreement;
}

/**
 * Whatever the ledger says is due: a slot that nobody ran, a run whose process is gone, a nightly sweep, a run that did not work and
 * should not wait for its next slot, changes that are to be tried again, records that waited for others which have come, records that
 * were named and not read yet, something to undo that no run has seen to. Of a flow that stands still, only the latter. Asked once a minute, so that nothing depends on a wake-up
 * that may have been lost.
 */
export async function wakesDue({ db, clock, agreement }: DueParts): Promise<Wake[]> {
  const now = clock.now();
  const wakes: Wake[] = [];
  for (const flow of Object.values(agreement().flows)) wakes.push(...(await dueFor(db, flow, now)));
  return wakes;
}

async function dueFor(db: Db, flow: Flow, now: Date): Promise<Wake[]> {
  const { id, schedule } = flow;
  const wakes: Wake[] = [];
  const isPaused = isStanding(await standing(db, id, now), now);
  const isScheduled = !isPaused && dueSlot(schedule, await lastSlot(db, id), now) !== null;
  // One that lost its process is given up by whoever holds the lease next, also while the flow stands still.
  if (isScheduled || (await hasLapsedRun(db, { flow: id, now })))
    wakes.push({ flow: id, trigger: 'schedule' });
  if (!isPaused && (await dueSweep(db, flow, now))) wakes.push({ flow: id, trigger: 'sweep' });
  if (wakes.length > 0) return wakes;
  if (await isRollbackLeft(db, { flow: id, since: new Date(now.getTime() - aMinute) }))
    return [{ flow: id, trigger: 'rollback', targets: [] }];
  if (isPaused) return [];
  if (await failedAndDue(db, id, now)) return [{ flow: id, trigger: 'recovery' }];
  const targets = [...new Set([...(await retriesDue(db, id, now)), ...(await parkedWithNews(db, id))])];
  if (targets.length > 0) return [{ flow: id, trigger: 'recovery', targets }];
  return (await isNamedAnew(db, flow)) ? [{ flow: id, trigger: 'hint' }] : [];
}

/**
 * What a system gave a record that was made there, an invoice's number say, is named to the next run, and so is what a person let go;
 * neither is put off to the next slot, which may be tomorrow's. A flow that is in trouble has its own waits.
 */
async function isNamedAnew(db: Db, { id, entity, connections }: Flow): Promise<boolean> {
  const [last] = await db
    .select({ state: runs.state })
    .from(runs)
    .where(eq(runs.flow, id))
    .orderBy(desc(runs.id))
    .limit(1);
  return last?.state === 'done' && (await hasHints(db, { connections, flow: id, entity, counted: true }));
}

const aMinute = 60_000;
/** Runs that are looked at to see how many failed in a row. */
const lookedAt = 10;

/** One bad minute must not cost a nightly flow its day: a run that did not work comes again, after waits that grow. */
async function failedAndDue(db: Db, flow: string, now: Date): Promise<boolean> {
  const newest = await db
    .select({ state: runs.state, finishedAt: runs.finishedAt })
    .from(runs)
    .where(eq(runs.flow, flow))
    .orderBy(desc(runs.id))
    .limit(lookedAt);
  const worked = newest.findIndex(({ state }) => state !== 'failed');
  const inARow = worked === -1 ? newest.length : worked;
  const last = newest[0]?.finishedAt;
  return inARow > 0 && last != null && now.getTime() >= last.getTime() + waitAfterFailedRun(inARow);
}
