import { decide } from '../../answers/decide.ts';
import { oldButton } from '../../messages/refusals.ts';
import { type Press, readDecisionValue } from '../press.ts';

/** One of the values on a decision's message. */
export async function pick({ desk, asker, value, reply }: Press): Promise<void> {
  const read = readDecisionValue(value);
  if (!read) return reply(oldButton(asker.command));
  const { changeId, field, choice, revision } = read;
  const answer = await decide(desk, asker, { changeId, field, from: choice, revision });
  if (answer) await reply(answer);
}
