import type { Flow } from '../../agreement/agreement.ts';
import {
  type AnswerResult,
  answerLikeness,
  type Likeness,
  likenessById,
  undoLikeness,
} from '../../ledger/questions/likenesses.ts';
import { flowOf } from '../deps.ts';
import { type Desk, refusalFor, wakeFor } from '../desk.ts';
import type { Drawn } from '../messages/blocks.ts';
import { alreadyDecided, nothingToDecide, outdated } from '../messages/refusals.ts';
import { mayDecide } from '../people.ts';
import type { Asker } from './asker.ts';

export interface SaidOfTwo {
  readonly id: number;
  readonly what: 'same' | 'different' | 'undo';
  readonly revision: number;
}

/** The question and its flow, if this person may answer it; else what to say. */
export async function answerable(
  desk: Desk,
  asker: Asker,
  id: number,
): Promise<{ likeness: Likeness; flow: Flow } | { answer: Drawn }> {
  const likeness = await likenessById(desk.db, id);
  const flow = likeness && flowOf(desk.agreement(), likeness.flow);
  if (!likeness || !flow) return { answer: nothingToDecide('unknown') };
  const refusal = refusalFor(mayDecide(asker.person, flow, desk.home()), 'decide');
  return refusal ? { answer: refusal } : { likeness, flow };
}

/** Takes what a person says of two records, at most once, and wakes the run that carries it out. Null = taken: the message shows it. */
export async function sayOfTwo(desk: Desk, asker: Asker, said: SaidOfTwo): Promise<Drawn | null> {
  const found = await answerable(desk, asker, said.id);
  if ('answer' in found) return found.answer;
  const { flow } = found;
  const { id, what, revision } = said;
  const input = { id, revision, by: asker.id, now: desk.clock.now() };
  const result =
    what === 'undo'
      ? await undoLikeness(desk.db, input)
      : await answerLikeness(desk.db, { ...input, answer: what });
  if (result.kind !== 'taken') return refused(desk, asker, result);
  desk.log.info(
    { event: 'said_of_two', flow: flow.id, likeness: id, what },
    `${flow.name}: of two ${desk.entity(flow.entity).noun.many} that look alike somebody said “${what}”`,
  );
  const { leftRecord, rightRecord } = result.likeness;
  await wakeFor(desk, {
    flow: flow.id,
    trigger: 'decision',
    askedBy: asker.id,
    targets: [leftRecord, rightRecord],
  });
  return null;
}

const words = { same: 'Same', different: 'Different', undone: 'Undo' };

function refused(desk: Desk, asker: Asker, result: Exclude<AnswerResult, { kind: 'taken' }>): Drawn {
  const zone = desk.agreement().timeZone;
  switch (result.kind) {
    case 'already':
      return alreadyDecided({ by: result.by, what: words[result.what], at: result.at, zone, me: asker.id });
    case 'outdated':
      return outdated('Evidence', result.at, zone);
    case 'closed':
      return nothingToDecide('withdrawn');
  }
}
