import type { ActiveAgreement, Flow } from '../../agreement/agreement.ts';
import { actingFor } from '../../agreement/deputies.ts';
import { signsInByPage } from '../../agreement/readiness.ts';
import { workdayOf } from '../../alerts/hours.ts';
import { nextStep } from '../../alerts/ladder.ts';
import { earlierOf } from '../../ledger/alerts/earlier-incidents.ts';
import { type Incident, incidentById } from '../../ledger/records/lookup.ts';
import { postedAt } from '../../ledger/runs/flow-numbers.ts';
import { type FactSources, flowOf } from '../deps.ts';
import type { AlertFacts } from '../messages/alert/facts.ts';
import { listed } from '../messages/text.ts';
import { heldUpFacts, waitingWorth } from './held-up.ts';

/** Everything that an alert's message shows; null where the alert or its flow are gone. */
export async function alertFacts(
  sources: FactSources,
  number: number,
  drawing: number,
): Promise<AlertFacts | null> {
  const { db, agreement, labels, entity, credentialsNote } = sources;
  const incident = await incidentById(db, number);
  const flow = incident && flowOf(agreement(), incident.flow);
  if (!incident || !flow) return null;
  const { data, connection } = incident;
  const terms = connection ? agreement().connections[connection] : undefined;
  return {
    number,
    revision: incident.revision,
    drawing,
    cause: incident.cause,
    state: incident.state,
    flowId: flow.id,
    flowName: flow.name,
    noun: entity(flow.entity).noun,
    system: connection ? labels(connection) : null,
    between: listed(flow.connections.map(labels)),
    channel: flow.channel,
    reference: incident.correlationId,
    message: incident.message,
    openedAt: incident.openedAt,
    recoveredAt: incident.recoveredAt,
    acknowledgedBy: incident.acknowledgedBy,
    acknowledgedUntil: incident.acknowledgedUntil,
    returns: incident.returns,
    earlier: await earlierFacts(sources, incident),
    called: incident.calledAt !== null,
    escalated: incident.rung > 0,
    next: nextOf(incident, flow, agreement()),
    snoozed:
      incident.snoozedBy && incident.snoozedUntil
        ? { by: incident.snoozedBy, until: incident.snoozedUntil }
        : null,
    waiting: data.waiting ?? null,
    worth: data.waiting && !incident.recoveredAt ? await waitingWorth(sources, flow) : null,
    heldUp: await heldUpFacts(sources, { flows: incident.recoveredAt ? [] : [flow.id] }),
    caughtUp: data.caughtUp ?? null,
    resumeAt: data.resumeAt ? new Date(data.resumeAt) : null,
    field: data.field ?? null,
    fewer: data.fewer ?? false,
    missedSlot: data.missedSlot ? new Date(data.missedSlot) : null,
    technicalOwner: actingFor(flow.owners.technical).slack,
    credentialsNote: connection ? (credentialsNote?.(connection) ?? null) : null,
    connectCommand: terms && signsInByPage(terms) ? `${agreement().command} connect ${terms.id}` : null,
    zone: agreement().timeZone,
  };
}

/** How often there was such an alert before, and where the newest of them is. */
async function earlierFacts({ db, linkTo }: FactSources, incident: Incident): Promise<AlertFacts['earlier']> {
  const earlier = await earlierOf(db, incident);
  const [last, first] = [earlier[0], earlier.at(-1)];
  if (!last || !first) return null;
  const post = await postedAt(db, `incident:${last.id}`);
  const link = post && (linkTo?.(post) ?? null);
  return { times: earlier.length + 1, since: first.openedAt, number: last.id, link };
}

function nextOf(incident: Incident, flow: Flow, agreement: ActiveAgreement): AlertFacts['next'] {
  const openSince = incident.openSince ?? incident.openedAt;
  const step = nextStep({ ...incident, openSince }, flow, workdayOf(agreement));
  if (!step) return null;
  const who = step.kind === 'call' ? ['the technical owner'] : step.ask.map(({ name }) => name);
  return { at: step.at, who: listed(who) };
}
