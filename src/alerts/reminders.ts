import { and, asc, eq, isNull } from 'drizzle-orm';
import type { Flow } from '../agreement/agreement.ts';
import { previousSlot } from '../jobs/slots.ts';
import type { Tx } from '../ledger/db.ts';
import { announceNote, rank } from '../ledger/outbox.ts';
import { approvals, conflicts } from '../ledger/tables/index.ts';

/** When people are reminded of decisions that wait: twice each working day, in the company's own time. */
const reminderTimes = '0 9,14 * * 1-5';
/** A reminder that Truce could not give in time is still worth giving for so long, in ms. */
const lateMs = 2 * 3_600_000;

/** The moment whose reminder is due now, or null. Pure. */
export function reminderSlot(timeZone: string, now: Date): Date | null {
  const slot = previousSlot(reminderTimes, timeZone, now);
  return slot && now.getTime() - slot.getTime() <= lateMs ? slot : null;
}

/**
 * One direct message to each who may choose, however many decisions wait: the messages in the channel mention nobody. Said
 * once for each moment, whoever watches.
 */
export async function remind(tx: Tx, flow: Flow, timeZone: string, now: Date): Promise<void> {
  const slot = reminderSlot(timeZone, now);
  if (!slot) return;
  const open = await tx
    .select({ openedAt: conflicts.openedAt, changeId: conflicts.changeId, approvedBy: approvals.by })
    .from(conflicts)
    .leftJoin(approvals, and(eq(approvals.conflictId, conflicts.id), isNull(approvals.withdrawnAt)))
    .where(and(eq(conflicts.flow, flow.id), eq(conflicts.state, 'open'), isNull(conflicts.closedAt)))
    .orderBy(asc(conflicts.openedAt));
  for (const person of flow.deciders) {
    // Whoever has given the first approval can do no more about it: the others are waited for.
    const own = open.filter(({ approvedBy }) => approvedBy !== person.slack);
    const waiting = new Set(own.filter(({ openedAt }) => openedAt <= slot).map(({ changeId }) => changeId));
    const [oldest] = own;
    if (!oldest || waiting.size === 0) continue;
    await announceNote(tx, {
      key: `decisions_wait:${flow.id}:${person.slack}:${slot.toISOString()}`,
      subject: `flow:${flow.id}`,
      flow: flow.id,
      template: 'decisions_wait',
      params: { to: person.slack, decisions: waiting.size, oldest: oldest.openedAt.toISOString() },
      rank: rank.decision,
      now,
    });
  }
}
