import { answerStop, safetyStopById } from '../../../ledger/runs/safety-stops.ts';
import { flowOf } from '../../deps.ts';
import { refusalFor, wakeFor } from '../../desk.ts';
import { alreadyDecided, answer, notSeen, oldButton, outdatedNow } from '../../messages/refusals.ts';
import { mayDecide } from '../../people.ts';
import type { Press } from '../press.ts';

/** "Approve" or "Do not write" on a safety stop: it counts for exactly the records that the message covered. */
export async function answerSafetyStop({ desk, asker, value, reply }: Press): Promise<void> {
  const [, id, what, revision] = /^(\d+)\/(approve|refuse)\/r(\d+)$/.exec(value) ?? [];
  if (!id || (what !== 'approve' && what !== 'refuse')) return reply(oldButton(asker.command));
  const stop = await safetyStopById(desk.db, Number(id));
  const agreement = desk.agreement();
  const flow = stop && flowOf(agreement, stop.flow);
  if (!stop || !flow) return reply(answer(notSeen()));
  const refusal = refusalFor(mayDecide(asker.person, flow, desk.home()), 'decide');
  if (refusal) return reply(refusal);
  const input = {
    id: stop.id,
    revision: Number(revision),
    answer: what,
    by: asker.id,
    now: desk.clock.now(),
  } as const;
  const result = await desk.db.transaction((tx) => answerStop(tx, input));
  switch (result.kind) {
    case 'answered':
      desk.log.info(
        { event: 'safety_stop_answered', flow: flow.id, stop: stop.id, answer: what },
        `${flow.name}: safety stop ${stop.id} was ${what === 'approve' ? 'approved' : 'refused'}`,
      );
      if (what === 'approve') await wakeFor(desk, { flow: flow.id, trigger: 'decision', askedBy: asker.id });
      return;
    case 'already':
      return reply(
        alreadyDecided({
          by: result.stop.decidedBy ?? '',
          what: result.stop.state === 'approved' ? 'Approve' : 'Do not write',
          at: result.stop.decidedAt ?? stop.openedAt,
          zone: agreement.timeZone,
          me: asker.id,
        }),
      );
    case 'outdated':
      return reply(outdatedNow());
    case 'gone':
      return reply(answer('There is nothing to answer here any more: what it was about is as it was.'));
  }
}
