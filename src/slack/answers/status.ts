import type { Flow } from '../../agreement/agreement.ts';
import type { Desk } from '../desk.ts';
import { statusFacts } from '../facts/status.ts';
import type { Drawn } from '../messages/blocks.ts';
import { drawFlowStatus, drawStatus } from '../messages/status/status.ts';
import { visibleFlows } from '../people.ts';
import type { Asker } from './asker.ts';

/** How everything stands, or one flow, for one person. */
export async function statusAnswer(desk: Desk, asker: Asker, flow: Flow | null): Promise<Drawn> {
  const active = desk.agreement();
  const mine = visibleFlows(asker.person, active, desk.home());
  const facts = await statusFacts(desk, flow ? [flow] : Object.values(active.flows), {
    id: asker.id,
    command: asker.command,
    mine,
  });
  const only = facts.flows[0];
  return flow && only ? drawFlowStatus(facts, only) : drawStatus(facts);
}
