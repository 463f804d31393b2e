import type { ActiveAgreement, Flow } from '../agreement/agreement.ts';
import { actingFor } from '../agreement/deputies.ts';
import { noteCall, wasCalled } from '../ledger/alerts/interruptions.ts';
import type { Tx } from '../ledger/db.ts';
import { announceNote, rank } from '../ledger/posts/outbox.ts';
import { type OverLimit, overLimit, redrawOverLimit } from '../ledger/questions/over-limit.ts';
import { mayCall } from './call.ts';

/**
 * A decision whose time is over, and that goes on waiting as the agreement says, needs somebody to ask why nobody chooses: its
 * message says so at once, and the technical owner has one direct message for all such decisions of a flow, once for each limit.
 */
export async function tellOverLimit(
  tx: Tx,
  flow: Flow,
  agreement: ActiveAgreement,
  now: Date,
): Promise<void> {
  const found = await overLimit(tx, { flow: flow.id, now });
  if (found.length === 0) return;
  await redrawOverLimit(tx, { flow: flow.id, now });
  const person = actingFor(flow.owners.technical).slack;
  const keyOf = ({ changeId, since }: OverLimit) => `over_limit:${changeId}:${since.toISOString()}`;
  const fresh: OverLimit[] = [];
  for (const one of found) if (!(await wasCalled(tx, { key: keyOf(one), person }))) fresh.push(one);
  const [first] = fresh;
  if (!first) return;
  const call = { person, flow: flow.id, kind: 'limit' as const, cause: `over_limit:${flow.id}` };
  if ((await mayCall(tx, agreement, { ...call, key: keyOf(first), now })).kind !== 'now') return;
  for (const one of fresh) await noteCall(tx, { ...call, key: keyOf(one), at: now });
  await announceNote(tx, {
    key: `${keyOf(first)}:${person}`,
    subject: `person:${person}`,
    flow: flow.id,
    template: 'over_limit',
    params: { to: person, changes: fresh.map(({ changeId }) => changeId) },
    rank: rank.decision,
    now,
  });
}
