import type { ActiveAgreement } from '../agreement/agreement.ts';
import { actingFor } from '../agreement/deputies.ts';
import {
  againIncident,
  type Incident,
  noteCalled,
  openIncident,
  recoverIncident,
  returnIncident,
} from '../ledger/alerts/incidents.ts';
import type { Tx } from '../ledger/db.ts';
import { announceCard, announceLine, rank } from '../ledger/posts/outbox.ts';
import type { IncidentCause } from '../ledger/tables/incidents.ts';
import { mayCall } from './call.ts';
import type { IncidentMove } from './detect.ts';
import type { CallKind } from './interrupt.ts';
import { recoveredWords } from './words.ts';

export interface Occasion {
  readonly flow: string;
  readonly agreement: ActiveAgreement;
  readonly at: Date;
  readonly runId: number | null;
  /** For a problem that opens: the reference under which its run, or it itself, is looked up. */
  readonly correlationId: string;
}

/** What happened to a problem, for the terminal's line. */
export interface Told {
  readonly kind: 'open' | 'return' | 'recover';
  readonly incident: Incident;
}

/**
 * Stores a move and, in the same transaction, what Slack is to show of it. Cards are `incident:<number>`. Lines in their thread,
 * by template (times are ISO 8601):
 *
 * - `incident_doubled` `{ waiting, waitingAtOpening, at }`
 * - `incident_recovered` `{ at, openedAt, caughtUp, waiting, cause }`
 * - `incident_returned` `{ at, times, message, called }`: with a mention of those who are `called` (`busy` and `budget` mend themselves)
 * - `incident_asked_again`, `incident_awake` `{ at, called }`: who took it on, or put it off, did so until now
 */
export async function applyMove(tx: Tx, move: IncidentMove, occasion: Occasion): Promise<Told | null> {
  switch (move.kind) {
    case 'open':
      return open(tx, move, occasion);
    case 'again':
    case 'worse':
      await again(tx, move, occasion);
      return null;
    case 'return':
      return comeBack(tx, move, occasion);
    case 'recover':
      return recover(tx, move, occasion);
  }
}

type Move<K extends IncidentMove['kind']> = Extract<IncidentMove, { kind: K }>;

async function open(tx: Tx, { kind: _, ...problem }: Move<'open'>, occasion: Occasion): Promise<Told | null> {
  const { agreement: _agreement, ...when } = occasion;
  const incident = await openIncident(tx, { ...problem, ...when });
  if (!incident) return null;
  await callOwner(tx, incident, occasion);
  await showCard(tx, incident.id, occasion);
  return { kind: 'open', incident };
}

interface Calling extends Pick<Occasion, 'flow' | 'agreement' | 'at'> {
  /** What happened: the same is one call. */
  readonly once?: string;
  readonly kind?: CallKind;
}

/** Calls the technical owner, if they are to be called now. Returns whom it called. */
export async function callOwner(
  tx: Tx,
  { id, cause, returns }: Incident,
  { flow, agreement, at, once = `open:${returns}`, kind = cause === 'room' ? 'room' : 'problem' }: Calling,
): Promise<string[]> {
  const technical = agreement.flows[flow]?.owners.technical;
  if (!technical || mendsItself(cause)) return [];
  const owner = actingFor(technical).slack;
  const key = `${subjectOf(id)}:${once}`;
  const called = await mayCall(tx, agreement, {
    person: owner,
    key,
    kind,
    cause: subjectOf(id),
    flow,
    now: at,
  });
  if (called.kind !== 'now') return [];
  await noteCalled(tx, id, at);
  return [owner];
}

/** A vendor that asks us to wait, or calls used up: nobody is called for that. */
export const mendsItself = (cause: IncidentCause): boolean => cause === 'busy' || cause === 'budget';

async function again(tx: Tx, move: Move<'again' | 'worse'>, occasion: Occasion): Promise<void> {
  const { at, runId } = occasion;
  const { id, message, data } = move;
  const worse = move.kind === 'worse';
  const shown = worse || move.shown;
  await againIncident(tx, { id, at, runId, message, data, shown, worse });
  if (shown) await showCard(tx, id, occasion);
  if (!worse) return;
  const { waiting, waitingAtOpening = 0 } = data;
  const said = { once: `doubled:${waitingAtOpening}:${move.doublings}`, template: 'incident_doubled' };
  await sayLine(tx, id, occasion, { ...said, params: { waiting, waitingAtOpening, at: at.toISOString() } });
}

async function comeBack(
  tx: Tx,
  { id, message, data }: Move<'return'>,
  occasion: Occasion,
): Promise<Told | null> {
  const { at, runId } = occasion;
  const incident = await returnIncident(tx, { id, at, runId, message, data });
  if (!incident) return null;
  const called = await callOwner(tx, incident, occasion);
  await showCard(tx, id, occasion);
  const params = { at: at.toISOString(), times: incident.returns, message, called };
  await sayLine(tx, id, occasion, {
    once: `returned:${incident.returns}`,
    template: 'incident_returned',
    params,
  });
  return { kind: 'return', incident };
}

async function recover(tx: Tx, { id, data }: Move<'recover'>, occasion: Occasion): Promise<Told | null> {
  const { at, runId } = occasion;
  const incident = await recoverIncident(tx, { id, at, runId, message: recoveredWords, data });
  if (!incident) return null;
  await showCard(tx, id, occasion);
  const { caughtUp, waiting } = data;
  const { cause, openedAt } = incident;
  const params = { at: at.toISOString(), openedAt: openedAt.toISOString(), caughtUp, waiting, cause };
  await sayLine(tx, id, occasion, {
    once: `recovered:${incident.returns}`,
    template: 'incident_recovered',
    params,
  });
  return { kind: 'recover', incident };
}

export async function showCard(
  tx: Tx,
  id: number,
  { flow, at }: Pick<Occasion, 'flow' | 'at'>,
): Promise<void> {
  await announceCard(tx, { subject: subjectOf(id), flow, rank: rank.alert, now: at });
}

export async function sayLine(
  tx: Tx,
  id: number,
  { flow, at }: Pick<Occasion, 'flow' | 'at'>,
  { once, template, params }: { once: string; template: string; params: Record<string, unknown> },
): Promise<void> {
  const subject = subjectOf(id);
  await announceLine(tx, {
    key: `${subject}:${once}`,
    subject,
    flow,
    template,
    params,
    rank: rank.alert,
    now: at,
  });
}

export const subjectOf = (id: number) => `incident:${id}`;
