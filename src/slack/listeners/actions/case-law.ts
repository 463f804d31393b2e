import { decidable } from '../../answers/decide.ts';
import { makeRuleFacts } from '../../facts/case-law.ts';
import { customIsOver, drawMakeRule } from '../../messages/agreement/case-law.ts';
import { drawModalAnswer, drawModalNote } from '../../messages/decision/other-modal.ts';
import { oldButton } from '../../messages/refusals.ts';
import { type Press, readDecisionValue } from '../press.ts';
import { showForm } from '../show-form.ts';

const title = 'A rule?';

/** "Always use Xero…": what it would have done, and how it becomes the rule. */
export async function makeRule(press: Press): Promise<void> {
  const { desk, asker, value, channel, reply } = press;
  const read = readDecisionValue(value);
  if (!read) return reply(oldButton(asker.command));
  const { changeId, field } = read;
  await showForm(press, title, async () => {
    const found = await decidable(desk, asker, changeId);
    if ('answer' in found) return drawModalAnswer(title, found.answer);
    const facts = await makeRuleFacts(desk, found.flow, { changeId, field, channel: channel ?? '' });
    return facts ? drawMakeRule(facts) : drawModalNote(title, [customIsOver]);
  });
}
