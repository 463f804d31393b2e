import type { ModalView } from '@slack/types';
import { decide, takeBack } from '../../answers/decide.ts';
import { askMany, confirmMany, previewMany } from '../../answers/decide-many.ts';
import { decisionForm } from '../../answers/decision-form.ts';
import type { Drawn } from '../../messages/blocks.ts';
import { drawFormLoading, type FormRef, readFormRef } from '../../messages/decision/form.ts';
import { oldButton } from '../../messages/refusals.ts';
import { type Press, readDecisionValue } from '../press.ts';
import { other } from './other.ts';

/** "Review" on the queue's message: leafs through all that wait in a flow. Its value is the flow's id. */
export const review = (press: Press): Promise<void> => open(press, { kind: 'queue', id: press.value, at: 0 });

/** "See all" on a decision's message: all details of one record. */
export const seeAll = (press: Press): Promise<void> =>
  open(press, { kind: 'one', id: press.value.split('/')[0] ?? '', at: 0 });

async function open({ desk, asker, triggerId, channel }: Press, ref: FormRef): Promise<void> {
  const place = { ref, channel: channel ?? '' };
  const loading = drawFormLoading(ref, place.channel);
  const opened = await desk.client.views.open({ trigger_id: triggerId, view: loading });
  if (opened.view?.id)
    await desk.client.views.update({ view_id: opened.view.id, view: await decisionForm(desk, asker, place) });
}

interface Place {
  readonly ref: FormRef;
  readonly channel: string;
}

/** Redraws the form in which was pressed. */
async function redraw(press: Press, draw: (place: Place) => Promise<ModalView>): Promise<void> {
  const { desk, view } = press;
  const [text = '', channel = ''] = view?.metadata.split('/') ?? [];
  const ref = readFormRef(text);
  if (view && ref) await desk.client.views.update({ view_id: view.id, view: await draw({ ref, channel }) });
}

/** What came of a press on a value, and the form as it is then. */
const decided = (press: Press, work: () => Promise<Drawn | null>): Promise<void> =>
  redraw(press, async (place) => {
    const note = await work();
    return decisionForm(press.desk, press.asker, { ...place, note });
  });

/** One of the values. */
export const reviewPick = (press: Press): Promise<void> =>
  decided(press, async () => {
    const read = readDecisionValue(press.value);
    return read
      ? decide(press.desk, press.asker, { ...read, from: read.choice })
      : oldButton(press.asker.command);
  });

/** The second of two people. */
export const reviewApprove = (press: Press): Promise<void> =>
  decided(press, async () => {
    const read = readDecisionValue(press.value);
    return read
      ? decide(press.desk, press.asker, { ...read, from: read.choice, approves: true })
      : oldButton(press.asker.command);
  });

/** The first of two people, after all not. */
export const reviewTakeBack = (press: Press): Promise<void> =>
  decided(press, async () => {
    const read = readDecisionValue(press.value);
    return read ? takeBack(press.desk, press.asker, read) : oldButton(press.asker.command);
  });

export const reviewOther = (press: Press): Promise<void> => other(press);

const steps: Readonly<Record<string, (at: number) => number>> = {
  next: (at) => at + 1,
  back: (at) => Math.max(0, at - 1),
  first: () => 0,
};

/** "Next", "Back", and out of a question about many. */
export const reviewTurn = (press: Press): Promise<void> =>
  redraw(press, ({ ref, channel }) => {
    const at = steps[press.detail]?.(ref.at) ?? ref.at;
    return decisionForm(press.desk, press.asker, { ref: { ...ref, at }, channel });
  });

/** "Same for all 37…", and which answer it is. */
export const reviewMany = (press: Press): Promise<void> =>
  redraw(press, async (place) => {
    const read = readDecisionValue(press.value);
    const { desk, asker, detail } = press;
    if (!read) return decisionForm(desk, asker, { ...place, note: oldButton(asker.command) });
    const like = { ...place, ...read };
    return detail ? previewMany(desk, asker, { ...like, from: detail }) : askMany(desk, asker, like);
  });

/** "Save these 35" */
export const reviewConfirm = (press: Press): Promise<void> =>
  redraw(press, (place) => confirmMany(press.desk, press.asker, { ...place, id: press.value }));
