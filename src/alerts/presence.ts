import { and, eq, gt, lte } from 'drizzle-orm';
import type { ActiveAgreement, Flow } from '../agreement/agreement.ts';
import { slots } from '../jobs/slots.ts';
import type { Tx } from '../ledger/db.ts';
import { announceNote, rank } from '../ledger/outbox.ts';
import { pauseOf } from '../ledger/pauses.ts';
import { facts, runs } from '../ledger/tables/index.ts';

/** The row of the ledger by which a later start knows when Truce was last running; `value.since` = without a break since (ISO 8601). */
export const aliveFact = 'alive';
/** A break shorter than this is a restart, and none that anybody needs to hear of. */
const breakMs = 2 * 60_000;
/** How soon after a start the first run begins, at the latest. */
const catchUpMs = 60_000;
/** Slots are counted up to here only: after a month away the number says nothing any more. */
const countedMs = 7 * 24 * 3_600_000;

export interface Presence {
  readonly since: Date;
  /** Set at the first look after a break: when Truce was last running before it. */
  readonly awayFrom: Date | null;
}

/** Notes that Truce is running now, and says since when it has been without a break. */
export async function notePresence(tx: Tx, now: Date): Promise<Presence> {
  const [last] = await tx.select().from(facts).where(eq(facts.name, aliveFact));
  const wasAway = last !== undefined && now.getTime() - last.at.getTime() > breakMs;
  const since = last === undefined || wasAway ? now : sinceOf(last.value, now);
  const fact = { value: { since: since.toISOString() }, at: now };
  await tx
    .insert(facts)
    .values({ name: aliveFact, ...fact })
    .onConflictDoUpdate({ target: facts.name, set: fact });
  return { since, awayFrom: wasAway ? last.at : null };
}

/** One note in each channel whose runs did not happen while Truce was off; no alarm, since the next run catches up. */
export async function tellTimeAway(
  tx: Tx,
  agreement: ActiveAgreement,
  { from, to }: { from: Date; to: Date },
): Promise<void> {
  const told = new Set<string>();
  for (const flow of Object.values(agreement.flows)) {
    if (told.has(flow.channel) || to.getTime() - from.getTime() < flow.lateAfterMinutes * 60_000) continue;
    const missed = missedSlots(flow, from, to);
    if (missed === 0 || (await ranMeanwhile(tx, flow, from, to)) || (await pauseOf(tx, flow.id, to)))
      continue;
    told.add(flow.channel);
    await announceNote(tx, {
      key: `time_away:${flow.channel}:${from.toISOString()}`,
      subject: `flow:${flow.id}`,
      flow: flow.id,
      template: 'time_away',
      params: { from: from.toISOString(), to: to.toISOString(), slots: missed },
      rank: rank.other,
      now: to,
    });
  }
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

function sinceOf(value: unknown, now: Date): Date {
  const since =
    typeof value === 'object' && value !== null && 'since' in value ? new Date(String(value.since)) : now;
  return Number.isNaN(since.getTime()) || since > now ? now : since;
}
