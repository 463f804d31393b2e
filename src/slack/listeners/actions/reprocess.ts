import { reprocessAnswer, reprocessNow } from '../../answers/reprocess.ts';
import { answer } from '../../messages/refusals.ts';
import type { Press } from '../press.ts';

/** "Reprocess…": what it would do, and the question. */
export async function askReprocess({ desk, asker, value, reply }: Press): Promise<void> {
  await reply(await reprocessAnswer(desk, asker, value));
}

export const confirmReprocess = ({ desk, asker, value, reply, onAnswer }: Press): Promise<void> =>
  reprocessNow(desk, asker, value, reply, onAnswer);

export const cancelReprocess = ({ value, reply, onAnswer }: Press): Promise<void> =>
  reply(answer(`Cancelled. Nothing was done with \`${value}\`.`), { replace: onAnswer });
