import { type AbsenceAnswer, answerAbsence } from '../../../ledger/questions/absence-answers.ts';
import { absenceById } from '../../../ledger/records/absences.ts';
import { flowOf } from '../../deps.ts';
import { refusalFor, wakeFor } from '../../desk.ts';
import { alreadyDecided, answer, notSeen, oldButton, outdatedNow } from '../../messages/refusals.ts';
import { mayDecide } from '../../people.ts';
import type { Press } from '../press.ts';

const answers: readonly string[] = ['archive', 'keep', 'make', 'ask'] satisfies AbsenceAnswer[];
const isAnswer = (word: string): word is AbsenceAnswer => answers.includes(word);

/** What should follow for a record that is gone from a system: the choice is on the message, and counts for what it showed. */
export async function answerGone({ desk, asker, value, reply }: Press): Promise<void> {
  const [, id, what = '', revision] = /^(\d+)\/([a-z]+)\/r(\d+)$/.exec(value) ?? [];
  if (!id || !isAnswer(what)) return reply(oldButton(asker.command));
  const absence = await absenceById(desk.db, Number(id));
  const agreement = desk.agreement();
  const flow = absence && flowOf(agreement, absence.flow);
  if (!absence || !flow) return reply(answer(notSeen()));
  const refusal = refusalFor(mayDecide(asker.person, flow, desk.home()), 'decide');
  if (refusal) return reply(refusal);
  const input = {
    id: absence.id,
    revision: Number(revision),
    answer: what,
    by: asker.id,
    agreementVersion: agreement.version,
    now: desk.clock.now(),
  };
  const result = await desk.db.transaction((tx) => answerAbsence(tx, input));
  switch (result.kind) {
    case 'answered':
      desk.log.info(
        { event: 'gone_answered', flow: flow.id, answer: what },
        `${flow.name}: ${what}, decided by a person`,
      );
      return wakeFor(desk, {
        flow: flow.id,
        trigger: 'decision',
        targets: [result.recordId],
        askedBy: asker.id,
      });
    case 'already':
      return reply(
        alreadyDecided({
          by: result.by,
          what: 'what follows',
          at: result.at,
          zone: agreement.timeZone,
          me: asker.id,
        }),
      );
    case 'outdated':
      return reply(outdatedNow());
    case 'cannot':
      return reply(answer('That cannot be done any more. Nothing was changed; the message shows what can.'));
    case 'over':
      return reply(answer('There is nothing to decide here any more: it is there again, or was made anew.'));
  }
}
