import { agree, type ProposalChoice } from '../../answers/agreement.ts';
import { oldButton } from '../../messages/refusals.ts';
import type { Press } from '../press.ts';

/** "Approve" and "Refuse" on a new version of the agreement. */
export async function agreeToVersion({ desk, asker, value, reply }: Press): Promise<void> {
  const choice = readProposalValue(value);
  const answer = choice ? await agree(desk, asker, choice) : oldButton(asker.command);
  if (answer) await reply(answer);
}

/** `<version>/<flow>/approve|refuse/r<revision>`; null for anything else. */
function readProposalValue(value: string): ProposalChoice | null {
  const found = /^(\d{1,9})\/([^/]+)\/(approve|refuse)\/r(\d{1,9})$/.exec(value);
  const [, version, flow, says, revision] = found ?? [];
  return version && flow && revision && (says === 'approve' || says === 'refuse')
    ? { version: Number(version), flow, says, revision: Number(revision) }
    : null;
}
