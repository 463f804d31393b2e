import { callsAnswer, fullLogAnswer, lookupAnswer, recordAnswer } from '../../answers/lookup.ts';
import type { Press } from '../press.ts';

/** "Show log", "Refresh", "Back": the story behind a reference. On an answer it turns the page, on a message it answers beside it. */
export async function showLog({ desk, asker, value, onAnswer, reply }: Press): Promise<void> {
  await reply(await lookupAnswer(desk, asker, value), { replace: onAnswer });
}

/** One page of the calls that served it. */
export async function showCalls({ desk, asker, value, detail, onAnswer, reply }: Press): Promise<void> {
  const reference = value.split('/')[0] ?? '';
  await reply(await callsAnswer(desk, asker, reference, Number(detail) || 1), { replace: onAnswer });
}

/** "Open 2": one of several records that the words could mean. */
export async function showRecord({ desk, asker, value, onAnswer, reply }: Press): Promise<void> {
  await reply(await recordAnswer(desk, asker, value), { replace: onAnswer });
}

/** "Full log to me": a file in the asker's own direct messages. */
export async function sendFullLog({ desk, asker, value, reply }: Press): Promise<void> {
  await reply(await fullLogAnswer(desk, asker, value));
}
