import type { Flow } from '../../agreement/agreement.ts';
import { agreementVersion } from '../../ledger/agreement/agreements.ts';
import {
  approveProposal,
  type OwnerRole,
  type ProposalAnswer,
  refuseProposal,
} from '../../ledger/agreement/proposals.ts';
import { flowOf } from '../deps.ts';
import { type Desk, refusalFor, wakeFor } from '../desk.ts';
import type { Drawn } from '../messages/blocks.ts';
import { answer, oldButton, proposalAlready, proposalOutdated, proposalOver } from '../messages/refusals.ts';
import { mayAgree, mayOperate, membership } from '../people.ts';
import type { Asker } from './asker.ts';

export interface ProposalChoice {
  readonly version: number;
  readonly flow: string;
  readonly revision: number;
  readonly says: 'approve' | 'refuse';
}

/** Takes an owner's word on a new version of the agreement, at most once. Null = taken: the message itself shows it. */
export async function agree(desk: Desk, asker: Asker, choice: ProposalChoice): Promise<Drawn | null> {
  // Who may is said by the agreement that counts, not by the one that is proposed.
  await desk.look?.();
  const flow = flowOf(desk.agreement(), choice.flow);
  if (!flow) return oldButton(asker.command);
  const { version, revision } = choice;
  const isYes = choice.says === 'approve';
  const proposes = (await agreementVersion(desk.db, version))?.proposes;
  const isOwn = !isYes && proposes?.by === asker.id;
  // A rule that was proposed in Slack needs both owners' word; one no, or that of whoever proposed it, is enough.
  const may = isYes && !proposes ? mayAgree : mayOperate;
  const verdict = isOwn ? membership(asker.person, desk.home()) : may(asker.person, flow, desk.home());
  const refusal = refusalFor(verdict, isYes && !proposes ? 'decide' : 'operate');
  if (refusal) return refusal;
  const press = {
    version,
    flow: flow.id,
    revision,
    by: asker.id,
    ...(proposes ? { as: rolesOf(flow, asker.id) } : {}),
    now: desk.clock.now(),
  };
  const result = await (isYes ? approveProposal : refuseProposal)(desk.db, press);
  return carriedOn(desk, asker, flow, choice, result);
}

/** As which owners of the flow somebody speaks. */
function rolesOf({ owners }: Flow, id: string): OwnerRole[] {
  const roles = ['business', 'technical'] as const;
  const own = roles.filter((as) => owners[as].slack === id);
  // Who is one owner, or stands in for both, does not speak for two.
  return own.length > 0 ? own : roles.filter((as) => owners[as].standIn?.slack === id).slice(0, 1);
}

async function carriedOn(
  desk: Desk,
  asker: Asker,
  flow: Flow,
  { version }: ProposalChoice,
  result: ProposalAnswer,
): Promise<Drawn | null> {
  const zone = desk.agreement().timeZone;
  const event = { event: `agreement_${result.kind}`, version, flow: flow.id };
  switch (result.kind) {
    case 'active':
      desk.log.info(
        event,
        `Version ${version} of the agreement was approved, the last word by the owner of ${flow.name}`,
      );
      await desk.look?.();
      for (const id of Object.keys(desk.agreement().flows))
        await wakeFor(desk, { flow: id, trigger: 'decision', askedBy: asker.id });
      return null;
    case 'waits':
      desk.log.info(
        event,
        `Version ${version} of the agreement was approved by the owner of ${flow.name}; others have not said yes yet`,
      );
      return null;
    case 'refused':
      desk.log.info(event, `Version ${version} of the agreement was refused by an owner of ${flow.name}`);
      return null;
    case 'already':
      return proposalAlready({ ...result, me: asker.id, zone });
    case 'outdated':
      return proposalOutdated();
    case 'over':
      return result.state === 'unknown'
        ? answer('There is no such version of the agreement.')
        : proposalOver(result.state);
  }
}
