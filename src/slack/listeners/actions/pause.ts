import { pauseAnswer, pauseNow, resumeAnswer, resumeNow } from '../../answers/pause.ts';
import { flowOf } from '../../deps.ts';
import { answer, oldButton } from '../../messages/refusals.ts';
import type { Press } from '../press.ts';

/** "Pause…" on a status: what it means, and the question. */
export async function askPause({ desk, asker, value, reply }: Press): Promise<void> {
  const flow = flowOf(desk.agreement(), value);
  return reply(flow ? await pauseAnswer(desk, asker, flow, undefined) : oldButton(asker.command));
}

export const confirmPause = async ({ desk, asker, value, reply, onAnswer }: Press): Promise<void> =>
  reply(await pauseNow(desk, asker, value), { replace: onAnswer });

/** "Let it go on…" on the message in the channel, or on a status. */
export async function askResume({ desk, asker, value, reply }: Press): Promise<void> {
  const flow = flowOf(desk.agreement(), value);
  return reply(flow ? await resumeAnswer(desk, asker, flow) : oldButton(asker.command));
}

export const confirmResume = async ({ desk, asker, value, reply, onAnswer }: Press): Promise<void> =>
  reply(await resumeNow(desk, asker, value), { replace: onAnswer });

/** "Cancel" under either question. */
export const cancelPause = ({ reply, onAnswer }: Press): Promise<void> =>
  reply(answer('Cancelled. Nothing was changed.'), { replace: onAnswer });
