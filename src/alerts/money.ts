import type { ActiveAgreement, Flow } from '../agreement/agreement.ts';
import { actingFor } from '../agreement/deputies.ts';
import { digitsOf } from '../entities/money/amount.ts';
import { entityNamed } from '../entities/named.ts';
import { noteCall, wasCalled } from '../ledger/alerts/interruptions.ts';
import { type HeldUp, heldUp, worthOf } from '../ledger/changes/held-up.ts';
import type { Tx } from '../ledger/db.ts';
import { announceNote, rank } from '../ledger/posts/outbox.ts';
import { decisionsFor } from '../ledger/questions/waiting-for.ts';
import { mayCall } from './call.ts';

/**
 * Decisions that hold up more money than their flow lets wait are told of at once, in one direct message to each who may choose. Once
 * for each decision, however much comes to wait for it.
 */
export async function tellOfMoney(tx: Tx, flow: Flow, agreement: ActiveAgreement, now: Date): Promise<void> {
  const limit = flow.moneyAtOnce;
  if (limit === null) return;
  const waiting = await heldUp(tx, Object.values(agreement.flows), { flows: [flow.id] });
  const costly = new Set(
    [...Map.groupBy(waiting, ({ by }) => by.changeId)].flatMap(([id, some]) =>
      isOver(some, limit) ? [id] : [],
    ),
  );
  if (costly.size === 0) return;
  for (const person of new Set(flow.deciders.map((one) => actingFor(one).slack))) {
    const asked = await decisionsFor(tx, { flow: flow.id, person });
    const mine = asked.flatMap(({ changeId }) => (costly.has(changeId) ? [changeId] : []));
    await tellPerson(tx, { flow, agreement, now, person, changes: mine });
  }
}

interface Telling {
  readonly flow: Flow;
  readonly agreement: ActiveAgreement;
  readonly now: Date;
  readonly person: string;
  readonly changes: readonly string[];
}

async function tellPerson(tx: Tx, { flow, agreement, now, person, changes }: Telling): Promise<void> {
  const keyOf = (changeId: string) => `money:${changeId}`;
  const fresh: string[] = [];
  for (const id of changes) if (!(await wasCalled(tx, { key: keyOf(id), person }))) fresh.push(id);
  const [first] = fresh;
  if (!first) return;
  const call = { person, flow: flow.id, kind: 'money' as const, cause: `money:${flow.id}` };
  if ((await mayCall(tx, agreement, { ...call, key: keyOf(first), now })).kind !== 'now') return;
  for (const id of fresh) await noteCall(tx, { ...call, key: keyOf(id), at: now });
  await announceNote(tx, {
    key: `money:${person}:${first}`,
    subject: `person:${person}`,
    flow: flow.id,
    template: 'money_waits',
    params: { to: person, changes: fresh },
    rank: rank.decision,
    now,
  });
}

/** Whether what waits comes to more than so many whole units of any one currency. Each record counts once. Pure. */
export function isOver(waiting: readonly HeldUp[], limit: number): boolean {
  const once = [...new Map(waiting.map((one) => [one.recordId, one])).values()];
  const worth = once.flatMap((one) => worthOf(entityNamed(one.entity), one) ?? []);
  return [...Map.groupBy(worth, ({ currency }) => currency)].some(
    ([currency, some]) => some.reduce((sum, { minor }) => sum + minor, 0) > limit * 10 ** digitsOf(currency),
  );
}
