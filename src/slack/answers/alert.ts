import type { Flow } from '../../agreement/agreement.ts';
import { actingFor, speaksFor } from '../../agreement/deputies.ts';
import { workdayOf } from '../../alerts/hours.ts';
import { laterTimes } from '../../alerts/later-times.ts';
import { acknowledgeIncident, type Incident, snoozeIncident } from '../../ledger/alerts/incidents.ts';
import type { Tx } from '../../ledger/db.ts';
import { announceCard, announceLine, rank } from '../../ledger/posts/outbox.ts';
import { incidentById } from '../../ledger/records/lookup.ts';
import { flowOf } from '../deps.ts';
import { type Desk, refusalFor } from '../desk.ts';
import { drawHandOverAsk, drawSnoozeAsk } from '../messages/alert/asks.ts';
import type { Drawn } from '../messages/blocks.ts';
import { answer, nothingToDecide, notSeen } from '../messages/refusals.ts';
import { moment } from '../messages/times.ts';
import { mayOperate } from '../people.ts';
import type { Asker } from './asker.ts';

/** Taken on for two hours; then Truce asks again. */
const takenFor = 2 * 3_600_000;
const hour = 3_600_000;
const furthest = 9 * 24 * hour;

/** A problem that is open, and its flow, for somebody who may take it; else the answer. */
async function openAlert(
  desk: Desk,
  asker: Asker,
  number: number,
): Promise<{ readonly incident: Incident; readonly flow: Flow } | { readonly answer: Drawn }> {
  const incident = await incidentById(desk.db, number);
  const flow = incident && flowOf(desk.agreement(), incident.flow);
  if (!incident || !flow) return { answer: answer(notSeen()) };
  const refusal = refusalFor(mayOperate(asker.person, flow, desk.home()), 'operate');
  if (refusal) return { answer: refusal };
  return incident.state === 'recovered' ? { answer: nothingToDecide('settled') } : { incident, flow };
}

/** "I’m on it", or handed over to `to`. Answers only where it did not happen. */
export async function takeOn(desk: Desk, asker: Asker, number: number, to = asker.id): Promise<Drawn | null> {
  const found = await openAlert(desk, asker, number);
  if ('answer' in found) return found.answer;
  const { incident, flow } = found;
  const owners = [flow.owners.business, flow.owners.technical];
  if (!owners.some((owner) => speaksFor(to, owner)))
    return answer('Only an owner can take it. Nothing was changed.');
  const at = desk.clock.now();
  const until = new Date(at.getTime() + takenFor);
  const taken = await desk.db.transaction(async (tx) => {
    // Numbers on the message may have moved since it was drawn: that must not keep somebody from taking it.
    const { id, revision } = incident;
    const moved = await acknowledgeIncident(tx, { id, revision, by: to, until, at });
    const template = to === asker.id ? 'incident_taken' : 'incident_handed_over';
    if (moved)
      await say(tx, moved, { template, params: { by: asker.id, to, until: until.toISOString() }, at });
    return moved;
  });
  return taken
    ? null
    : answer(
        'This alert changed in the same moment. Please look again, and press once more if it is still open.',
      );
}

/** "Snooze…": until when. */
export async function askSnooze(desk: Desk, asker: Asker, number: number): Promise<Drawn> {
  const found = await openAlert(desk, asker, number);
  if ('answer' in found) return found.answer;
  const workday = workdayOf(desk.agreement(), asker.id);
  const now = desk.clock.now();
  const morning = laterTimes(workday, now).findLast(({ kind }) => kind !== 'afternoon');
  const times = [new Date(now.getTime() + hour), ...(morning ? [morning.at] : [])];
  return drawSnoozeAsk({ number, times, zone: workday.timeZone });
}

/** "1 hour": until then nobody is called for it, and its numbers go on. */
export async function snooze(desk: Desk, asker: Asker, number: number, until: Date): Promise<Drawn> {
  const found = await openAlert(desk, asker, number);
  if ('answer' in found) return found.answer;
  const at = desk.clock.now();
  if (!(until > at && until.getTime() - at.getTime() < furthest))
    return answer('That time has passed. Nothing was changed; please press Snooze… again.');
  const moved = await change(desk, { id: number, by: asker.id, until, at });
  return moved
    ? answer(
        `Snoozed until ${moment(desk.agreement().timeZone, until)}. Until then it calls nobody; its numbers go on.`,
      )
    : nothingToDecide('settled');
}

/** "Wake". */
export async function wakeUp(desk: Desk, asker: Asker, number: number): Promise<Drawn | null> {
  const found = await openAlert(desk, asker, number);
  if ('answer' in found) return found.answer;
  await change(desk, { id: number, by: asker.id, until: null, at: desk.clock.now() });
  return null;
}

/** "Hand over…": to whom. */
export async function askHandOver(desk: Desk, asker: Asker, number: number): Promise<Drawn> {
  const found = await openAlert(desk, asker, number);
  if ('answer' in found) return found.answer;
  const { owners } = found.flow;
  const others = [owners.business, owners.technical].map(actingFor).filter(({ slack }) => slack !== asker.id);
  return others.length > 0
    ? drawHandOverAsk({ number, others: [...new Map(others.map((one) => [one.slack, one])).values()] })
    : answer('This sync has one owner only, so there is nobody to hand it over to.');
}

const change = (desk: Desk, to: Parameters<typeof snoozeIncident>[1]): Promise<Incident | null> =>
  desk.db.transaction(async (tx) => {
    const moved = await snoozeIncident(tx, to);
    if (moved) await announceCard(tx, { ...about(moved), now: to.at });
    return moved;
  });

const about = ({ id, flow }: Incident) => ({ subject: `incident:${id}`, flow, rank: rank.alert });

async function say(
  tx: Tx,
  incident: Incident,
  {
    template,
    params,
    at,
  }: { readonly template: string; readonly params: Record<string, unknown>; readonly at: Date },
): Promise<void> {
  await announceCard(tx, { ...about(incident), now: at });
  const key = `incident:${incident.id}:taken:${incident.revision}`;
  await announceLine(tx, { ...about(incident), key, template, params, now: at });
}
