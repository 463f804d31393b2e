import type { ModalView } from '@slack/types';
import { flowOf } from '../deps.ts';
import { type Desk, refusalFor } from '../desk.ts';
import { decisionFormFacts, leaves } from '../facts/decision-form.ts';
import type { Drawn } from '../messages/blocks.ts';
import { drawDecisionForm, type FormRef } from '../messages/decision/form.ts';
import { drawModalAnswer, drawModalNote } from '../messages/decision/other-modal.ts';
import { mayDecide } from '../people.ts';
import type { Asker } from './asker.ts';
import { decidable } from './decide.ts';

const title = 'Decisions';

/** The form as it is now, for this person, who is authorised again each time that it is drawn. */
export async function decisionForm(
  desk: Desk,
  asker: Asker,
  {
    ref,
    channel,
    note = null,
  }: { readonly ref: FormRef; readonly channel: string; readonly note?: Drawn | null },
): Promise<ModalView> {
  if (ref.kind === 'queue') {
    const flow = flowOf(desk.agreement(), ref.id);
    const refusal = flow && refusalFor(mayDecide(asker.person, flow, desk.home()), 'decide');
    if (refusal) return drawModalAnswer(title, refusal);
  }
  const ids = await leaves(desk, ref, asker.id);
  const at = Math.max(0, Math.min(ref.at, ids.length - 1));
  const changeId = ids[at];
  const over = note
    ? drawModalAnswer(title, note)
    : drawModalNote(title, ['Nothing waits for you here any more.']);
  if (!changeId) return over;
  const found = await decidable(desk, asker, changeId);
  if ('answer' in found) return drawModalAnswer(title, found.answer);
  const place = { ref: { ...ref, at }, channel, total: ids.length, changeId, note };
  const facts = await decisionFormFacts(desk, place);
  return facts ? drawDecisionForm(facts) : over;
}
