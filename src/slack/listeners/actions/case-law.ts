import { decidable } from '../../answers/decide.ts';
import { makeRuleFacts } from '../../facts/case-law.ts';
import { drawMakeRule } from '../../messages/case-law.ts';
import { drawModalAnswer, drawModalNote } from '../../messages/other-modal.ts';
import { oldButton } from '../../messages/refusals.ts';
import { type Press, readDecisionValue } from '../press.ts';

const title = 'A rule?';

/** "Always use Xero…": what it would have done, and how it becomes the rule. */
export async function makeRule({ desk, asker, value, triggerId, reply }: Press): Promise<void> {
  const read = readDecisionValue(value);
  if (!read) return reply(oldButton(asker.command));
  const opened = await desk.client.views.open({
    trigger_id: triggerId,
    view: drawModalNote(title, ['One moment, looking it up…']),
  });
  const viewId = opened.view?.id;
  if (!viewId) return;
  const found = await decidable(desk, asker, read.changeId);
  const view = 'answer' in found ? drawModalAnswer(title, found.answer) : await filled(found.flow);
  await desk.client.views.update({ view_id: viewId, view });

  async function filled(flow: Exclude<typeof found, { answer: unknown }>['flow']) {
    const facts = await makeRuleFacts(desk, flow, {
      changeId: read?.changeId ?? '',
      field: read?.field ?? '',
    });
    return facts
      ? drawMakeRule(facts)
      : drawModalNote(title, ['People have chosen otherwise since, or the rule is another by now.']);
  }
}
