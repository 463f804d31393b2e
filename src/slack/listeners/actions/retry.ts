import { reprocessNow } from '../../answers/reprocess.ts';
import { oldButton } from '../../messages/refusals.ts';
import type { Press } from '../press.ts';

/** "Try again" on a message: a fresh compare, never a blind second send. The answer is beside the message, which edits itself. */
export function retry({ desk, asker, value, reply }: Press): Promise<void> {
  const reference = value.split('/')[0] ?? '';
  return reference.startsWith('tr-')
    ? reprocessNow(desk, asker, reference, reply, false)
    : reply(oldButton(asker.command));
}
