import { acknowledgeIncident } from '../../../ledger/incidents.ts';
import { incidentById } from '../../../ledger/lookup.ts';
import { announceCard, announceLine, rank } from '../../../ledger/outbox.ts';
import { runNow } from '../../answers/run.ts';
import { flowOf } from '../../deps.ts';
import { refusalFor } from '../../desk.ts';
import { answer, nothingToDecide, notSeen, oldButton } from '../../messages/refusals.ts';
import { mayOperate } from '../../people.ts';
import { type Press, readAlertValue } from '../press.ts';

/** Taken on for two hours; then Truce asks again. */
const takenFor = 2 * 3_600_000;

/** "I’m on it": the others see who takes it, and until when. */
export async function takeAlert({ desk, asker, value, reply }: Press): Promise<void> {
  const read = readAlertValue(value);
  if (!read) return reply(oldButton(asker.command));
  const incident = await incidentById(desk.db, read.number);
  const flow = incident && flowOf(desk.agreement(), incident.flow);
  if (!incident || !flow) return reply(answer(notSeen()));
  const refusal = refusalFor(mayOperate(asker.person, flow, desk.home()), 'operate');
  if (refusal) return reply(refusal);
  if (incident.state === 'recovered') return reply(nothingToDecide('settled'));
  const at = desk.clock.now();
  const until = new Date(at.getTime() + takenFor);
  const taken = await desk.db.transaction(async (tx) => {
    // Numbers on the message may have moved since it was drawn: that must not keep somebody from taking it.
    const moved = await acknowledgeIncident(tx, {
      id: incident.id,
      revision: incident.revision,
      by: asker.id,
      until,
      at,
    });
    if (!moved) return false;
    const subject = `incident:${incident.id}`;
    await announceCard(tx, { subject, flow: flow.id, rank: rank.alert, now: at });
    await announceLine(tx, {
      key: `${subject}:taken:${moved.revision}`,
      subject,
      flow: flow.id,
      template: 'incident_taken',
      params: { by: asker.id, until: until.toISOString() },
      rank: rank.alert,
      now: at,
    });
    return true;
  });
  if (!taken)
    await reply(
      answer(
        'This alert changed in the same moment. Please look again, and press once more if it is still open.',
      ),
    );
}

/** "Run now" on an alert: sees whether it works again. */
export async function runAlertFlow({ desk, asker, value, reply }: Press): Promise<void> {
  const read = readAlertValue(value);
  const incident = read && (await incidentById(desk.db, read.number));
  const flow = incident && flowOf(desk.agreement(), incident.flow);
  return flow ? runNow(desk, asker, flow, reply) : reply(oldButton(asker.command));
}
