import { unsavedOf } from '../../../ledger/changes/edit-value.ts';
import { changeById } from '../../../ledger/records/lookup.ts';
import { reprocessAnswer, reprocessNow, whyNoEdit } from '../../answers/reprocess.ts';
import { readMany, reprocessManyNow } from '../../answers/reprocess-many.ts';
import { flowOf } from '../../deps.ts';
import { fieldNamed } from '../../facts/fields.ts';
import {
  drawModalAnswer,
  drawModalNote,
  drawOther,
  drawOtherLoading,
  initialOf,
  partsOf,
} from '../../messages/decision/other-modal.ts';
import { answer, notSeen, oldButton } from '../../messages/refusals.ts';
import { type Press, readDecisionValue } from '../press.ts';

/** "Reprocess…": what it would do, and the question. */
export async function askReprocess({ desk, asker, value, reply }: Press): Promise<void> {
  await reply(await reprocessAnswer(desk, asker, value));
}

export const confirmReprocess = ({ desk, asker, value, reply, onAnswer }: Press): Promise<void> =>
  reprocessNow(desk, asker, value, reply, onAnswer);

export const cancelReprocess = ({ value, reply, onAnswer }: Press): Promise<void> =>
  reply(
    answer(
      value.startsWith('tr-')
        ? `Cancelled. Nothing was done with \`${value}\`.`
        : 'Cancelled. Nothing was done.',
    ),
    {
      replace: onAnswer,
    },
  );

export async function confirmReprocessMany({ desk, asker, value, reply, onAnswer }: Press): Promise<void> {
  const many = readMany(value);
  return many ? reprocessManyNow(desk, asker, many, reply, onAnswer) : reply(oldButton(asker.command));
}

/** "Type email…": opens a modal at once, then fills it with the value that could not be saved. */
export async function editUnsaved({ desk, asker, value, triggerId, channel, reply }: Press): Promise<void> {
  const read = readDecisionValue(value);
  if (!read) return reply(oldButton(asker.command));
  const { changeId, field: name, revision } = read;
  const view = drawOtherLoading('', 'reprocess_edit');
  const opened = await desk.client.views.open({ trigger_id: triggerId, view });
  const viewId = opened.view?.id;
  if (viewId) await desk.client.views.update({ view_id: viewId, view: await filled() });

  async function filled() {
    const change = await changeById(desk.db, changeId);
    const flow = change && flowOf(desk.agreement(), change.flow);
    const refusal = flow ? whyNoEdit(desk, asker, flow, name) : answer(notSeen());
    if (!change || !flow || refusal) return drawModalAnswer('Another value', refusal ?? answer(notSeen()));
    const unsaved = (await unsavedOf(desk.db, changeId)).find((one) => one.field === name);
    if (!unsaved || change.revision !== revision)
      return drawModalNote('Another value', [
        'This has changed meanwhile. Nothing was done; please look again.',
      ]);
    const field = fieldNamed(desk.entity(flow.entity), name);
    const facts = {
      metadata: [changeId, `${flow.id}:${name}`, `r${revision}`, channel ?? ''].join('/'),
      label: field.label,
      title: change.subject,
      agreedBefore: null,
      needsTwo: false,
      parts: partsOf(field, [unsaved.value]),
      initial: initialOf(field, unsaved.value),
    };
    return drawOther(facts, 'reprocess_edit');
  }
}
