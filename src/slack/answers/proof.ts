import type { Flow } from '../../agreement/agreement.ts';
import { type Desk, refusalFor } from '../desk.ts';
import { proofNowFacts } from '../facts/money-proof.ts';
import type { Drawn } from '../messages/blocks.ts';
import { drawProofAnswer, noProof } from '../messages/money-proof/money-proof.ts';
import { mayDecide, mayOperate, membership } from '../people.ts';
import type { Asker } from './asker.ts';

/** The money of a sync of invoices as it is now, for its owners and deciders: it names amounts and records. */
export async function proofAnswer(desk: Desk, asker: Asker, flow: Flow | null): Promise<Drawn> {
  const member = refusalFor(membership(asker.person, desk.home()), 'decide');
  if (member) return member;
  const meant = flow ?? Object.values(desk.agreement().flows).find(({ moneyProof }) => moneyProof !== null);
  if (!meant || meant.moneyProof === null) return noProof(asker.command);
  const decides = mayDecide(asker.person, meant, desk.home());
  if (decides.kind !== 'yes' && mayOperate(asker.person, meant, desk.home()).kind !== 'yes')
    return refusalFor(decides, 'decide') ?? noProof(asker.command);
  const facts = await proofNowFacts(desk, meant);
  return facts ? drawProofAnswer({ ...facts, command: asker.command }) : noProof(asker.command);
}
