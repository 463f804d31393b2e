import type { ActiveAgreement } from '../agreement/agreement.ts';
import { actingFor } from '../agreement/deputies.ts';
import { callsOf } from '../ledger/alerts/interruptions.ts';
import type { Tx } from '../ledger/db.ts';
import { announceNote, rank } from '../ledger/posts/outbox.ts';
import { addresseeOf } from './addressee.ts';
import { mayCall } from './call.ts';
import type { Workday } from './hours.ts';
import { type Call, dueSlot, slotLateMs } from './interrupt.ts';
import { oldestTold, overSince } from './over-since.ts';
import { waitingFor } from './waiting-for.ts';

/** Everybody who may have something to do: owners and deciders, by Slack user id. */
const peopleOf = ({ flows }: ActiveAgreement): string[] => [
  ...new Set(
    Object.values(flows).flatMap(({ owners, deciders }) =>
      [owners.business, owners.technical, ...deciders].map((person) => actingFor(person).slack),
    ),
  ),
];

/**
 * One direct message to each person at nine and at two of a working day, however many decisions, problems and flows it is about:
 * the messages in the channel call nobody. Nothing open, and nothing over without an answer of theirs, no message. What it says is gathered when it is sent.
 */
export async function remind(tx: Tx, agreement: ActiveAgreement, now: Date): Promise<void> {
  for (const person of peopleOf(agreement)) {
    const { workday, ...who } = await addresseeOf(tx, agreement, person);
    const before = (await callsOf(tx, person, new Date(now.getTime() - 2 * slotLateMs))) as Call[];
    const slot = dueSlot({ ...who, workday }, { before }, now);
    if (!slot) continue;
    const morning = isMorning(slot, workday);
    const waiting = await waitingFor(tx, agreement, { person, morning, now });
    const first = waiting.find((one) => isDue(one, slot)) ?? (await firstOver(tx, agreement, person, slot));
    if (!first) continue;
    const key = `digest:${person}:${slot.toISOString()}`;
    const flow = first.flow.id;
    const called = await mayCall(tx, agreement, { person, key, kind: 'digest', cause: 'digest', flow, now });
    if (called.kind !== 'now') continue;
    const params = { to: person, morning };
    const said = { subject: `person:${person}`, template: 'digest', params, rank: rank.decision };
    await announceNote(tx, { ...said, key, flow, now });
  }
}

/** A flow of which something was over at this slot, without an answer of this person's, and has not been told. */
async function firstOver(tx: Tx, agreement: ActiveAgreement, person: string, slot: Date) {
  const earliest = new Date(slot.getTime() - oldestTold);
  const told = (await callsOf(tx, person, earliest)).filter(({ kind }) => kind === 'digest');
  const since = new Date(Math.max(earliest.getTime(), ...told.map(({ at }) => at.getTime())));
  return (await overSince(tx, agreement, { person, since, until: slot }))[0];
}

/** What came after the slot alone waits for the next one. */
const isDue = (
  { decisions, unsaved, problems, asks }: Awaited<ReturnType<typeof waitingFor>>[number],
  slot: Date,
) =>
  unsaved.length > 0 ||
  [...decisions, ...problems].some(({ openedAt }) => openedAt <= slot) ||
  asks.some(({ since }) => since <= slot);

const isMorning = (slot: Date, { timeZone }: Workday): boolean =>
  Temporal.Instant.fromEpochMilliseconds(slot.getTime()).toZonedDateTimeISO(timeZone).hour < 12;
