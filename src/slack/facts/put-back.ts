import type { Flow } from '../../agreement/agreement.ts';
import type { Entity, FieldValue } from '../../entities/field.ts';
import type { Change, StoryLine } from '../../ledger/changes/changes.ts';
import { storyOf } from '../../ledger/records/lookup.ts';
import { putBacksSince, type Undone } from '../../ledger/rollback/put-backs.ts';
import { type FactSources, flowOf } from '../deps.ts';
import type { TugFacts, UndoneFacts } from '../messages/decision/facts.ts';
import type { PutBackFacts } from '../messages/rollback/put-back.ts';
import { fieldNamed, showValue } from './fields.ts';

/** What one message tells of values that were put back; `id` = `<flow>/<since>`. Null where the flow is gone, or nothing was. */
export async function putBackFacts(
  sources: FactSources,
  id: string,
  drawing: number,
): Promise<PutBackFacts | null> {
  const { db, agreement, labels, entity: entityNamed } = sources;
  const [flowId = '', since = ''] = id.split('/');
  const active = agreement();
  const flow = flowOf(active, flowId);
  if (!flow) return null;
  const entity = entityNamed(flow.entity);
  const putBacks = await putBacksSince(db, flowId, new Date(since));
  if (putBacks.length === 0) return null;
  return {
    flowId,
    flowName: flow.name,
    noun: entity.noun,
    drawing,
    agreement: active.version,
    zone: active.timeZone,
    command: active.command,
    lines: putBacks.map(({ changeId, title, field: name, value, undone, times, at }) => {
      const field = fieldNamed(entity, name);
      return {
        title,
        label: field.label,
        hidden: field.class !== 'open',
        shown: showValue(field, value),
        ownerLabel: labels(flow.fields[name]?.systemOfRecord ?? flow.connections[0] ?? ''),
        undone: undoneFacts(undone, field, labels),
        times,
        at,
        reference: changeId,
      };
    }),
  };
}

/** The details of a change that something keeps changing back. */
export async function tugFacts(
  { db, labels }: FactSources,
  flow: Flow,
  entity: Entity,
  change: Change,
): Promise<TugFacts[]> {
  if (change.hold !== 'tug_of_war' || change.closedAt) return [];
  const lines = (await storyOf(db, change.id)).filter(
    ({ kind, data, field }) => kind === 'held' && data.reason === 'tug_of_war' && field !== null,
  );
  const newest = new Map(lines.map((line) => [line.field, line]));
  return [...newest.values()].map((line) => tugOf(line, flow, entity, labels));
}

function tugOf(
  { field: name, data }: StoryLine,
  flow: Flow,
  entity: Entity,
  labels: FactSources['labels'],
): TugFacts {
  const field = fieldNamed(entity, name ?? '');
  return {
    label: field.label,
    hidden: field.class !== 'open',
    shown: showValue(field, data.value as FieldValue | null | undefined),
    ownerLabel: labels(flow.fields[field.name]?.systemOfRecord ?? ''),
    undone: undoneFacts((data.undone ?? []) as Undone[], field, labels),
  };
}

const undoneFacts = (
  undone: readonly Undone[],
  field: Parameters<typeof showValue>[0],
  labels: FactSources['labels'],
): UndoneFacts[] =>
  undone.map(({ connection, value, by }) => ({
    system: labels(connection),
    shown: showValue(field, value),
    by,
  }));
