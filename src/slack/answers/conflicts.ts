import type { Flow } from '../../agreement/agreement.ts';
import { decisionsFor } from '../../ledger/questions/waiting-for.ts';
import { changeById } from '../../ledger/records/lookup.ts';
import type { Desk } from '../desk.ts';
import { decisionFacts } from '../facts/decision.ts';
import { fieldNamed } from '../facts/fields.ts';
import { heldUpByChange } from '../facts/held-up.ts';
import type { Drawn } from '../messages/blocks.ts';
import { drawDecision } from '../messages/decision/decision.ts';
import { nothingWaits } from '../messages/decision/held-up.ts';
import { drawWaitingDecisions, type WaitingDecisionFacts } from '../messages/decision/waiting.ts';
import { answer, notSeen } from '../messages/refusals.ts';
import { visibleFlows } from '../people.ts';
import type { Asker } from './asker.ts';

/** One page of the decisions that wait, in one sync or in all that the asker may see. */
export async function conflictsAnswer(
  desk: Desk,
  asker: Asker,
  { flow, page }: { readonly flow: Flow | null; readonly page: number },
): Promise<Drawn> {
  const seen = visibleFlows(asker.person, desk.agreement(), desk.home());
  const flows = flow ? seen.filter(({ id }) => id === flow.id) : seen;
  const found = await Promise.all(flows.map((one) => waitingIn(desk, one)));
  const decisions = found.flat().sort((a, b) => a.openedAt.getTime() - b.openedAt.getTime());
  const held = await heldUpByChange(
    desk,
    decisions.map(({ reference }) => reference),
  );
  const told = decisions.map((one) => ({ ...one, heldUp: held.each.get(one.reference) ?? nothingWaits }));
  const { timeZone: zone } = desk.agreement();
  const about = { flowId: flow?.id ?? null, command: asker.command, zone };
  return drawWaitingDecisions({ decisions: told, heldUp: held.all, ...about }, page);
}

async function waitingIn(desk: Desk, flow: Flow): Promise<WaitingDecisionFacts[]> {
  const entity = desk.entity(flow.entity);
  const waiting = await decisionsFor(desk.db, { flow: flow.id, person: null });
  return waiting.map(({ changeId, title, fields, openedAt, deadline }) => ({
    reference: changeId,
    title,
    flowId: flow.id,
    flowName: flow.name,
    details: fields.map((field) => fieldNamed(entity, field).label),
    openedAt,
    deadline,
  }));
}

/** One decision, as its message in the channel shows it: it can be decided here as well. */
export async function decisionAnswer(desk: Desk, asker: Asker, reference: string): Promise<Drawn> {
  const change = await changeById(desk.db, reference);
  const seen = visibleFlows(asker.person, desk.agreement(), desk.home());
  if (!seen.some(({ id }) => id === change?.flow)) return answer(notSeen());
  const facts = await decisionFacts(desk, reference, 0);
  return facts ? drawDecision(facts) : answer(notSeen());
}
