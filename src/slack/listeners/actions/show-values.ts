import { decidable } from '../../answers/decide.ts';
import { decisionFacts } from '../../facts/decision.ts';
import { drawModalAnswer, drawModalNote } from '../../messages/other-modal.ts';
import { oldButton } from '../../messages/refusals.ts';
import { listed } from '../../messages/text.ts';
import { type Press, readDecisionValue } from '../press.ts';

const title = 'Hidden values';

/** "Show": the values that the channel does not see, in a modal for who may decide. */
export async function showValues({ desk, asker, value, triggerId, reply }: Press): Promise<void> {
  const read = readDecisionValue(value);
  if (!read) return reply(oldButton(asker.command));
  const opened = await desk.client.views.open({
    trigger_id: triggerId,
    view: drawModalNote(title, ['One moment, looking it up…']),
  });
  const viewId = opened.view?.id;
  if (!viewId) return;
  const found = await decidable(desk, asker, read.changeId);
  const view =
    'answer' in found ? drawModalAnswer(title, found.answer) : drawModalNote(title, await valueLines());
  await desk.client.views.update({ view_id: viewId, view });

  async function valueLines(): Promise<string[]> {
    const facts = await decisionFacts(desk, read?.changeId ?? '', 0);
    const field = facts?.fields.find((one) => one.name === read?.field);
    if (!field) return ['There is nothing to show any more.'];
    const lines = field.groups.map((group) => {
      const systems = listed(group.systems.map((system) => system.label));
      return `${systems}: ${group.shown ?? '(empty)'}${group.asAgreed ? ' (as agreed before)' : ''}`;
    });
    const first = field.twoPeople?.first;
    const approved = first
      ? [`First approval: ${first.shown ?? '(empty)'}${first.from ? ` (${first.from})` : ''}`]
      : [];
    return [field.label, ...lines, ...approved];
  }
}
