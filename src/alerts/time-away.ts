import { and, eq, gt, lte } from 'drizzle-orm';
import type { ActiveAgreement, Flow } from '../agreement/agreement.ts';
import {
  caughtUpBy,
  keepTimeAway,
  type Missed,
  noteTimeAway,
  openTimesAway,
} from '../ledger/alerts/time-away.ts';
import type { Tx } from '../ledger/db.ts';
import { backlogOf } from '../ledger/runs/backlog.ts';
import { pauseOf } from '../ledger/runs/pauses.ts';
import { runs } from '../ledger/tables/index.ts';
import { slots } from '../slots.ts';

/** How soon after a start the first run begins, at the latest. */
const catchUpMs = 60_000;
/** Slots are counted up to here only: after a month away the number says nothing any more. */
const countedMs = 7 * 24 * 3_600_000;

/** One message in each channel whose runs did not happen while Truce was off; no alarm, since the next run catches up. */
export async function tellTimeAway(
  tx: Tx,
  agreement: ActiveAgreement,
  { from, to }: { from: Date; to: Date },
): Promise<void> {
  const missed = new Map<string, Missed[]>();
  for (const flow of Object.values(agreement.flows)) {
    if (to.getTime() - from.getTime() < flow.lateAfterMinutes * 60_000) continue;
    const n = missedSlots(flow, from, to);
    if (n === 0 || (await ranMeanwhile(tx, flow, from, to)) || (await pauseOf(tx, flow.id, to))) continue;
    const here = missed.get(flow.channel) ?? [];
    missed.set(flow.channel, [...here, { flow: flow.id, slots: n, caughtUp: null }]);
  }
  for (const [channel, flows] of missed) await noteTimeAway(tx, { channel, from, to, missed: flows });
}

/** Says on that message, once, that what was missed is caught up: read to its end, and nothing of it left to compare. */
export async function tellCaughtUp(tx: Tx, agreement: ActiveAgreement, now: Date): Promise<void> {
  for (const [name, away] of await openTimesAway(tx)) {
    const since = new Date(away.to.getTime() - catchUpMs);
    const missed: Missed[] = [];
    for (const one of away.missed)
      missed.push(
        one.caughtUp ? one : { ...one, caughtUp: await caughtUp(tx, agreement, one.flow, since, now) },
      );
    const isNews = missed.some(({ caughtUp: is }, i) => is && !away.missed[i]?.caughtUp);
    if (isNews) await keepTimeAway(tx, name, { ...away, missed }, now);
  }
}

async function caughtUp(
  tx: Tx,
  agreement: ActiveAgreement,
  id: string,
  since: Date,
  now: Date,
): Promise<Missed['caughtUp']> {
  const flow = agreement.flows[id];
  // A flow that left the agreement has nothing to catch up with.
  if (!flow) return { at: now, changed: 0 };
  const done = await caughtUpBy(tx, id, since);
  if (!done) return null;
  const { hints, staged } = await backlogOf(tx, flow);
  return hints.waiting + staged.waiting === 0 ? done : null;
}

/** Then it was only the watch that was away. The run that catches up begins at the very end, and does not count. */
async function ranMeanwhile(tx: Tx, flow: Flow, from: Date, to: Date): Promise<boolean> {
  const rows = await tx
    .select({ id: runs.id })
    .from(runs)
    .where(
      and(
        eq(runs.flow, flow.id),
        gt(runs.startedAt, from),
        lte(runs.startedAt, new Date(to.getTime() - catchUpMs)),
      ),
    )
    .limit(1);
  return rows.length > 0;
}

function missedSlots({ schedule }: Flow, from: Date, to: Date): number {
  const start = new Date(Math.max(from.getTime(), to.getTime() - countedMs));
  return slots(schedule.cron, schedule.timeZone, start, to).length;
}
