import type { Flow } from '../../agreement/agreement.ts';
import { type Entity, type Field, type FieldValue, same } from '../../entities/field.ts';
import { parseReference } from '../../ledger/correlation-id.ts';
import { type KnownRecord, recordsMeant } from '../../ledger/records/find-records.ts';
import { type Sighting, type ValueHistory, valueHistory } from '../../ledger/records/why.ts';
import { erasureOf } from '../../ledger/sealing/erasures.ts';
import type { Sighted } from '../../ledger/tables/records.ts';
import type { FactSources } from '../deps.ts';
import type { WhyFacts, WhyStep, WhyUnclear } from '../messages/lookup/why-facts.ts';
import { nameOf } from './rollback.ts';

/** What somebody asks about: everything before the name of a field is the record. */
export interface WhyQuestion {
  readonly words: string;
  readonly flows: readonly Flow[];
  readonly command: string;
}

/** The value that is meant and its past, as far as it belongs to one of these flows; or what is unclear. */
export async function whyFacts(sources: FactSources, question: WhyQuestion): Promise<WhyFacts | WhyUnclear> {
  const { flows, words } = question;
  const entities = [...new Set(flows.map((flow) => flow.entity))].map(sources.entity);
  const { record: named, field } = readWords(words, entities);
  const found = await recordsMeant(sources.db, {
    words: named,
    reference: parseReference(named),
    entities: entities.map(({ name }) => name),
  });
  const [record, another] = found;
  if (!record) return { kind: 'nothing', words: named };
  if (another)
    return { kind: 'which_record', records: found.map(({ title }) => title), field: field?.label ?? '' };
  const mine = flows.filter((flow) => flow.entity === record.entity);
  const flow = mine.find((one) => field && one.fields[field.name]);
  if (!field || !flow) {
    const known = mine.flatMap((one) => Object.keys(one.fields));
    const { fields } = sources.entity(record.entity);
    return {
      kind: 'which_field',
      title: record.title,
      fields: fields.filter(({ name }) => known.includes(name)).map(({ label }) => label),
    };
  }
  const erasure = await erasureOf(sources.db, record.id);
  if (erasure) {
    const { timeZone: zone } = sources.agreement();
    return { kind: 'erased', zone, by: nameOf(sources.agreement(), erasure.by), at: erasure.at };
  }
  return told(
    sources,
    { record, field, flow, command: question.command },
    await valueHistory(sources.db, record.id, field.name),
  );
}

const plain = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/** The longest end of what was typed that names a field is the field. */
export function readWords(
  typed: string,
  entities: readonly Pick<Entity, 'fields'>[],
): { readonly record: string; readonly field: Field | null } {
  const words = typed
    .replace(/["“”‘’'`*]/g, ' ')
    .trim()
    .split(/\s+/);
  const fields = entities.flatMap((entity) => entity.fields);
  for (let n = Math.max(1, words.length - 4); n < words.length; n++) {
    const end = plain(words.slice(n).join(''));
    const field = fields.find(({ name, label }) => plain(name) === end || plain(label) === end);
    if (field) return { record: words.slice(0, n).join(' '), field };
  }
  return { record: words.join(' '), field: null };
}

interface Meant {
  readonly record: KnownRecord;
  readonly field: Field;
  readonly flow: Flow;
  readonly command: string;
}

function told(
  { labels, agreement }: FactSources,
  { record, field, flow, command }: Meant,
  history: ValueHistory,
): WhyFacts {
  const words = (value: FieldValue | null | undefined) => valueWords(field, value);
  const owner = labels(flow.fields[field.name]?.systemOfRecord ?? '');
  const origin = originOf(field, history);
  return {
    kind: 'why',
    title: record.title,
    field: field.label,
    command,
    flowName: flow.name,
    zone: agreement().timeZone,
    agreed: history.agreed ? words(history.agreed.value) : null,
    origin: origin && { system: labels(origin.connection), by: origin.seen.by ?? null, at: origin.at },
    now: flow.connections.flatMap((connection) => {
      const held = history.now[connection]?.seen;
      return held ? [{ system: labels(connection), value: sightedWords(field, held) }] : [];
    }),
    steps: stepsOf(field, history, { labels, owner, words }),
  };
}

function stepsOf(
  field: Field,
  { sightings, settlements }: ValueHistory,
  {
    labels,
    owner,
    words,
  }: {
    labels: FactSources['labels'];
    owner: string;
    words: (value: FieldValue | null | undefined) => string;
  },
): WhyStep[] {
  const known = new Set<string>();
  const seen = sightings.map(({ connection, at, origin, seen: one }): WhyStep => {
    const first = !known.has(connection);
    known.add(connection);
    const value = sightedWords(field, one);
    const system = labels(connection);
    return origin === 'read_back'
      ? { kind: 'saved', at, system, value }
      : { kind: 'seen', at, system, value, by: one.by ?? null, first };
  });
  const settled = settlements.map(
    ({ at, value, by, changeId, agreementVersion }): WhyStep => ({
      kind: 'agreed',
      at,
      value: words(value),
      by,
      owner,
      agreement: agreementVersion,
      reference: changeId,
    }),
  );
  // Read before agreed, where both were put down in one instant.
  return [...seen, ...settled].sort((a, b) => a.at.getTime() - b.at.getTime());
}

/** Where the agreed value was last seen to come up by itself before it was agreed: what Truce wrote does not count. */
export function originOf(field: Field, { agreed, sightings }: ValueHistory): Sighting | null {
  if (!agreed) return null;
  const { at, value } = agreed;
  return (
    sightings.findLast(
      (one) =>
        one.origin === 'observed' && one.at <= at && same(field, sightedValue(one.seen), value ?? null),
    ) ?? null
  );
}

const sightedValue = ({ state, value }: Sighted): FieldValue | null =>
  state === 'value' ? (value ?? null) : null;

function sightedWords(field: Field, { state, value }: Sighted): string {
  if (state === 'unsupported' || state === 'no_place') return '(no place for it there)';
  return valueWords(field, state === 'value' ? value : null);
}

/** Values of personal and secret fields are not told: answers can be forwarded. */
function valueWords(field: Field, value: FieldValue | null | undefined): string {
  if (value === undefined) return '(nobody can read it any more)';
  if (value === null) return '(empty)';
  return field.class === 'open' ? field.show(value) : '(hidden)';
}
