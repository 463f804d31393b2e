import type { Flow } from '../../agreement/agreement.ts';
import type { Entity } from '../../entities/field.ts';
import { historyOf, incidentByReference } from '../../ledger/alerts/history.ts';
import type { Change } from '../../ledger/changes/changes.ts';
import { exchangesOf, type LoggedExchange } from '../../ledger/connections/exchanges.ts';
import {
  callsOfRun,
  changeById,
  changesOfRun,
  linksOf,
  nearReferences,
  questionsOf,
  type Run,
  runByReference,
  storyOf,
} from '../../ledger/records/lookup.ts';
import type { Link } from '../../ledger/records/records.ts';
import { rollbackById } from '../../ledger/rollback/rollbacks.ts';
import { hasWritten } from '../../ledger/rollback/writes.ts';
import type { RunCounts } from '../../ledger/tables/runs.ts';
import type { FactSources } from '../deps.ts';
import type { AlertLookup } from '../messages/alert/history.ts';
import type { CallFacts, ChangeLookup, RunLookup } from '../messages/lookup/facts.ts';
import type { UndoFacts } from '../messages/rollback/facts.ts';
import { alertFacts } from './alert.ts';
import { pausedFacts } from './decision.ts';
import { waitWords } from './holds.ts';
import { undoFacts } from './rollback.ts';
import { storyFacts } from './story.ts';

export type Found =
  | ChangeLookup
  | RunLookup
  | { readonly kind: 'rollback'; readonly facts: UndoFacts }
  | AlertLookup
  | { readonly kind: 'nothing'; readonly reference: string; readonly near: string | null };

/** What a reference stands for, as far as it belongs to one of these flows; what does not looks as if it were not there. */
export async function findReference(
  sources: FactSources,
  reference: string,
  { flows, command }: { flows: readonly Flow[]; command: string },
): Promise<Found> {
  const { db } = sources;
  const mine = (id: string) => flows.find((flow) => flow.id === id);
  const change = await changeById(db, reference);
  const changed = change && mine(change.flow);
  if (change && changed) return changeLookup(sources, change, changed, command);
  const run = await runByReference(db, reference);
  const ran = run && mine(run.flow);
  if (run && ran) return runLookup(sources, run, ran, command);
  const rollback = await rollbackById(db, reference);
  const undone =
    rollback && mine(rollback.flow) && (await undoFacts(sources, rollback, { command, lines: 15 }));
  if (undone) return { kind: 'rollback', facts: undone };
  const incident = await incidentByReference(db, reference);
  const alert = incident && mine(incident.flow) && (await alertFacts(sources, incident.id, 0));
  if (alert) return { kind: 'alert', alert, command, ...(await historyOf(db, alert.number)) };
  const [near] = await nearReferences(
    db,
    reference,
    flows.map((flow) => flow.id),
  );
  return { kind: 'nothing', reference, near: near ?? null };
}

async function changeLookup(
  sources: FactSources,
  change: Change,
  flow: Flow,
  command: string,
): Promise<ChangeLookup> {
  const { db, labels, agreement } = sources;
  const entity = sources.entity(flow.entity);
  const [lines, calls, questions, links, undoable] = await Promise.all([
    storyOf(db, change.id),
    exchangesOf(db, change.id),
    questionsOf(db, change.id),
    linksOf(db, change.recordId),
    hasWritten(db, { scope: 'change', target: change.id }),
  ]);
  const paused = change.state === 'writing' && (await pausedFacts(sources, change)) !== null;
  const fields = new Set([
    ...lines.flatMap((line) => line.field ?? []),
    ...questions.map((question) => question.field),
  ]);
  return {
    kind: 'change',
    reference: change.id,
    command,
    title: change.subject,
    noun: entity.noun.one,
    flowName: flow.name,
    agreement: change.agreementVersion,
    // Decided, and nothing of it is on its way.
    state: paused ? 'held' : change.state,
    waitsFor: paused ? `${flow.name} is paused` : change.hold ? waitWords(change.hold, flow, entity) : null,
    waitsDetail: change.holdDetail,
    details: fields.size,
    systems: links.filter((link) => !link.archived).length,
    places: placesOf(flow.connections, links, labels),
    closedAt: change.closedAt,
    story: storyFacts(lines, { flow, entity, labels }),
    calls: calls.map((call) => callFacts(call, labels)),
    undoable,
    ...(change.hold === 'locked' && !change.closedAt ? { keepable: { revision: change.revision } } : {}),
    zone: agreement().timeZone,
  };
}

/** The record in every system, and what belongs to it there: HubSpot's billing contact. */
export function placesOf(
  connections: readonly string[],
  links: readonly Link[],
  labels: FactSources['labels'],
): ChangeLookup['places'] {
  const ordered = connections.flatMap((id) => links.filter((link) => link.connection === id));
  return ordered.flatMap(({ connection, url, also }) => [
    ...(url ? [{ label: labels(connection), url }] : []),
    ...also.flatMap((one) =>
      one.url ? [{ label: `${labels(connection)} ${one.role.replace(/_/g, ' ')}`, url: one.url }] : [],
    ),
  ]);
}

async function runLookup(
  { db, labels, agreement, entity }: FactSources,
  run: Run,
  flow: Flow,
  command: string,
): Promise<RunLookup> {
  const [calls, made, undoable] = await Promise.all([
    callsOfRun(db, run.id),
    changesOfRun(db, run.id),
    hasWritten(db, { scope: 'run', target: run.correlationId }),
  ]);
  return {
    kind: 'run',
    reference: run.correlationId,
    command,
    flowName: flow.name,
    state: run.state,
    trigger: run.trigger,
    askedBy: run.askedBy,
    startedAt: run.startedAt,
    finishedAt: run.finishedAt,
    counts: countFacts(run.counts, entity(flow.entity).noun),
    // What it says of itself beside that is as much a reason to look: it was shown nothing, say.
    failures: [...new Set([...(run.failures ?? []), ...(run.notes ?? [])].map(({ message }) => message))],
    changes: made.map((change) => ({
      reference: change.id,
      title: change.subject,
      state: stateWords[change.state],
    })),
    calls: calls.map((call) => callFacts(call, labels)),
    undoable,
    zone: agreement().timeZone,
  };
}

/** How a change stands, in the middle of a sentence. */
export const stateWords: Record<Change['state'], string> = {
  open: 'under way',
  asking: 'waits for a decision',
  writing: 'being saved',
  held: 'waits',
  failed: 'not saved everywhere',
  settled: 'settled',
  withdrawn: 'no longer needed',
};

/** What a run did, as numbers and words. */
export function countFacts(counts: RunCounts | null, noun: Entity['noun']): { n: number; what: string }[] {
  if (!counts) return [];
  return [
    { n: counts.read, what: `${counts.read === 1 ? noun.one : noun.many} read` },
    { n: counts.changed, what: 'changed' },
    { n: counts.written, what: 'written' },
    { n: counts.settled, what: 'settled' },
    { n: counts.conflicts, what: counts.conflicts === 1 ? 'waits for a decision' : 'wait for a decision' },
    { n: counts.held, what: counts.held === 1 ? 'waits as before' : 'wait as before' },
    { n: counts.malformed, what: 'could not be read' },
  ];
}

/** One call, its connection by name. */
export const callFacts = (call: LoggedExchange, labels: FactSources['labels']): CallFacts => ({
  at: call.at,
  system: labels(call.connection),
  purpose: call.purpose,
  method: call.method,
  url: call.url,
  attempt: call.attempt,
  status: call.status,
  durationMs: call.durationMs,
  error: call.error,
});
