import type { Flow } from '../../agreement/agreement.ts';
import type { Entity } from '../../entities/field.ts';
import { loadRecords, type RecordState } from '../../ledger/records/records.ts';
import { type SafetyStopRow, safetyStopById, stoppedRecords } from '../../ledger/runs/safety-stops.ts';
import { type FactSources, flowOf } from '../deps.ts';
import type { SafetyStopFacts, StopExample } from '../messages/alert/safety-stop.ts';
import { deciderNames } from '../people.ts';
import { fieldNamed, showValue } from './fields.ts';

const examplesShown = 5;

/** Everything that a safety stop's message shows; null where it or its flow are not known. */
export async function safetyStopFacts(
  { db, agreement, labels, entity: entityNamed }: FactSources,
  number: number,
  drawing: number,
): Promise<SafetyStopFacts | null> {
  const stop = await safetyStopById(db, number);
  const flow = stop && flowOf(agreement(), stop.flow);
  if (!stop || !flow) return null;
  const entity = entityNamed(flow.entity);
  const waits = stop.state === 'open' ? await stoppedRecords(db, stop, examplesShown) : [];
  const states = await loadRecords(db, waits);
  return {
    number,
    revision: stop.revision,
    drawing,
    kind: stop.kind,
    state: stop.state,
    flowName: flow.name,
    noun: entity.noun,
    records: stop.counts.records,
    usual: stop.counts.usual,
    of: stop.counts.of,
    examples: states.map((state) => exampleOf(stop, state, { flow, entity, labels })),
    openedAt: stop.openedAt,
    deciders: deciderNames(flow),
    decidedBy: stop.decidedBy,
    decidedAt: stop.decidedAt,
    zone: agreement().timeZone,
  };
}

interface ExampleInput {
  readonly flow: Flow;
  readonly entity: Entity;
  readonly labels: FactSources['labels'];
}

function exampleOf(
  { kind }: SafetyStopRow,
  { record, links, pending, agreed }: RecordState,
  { flow, entity, labels }: ExampleInput,
): StopExample {
  const whole = { title: record.title, field: null, from: null, to: null, hidden: false };
  if (kind === 'makes') {
    const lacks = Object.keys(flow.createIn).filter((id) => !links.some((link) => link.connection === id));
    return { ...whole, systems: lacks.map(labels) };
  }
  if (kind === 'gone') {
    const gone = links.filter((link) => link.how === 'gone').map((link) => link.connection);
    return { ...whole, systems: gone.map(labels) };
  }
  const rows = [...pending.values()].filter(({ by }) => by.startsWith('rule:'));
  // Of a mass of cleared values a cleared one is shown.
  const row = rows.find(({ value }) => kind !== 'blanks' || value === null) ?? rows[0];
  if (!row) return { ...whole, systems: [] };
  const field = fieldNamed(entity, row.field);
  const hidden = field.class !== 'open';
  const shown = hidden
    ? { from: null, to: null }
    : { from: showValue(field, agreed.get(row.field)?.value), to: showValue(field, row.value) };
  return { ...whole, field: field.label, ...shown, hidden, systems: [] };
}
