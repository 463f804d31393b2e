import type { ActiveAgreement, Flow } from '../agreement/agreement.ts';
import { type Incident, lapseAcknowledged, lapseSnoozed, noteRung } from '../ledger/alerts/incidents.ts';
import type { Tx } from '../ledger/db.ts';
import { announceNote, rank } from '../ledger/posts/outbox.ts';
import { openProblems } from '../ledger/questions/waiting-for.ts';
import { callOwner, mendsItself, sayLine, showCard, subjectOf } from './apply.ts';
import { calledNow } from './call.ts';
import { slotBefore, startOfDay, workdayOf } from './hours.ts';
import { slotLateMs } from './interrupt.ts';
import { nextStep, type Step } from './ladder.ts';

/**
 * Looks for somebody for each problem of a flow that nobody has taken on: the technical owner, then those whom the flow's ladder
 * names, in working hours. Lines in the problem's thread: `incident_unclaimed` `{ called }`, `incident_escalated`
 * `{ called, waiting, openedAt, broadcast }`.
 */
export async function climb(tx: Tx, flow: Flow, agreement: ActiveAgreement, now: Date): Promise<void> {
  const workday = workdayOf(agreement);
  for (const problem of await openProblems(tx, flow.id)) {
    if (problem.state !== 'open' || problem.snoozedUntil || mendsItself(problem.cause)) continue;
    const openSince = problem.openSince ?? problem.openedAt;
    const step = nextStep({ ...problem, openSince }, flow, workday);
    if (step && step.at <= now) await take(tx, { flow, agreement, now, problem, openSince, step });
  }
}

interface Taking {
  readonly flow: Flow;
  readonly agreement: ActiveAgreement;
  readonly now: Date;
  readonly problem: Incident;
  readonly openSince: Date;
  readonly step: Step;
}

async function take(tx: Tx, { flow, agreement, now, problem, openSince, step }: Taking): Promise<void> {
  const occasion = { flow: flow.id, agreement, at: now };
  if (step.kind === 'call') {
    const once = `unclaimed:${openSince.toISOString()}`;
    const called = await callOwner(tx, problem, { ...occasion, once, kind: 'unclaimed' });
    if (called.length === 0) return;
    await showCard(tx, problem.id, occasion);
    return sayLine(tx, problem.id, occasion, { once, template: 'incident_unclaimed', params: { called } });
  }
  const once = `rung:${problem.rung}:${openSince.toISOString()}`;
  const people = step.ask.map(({ slack }) => slack);
  const cause = subjectOf(problem.id);
  const key = `${cause}:${once}`;
  const called = await calledNow(tx, agreement, {
    people,
    key,
    kind: 'unclaimed',
    cause,
    flow: flow.id,
    now,
  });
  // Who was called for it within the hour is asked again after it.
  if (called.length === 0) return;
  await noteRung(tx, problem.id, problem.rung + 1);
  await showCard(tx, problem.id, occasion);
  const { waiting } = problem.data;
  const params = { called, waiting, openedAt: problem.openedAt.toISOString(), broadcast: true };
  await sayLine(tx, problem.id, occasion, { once, template: 'incident_escalated', params });
  if (problem.cause === 'room') await tellDirectly(tx, problem, { called, once, now });
}

/** The message of a channel that takes nothing is with the technical owner alone: whoever else is called hears of it directly. */
async function tellDirectly(
  tx: Tx,
  { id, flow, message }: Incident,
  { called, once, now }: { readonly called: readonly string[]; readonly once: string; readonly now: Date },
): Promise<void> {
  for (const to of called)
    await announceNote(tx, {
      key: `${subjectOf(id)}:${once}:${to}`,
      subject: subjectOf(id),
      flow,
      template: 'channel_broken',
      params: { to, alert: id, why: message, called: [to] },
      rank: rank.alert,
      now,
    });
}

/** Who took a problem on, or put it off, did so until a time: then it is everybody's again. */
export async function askAgain(tx: Tx, agreement: ActiveAgreement, now: Date): Promise<void> {
  const said = async (incident: Incident, template: string) => {
    const occasion = { flow: incident.flow, agreement, at: now };
    const once = `asked_again:${incident.revision}`;
    const called = await callOwner(tx, incident, { ...occasion, once });
    await showCard(tx, incident.id, occasion);
    await sayLine(tx, incident.id, occasion, { once, template, params: { at: now.toISOString(), called } });
  };
  for (const incident of await lapseAcknowledged(tx, now)) await said(incident, 'incident_asked_again');
  for (const incident of await lapseSnoozed(tx, now)) await said(incident, 'incident_awake');
}

/**
 * What is open still on a later morning is far up in its channel: one line there says so and links to the first messages. It calls
 * nobody; the owners have their own message. What it lists is gathered when it is sent.
 */
export async function sayStillOpen(tx: Tx, agreement: ActiveAgreement, now: Date): Promise<void> {
  const workday = workdayOf(agreement);
  const slot = slotBefore(workday, now);
  if (!slot || now.getTime() - slot.getTime() > slotLateMs) return;
  const today = startOfDay(workday, now);
  if (slot.getTime() - today.getTime() > 12 * 3_600_000) return;
  const said = new Set<string>();
  for (const flow of Object.values(agreement.flows)) {
    const old = (await openProblems(tx, flow.id)).filter(({ openedAt }) => openedAt < today);
    if (old.length === 0 || said.has(flow.channel)) continue;
    said.add(flow.channel);
    await announceNote(tx, {
      key: `still_open:${flow.channel}:${slot.toISOString()}`,
      subject: `flow:${flow.id}`,
      flow: flow.id,
      template: 'still_open',
      params: { before: today.toISOString() },
      rank: rank.other,
      now,
    });
  }
}
