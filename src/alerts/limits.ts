import type { ActiveAgreement, Flow } from '../agreement/agreement.ts';
import { actingFor } from '../agreement/deputies.ts';
import { callsOf, noteCall, wasCalled } from '../ledger/alerts/interruptions.ts';
import type { Tx } from '../ledger/db.ts';
import { announceNote, rank } from '../ledger/posts/outbox.ts';
import { decisionsFor, isAnyEnding, type WaitingDecision } from '../ledger/questions/waiting-for.ts';
import { addresseeOf } from './addressee.ts';
import { mayCall } from './call.ts';
import { slotAfter } from './hours.ts';

const day = 24 * 3_600_000;

/**
 * A decision whose time ends before its people are told the next time cannot wait for that: each of them has one direct message for
 * all such decisions of a flow. What they were told of at a slot they know.
 */
export async function tellOfLimits(tx: Tx, flow: Flow, agreement: ActiveAgreement, now: Date): Promise<void> {
  // No slot is further away than a long weekend.
  if (!(await isAnyEnding(tx, { flow: flow.id, from: now, to: new Date(now.getTime() + 4 * day) }))) return;
  for (const person of new Set(flow.deciders.map((one) => actingFor(one).slack))) {
    const next = slotAfter((await addresseeOf(tx, agreement, person)).workday, now);
    const told = (await callsOf(tx, person, new Date(now.getTime() - 4 * day))).filter(
      ({ kind }) => kind === 'digest',
    );
    const ending = (await decisionsFor(tx, { flow: flow.id, person })).filter(
      ({ deadline, openedAt }) =>
        deadline && deadline > now && deadline < next && !told.some(({ at }) => at >= openedAt),
    );
    await tellPerson(tx, { flow, agreement, now, person, ending });
  }
}

interface Telling {
  readonly flow: Flow;
  readonly agreement: ActiveAgreement;
  readonly now: Date;
  readonly person: string;
  readonly ending: readonly WaitingDecision[];
}

async function tellPerson(tx: Tx, { flow, agreement, now, person, ending }: Telling): Promise<void> {
  const keyOf = ({ changeId }: WaitingDecision) => `limit:${changeId}`;
  const fresh: WaitingDecision[] = [];
  for (const one of ending) if (!(await wasCalled(tx, { key: keyOf(one), person }))) fresh.push(one);
  const [first] = fresh;
  if (!first) return;
  const call = { person, flow: flow.id, kind: 'limit' as const, cause: `limits:${flow.id}` };
  if ((await mayCall(tx, agreement, { ...call, key: keyOf(first), now })).kind !== 'now') return;
  for (const one of fresh) await noteCall(tx, { ...call, key: keyOf(one), at: now });
  await announceNote(tx, {
    key: `limit:${person}:${first.changeId}`,
    subject: `person:${person}`,
    flow: flow.id,
    template: 'limit_near',
    params: { to: person, changes: fresh.map(({ changeId }) => changeId) },
    rank: rank.decision,
    now,
  });
}
