import { questionsOf } from '../../../ledger/records/lookup.ts';
import { decidable } from '../../answers/decide.ts';
import { fieldNamed, showValue } from '../../facts/fields.ts';
import {
  drawModalAnswer,
  drawModalNote,
  drawOther,
  drawOtherLoading,
  initialOf,
  partsOf,
} from '../../messages/decision/other-modal.ts';
import { oldButton } from '../../messages/refusals.ts';
import { type Press, readDecisionValue } from '../press.ts';

/** "Other…": opens a modal at once, then fills it: keep what was agreed before, or type another value. */
export async function other({
  desk,
  asker,
  value,
  triggerId,
  channel,
  view: beneath,
  reply,
}: Press): Promise<void> {
  const read = readDecisionValue(value);
  if (!read) return reply(oldButton(asker.command));
  const { changeId, field: name, revision } = read;
  // From a form of decisions it is laid on top, and knows which one is below.
  const below = beneath?.metadata ?? channel ?? '';
  const loading = { trigger_id: triggerId, view: drawOtherLoading('') };
  const opened = await (beneath ? desk.client.views.push(loading) : desk.client.views.open(loading));
  const viewId = opened.view?.id;
  if (!viewId) return;
  const found = await decidable(desk, asker, changeId);
  const view = 'answer' in found ? drawModalAnswer('Another value', found.answer) : await filled(found);
  await desk.client.views.update({ view_id: viewId, view });

  async function filled({ change, flow }: Exclude<typeof found, { answer: unknown }>) {
    const question = (await questionsOf(desk.db, changeId)).find((one) => one.field === name);
    if (question?.state !== 'open')
      return drawModalNote('Another value', ['There is nothing to decide here any more.']);
    const field = fieldNamed(desk.entity(flow.entity), name);
    const values = [...question.options.map((option) => option.value), question.agreedBefore];
    const first = question.options.find((option) => !option.asAgreed) ?? question.options[0];
    return drawOther({
      metadata: [changeId, `${flow.id}:${name}`, `r${revision}`, below].join('/'),
      label: field.label,
      title: change.subject,
      agreedBefore: showValue(field, question.agreedBefore),
      needsTwo: flow.fields[name]?.twoPeople ?? false,
      parts: partsOf(field, values),
      initial: initialOf(field, first?.value),
    });
  }
}
