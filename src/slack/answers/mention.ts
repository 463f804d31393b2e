import type { Desk } from '../desk.ts';
import type { Drawn } from '../messages/blocks.ts';
import { mentionHelp } from '../messages/refusals.ts';
import { flowMeant } from '../typed/flow-word.ts';
import { statusAnswer } from './status.ts';

/**
 * What a mention of the app is answered, in its thread, where a slash command cannot be typed. Everybody reads it, so it tells
 * states and nothing else, whoever asks.
 */
export async function mentionAnswer(desk: Desk, { text, by }: { text: string; by: string }): Promise<Drawn> {
  const { command } = desk.agreement();
  const [verb = '', ...words] = text
    .replace(/<@[^>]*>/g, ' ')
    .trim()
    .split(/\s+/);
  if (verb.toLowerCase().replace(/[.,!?]+$/, '') !== 'status') return mentionHelp(command);
  const everybody = { id: by, person: null, command, words };
  if (words.length === 0) return statusAnswer(desk, everybody, null);
  const meant = flowMeant(desk, everybody, 'status');
  return 'flow' in meant ? statusAnswer(desk, everybody, meant.flow) : meant.answer;
}
