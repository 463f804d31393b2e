import type { ModalView } from '@slack/types';
import type { Flow } from '../../agreement/agreement.ts';
import type { Field } from '../../entities/field.ts';
import {
  keepPreview,
  manyAnswer,
  type OpenQuestion,
  openQuestions,
  takePreview,
} from '../../ledger/questions/many-answers.ts';
import { changeById, questionsOf } from '../../ledger/records/lookup.ts';
import { type Desk, wakeFor } from '../desk.ts';
import { alikeTo, answerOf, changedIn } from '../facts/alike.ts';
import { fieldNamed, fromWords, showValue } from '../facts/fields.ts';
import type { FormRef } from '../messages/decision/form.ts';
import {
  drawManyAsk,
  drawManyDone,
  drawManyPreview,
  type LeftOut,
  type ManyDoneFacts,
} from '../messages/decision/many.ts';
import { drawModalAnswer } from '../messages/decision/other-modal.ts';
import { answer, outdatedNow } from '../messages/refusals.ts';
import type { Asker } from './asker.ts';
import { decidable, decideOne } from './decide.ts';
import { decisionForm } from './decision-form.ts';

const title = 'Decisions';
/** So many are answered at once, so that what is shown can be looked over, and a mistake undone. */
const most = 200;
const shownExamples = 10;

interface Like {
  readonly ref: FormRef;
  readonly channel: string;
  /** The decision from which it was asked. */
  readonly changeId: string;
  readonly field: string;
  /** As it was shown: one that has moved since is not what others are like. */
  readonly revision: number;
}

interface Group {
  readonly flow: Flow;
  readonly field: Field;
  readonly one: OpenQuestion['question'];
  readonly alike: readonly OpenQuestion[];
  readonly all: readonly OpenQuestion[];
}

/** "Same for all 37…": which answer. */
export async function askMany(desk: Desk, asker: Asker, like: Like): Promise<ModalView> {
  const found = await groupOf(desk, asker, like);
  if (!('alike' in found)) return found.view;
  const { one, alike, all } = found;
  const changed = changedIn(one);
  return drawManyAsk({
    ...common(desk, like, found),
    total: alike.length,
    others: all.filter(({ question }) => question.field === like.field).length - alike.length,
    like: `${like.changeId}/${like.field}`,
    revision: like.revision,
    choices: [
      ...changed.map((from) => ({ from, label: `Use ${desk.labels(from)}` })),
      ...(one.agreedBefore === null ? [] : [{ from: 'agreed', label: 'Keep as agreed before' }]),
    ],
  });
}

/** What exactly is written, kept so that this and nothing else is confirmed. */
export async function previewMany(
  desk: Desk,
  asker: Asker,
  like: Like & { readonly from: string },
): Promise<ModalView> {
  const found = await groupOf(desk, asker, like);
  if (!('alike' in found)) return found.view;
  const { flow, field } = found;
  const answers = found.alike.flatMap(({ question, change }) => {
    const given = answerOf(question, like.from, field);
    return given ? [{ change, ...given }] : [];
  });
  const some = answers.slice(0, most);
  if (some.length === 0) return decisionForm(desk, asker, { ...like, note: outdatedNow() });
  const id = await keepPreview(desk.db, {
    flow: flow.id,
    field: like.field,
    from: like.from,
    by: asker.id,
    items: some.map(({ change }) => ({ changeId: change.id, revision: change.revision })),
    now: desk.clock.now(),
  });
  const writes = Map.groupBy(
    some.flatMap(({ to }) => to),
    (connection) => connection,
  );
  return drawManyPreview({
    ...common(desk, like, found),
    id,
    from: fromWords(like.from, desk.labels) ?? '',
    total: some.length,
    rest: answers.length - some.length,
    writes: [...writes].map(([connection, list]) => ({ system: desk.labels(connection), n: list.length })),
    examples: some.slice(0, shownExamples).map(({ change, value, to }) => ({
      title: change.subject,
      shown: showValue(field, value),
      systems: to.map(desk.labels),
    })),
  });
}

/** "Save these 35": each by itself, the same way as a press on its own message. What has moved since is left out, and told. */
export async function confirmMany(
  desk: Desk,
  asker: Asker,
  { id, ref, channel }: Pick<Like, 'ref' | 'channel'> & { readonly id: string },
): Promise<ModalView> {
  const taken = await takePreview(desk.db, { id, by: asker.id, now: desk.clock.now() });
  if (!taken) {
    const known = await manyAnswer(desk.db, id);
    const why = known?.takenAt
      ? 'This was saved already. Nothing was saved twice.'
      : 'Too long ago: please look at it again. Nothing was saved.';
    return decisionForm(desk, asker, { ref, channel, note: answer(why) });
  }
  const left: ManyDoneFacts['left'][number][] = [];
  const targets: string[] = [];
  let label = '';
  let noun = { one: 'record', many: 'records' };
  let decided = 0;
  // The last in line first: each that is shown makes room for the next one, which would be posted only to be over at once.
  for (const { changeId, revision } of taken.items.toReversed()) {
    const found = await decidable(desk, asker, changeId);
    // Who may not decide any more decides nothing more.
    if ('answer' in found) return drawModalAnswer(title, found.answer);
    const entity = desk.entity(found.flow.entity);
    label = fieldNamed(entity, taken.field).label;
    noun = entity.noun;
    const why = await decideItem(desk, asker, found, { ...taken, changeId, revision });
    if (why) left.unshift({ title: found.change.subject, why });
    else {
      decided++;
      if (found.change.recordId) targets.push(found.change.recordId);
    }
  }
  if (decided > 0) await wakeFor(desk, { flow: taken.flow, trigger: 'decision', askedBy: asker.id, targets });
  desk.log.info(
    { event: 'decided_many', flow: taken.flow },
    `${taken.flow}: ${decided} decisions about the ${label} answered together, ${left.length} left out`,
  );
  return drawManyDone({ ref, channel, label, noun, decided, left });
}

type Found = Exclude<Awaited<ReturnType<typeof decidable>>, { answer: unknown }>;

/** Null = decided. */
async function decideItem(
  desk: Desk,
  asker: Asker,
  found: Found,
  { changeId, field, from, revision }: { changeId: string; field: string; from: string; revision: number },
): Promise<LeftOut | null> {
  // Anything that has changed what people are shown of it: then they have not seen what they would confirm.
  if (found.change.revision !== revision) {
    const question = (await questionsOf(desk.db, changeId)).find((one) => one.field === field);
    return question?.chosen ? 'decided' : question?.state === 'open' ? 'moved' : 'over';
  }
  if (found.flow.fields[field]?.twoPeople) return 'two_people';
  const result = await decideOne(desk, asker, found, { changeId, field, from, revision });
  switch (result.kind) {
    case 'decided':
      return null;
    case 'already':
      return 'decided';
    case 'closed':
      return 'over';
    case 'other_agreement':
      return 'agreement';
    case 'outdated':
      return 'moved';
    default:
      return 'two_people';
  }
}

function common(desk: Desk, { ref, channel }: Like, { flow, field, one }: Group) {
  const { noun } = desk.entity(flow.entity);
  return { ref, channel, noun, label: field.label, changed: changedIn(one).map(desk.labels) };
}

/** The decision from which it was asked, as it was shown, and all that are like it. */
async function groupOf(desk: Desk, asker: Asker, like: Like): Promise<Group | { readonly view: ModalView }> {
  const found = await decidable(desk, asker, like.changeId);
  if ('answer' in found) return { view: drawModalAnswer(title, found.answer) };
  const { flow } = found;
  const all = await openQuestions(desk.db, flow.id);
  const one = all.find(
    ({ question }) => question.changeId === like.changeId && question.field === like.field,
  )?.question;
  const change = await changeById(desk.db, like.changeId);
  if (!one || !change || like.revision < one.optionsRevision)
    return { view: await decisionForm(desk, asker, { ...like, note: outdatedNow() }) };
  const field = fieldNamed(desk.entity(flow.entity), like.field);
  return { flow, field, one, alike: alikeTo(one, all, flow), all };
}
