import { proofAnswer } from '../../answers/proof.ts';
import { flowOf } from '../../deps.ts';
import { oldButton } from '../../messages/refusals.ts';
import type { Press } from '../press.ts';

/** "All reasons" on what the morning's look at the money found. */
export async function showProof({ desk, asker, value, reply }: Press): Promise<void> {
  const flow = flowOf(desk.agreement(), value);
  return reply(flow ? await proofAnswer(desk, asker, flow) : oldButton(asker.command));
}
