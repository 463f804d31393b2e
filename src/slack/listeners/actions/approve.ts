import { decide, takeBack } from '../../answers/decide.ts';
import { oldButton } from '../../messages/refusals.ts';
import { type Press, readDecisionValue } from '../press.ts';

/** The second of two people approves what the first one chose. */
export async function approveChoice({ desk, asker, value, reply }: Press): Promise<void> {
  const read = readDecisionValue(value);
  if (!read) return reply(oldButton(asker.command));
  const { changeId, field, choice: from, revision } = read;
  const answer = await decide(desk, asker, { changeId, field, from, revision, approves: true });
  if (answer) await reply(answer);
}

/** The first of two people takes their choice back. */
export async function takeChoiceBack({ desk, asker, value, reply }: Press): Promise<void> {
  const read = readDecisionValue(value);
  if (!read) return reply(oldButton(asker.command));
  const answer = await takeBack(desk, asker, read);
  if (answer) await reply(answer);
}
