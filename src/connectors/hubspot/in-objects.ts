import { notCreated, refused } from '../batches.ts';
import type {
  CallContext,
  Connector,
  Costs,
  Drift,
  Observation,
  ReadItem,
  Write,
  WriteOutcome,
} from '../connector.ts';
import { notRead } from '../observed.ts';
import type { HubSpotClient, ObjectType, Window } from './client.ts';
import { editorsOf } from './editors.ts';
import { type Fields, mappedOf, observedIn, propertiesOf, unwritable } from './fields.ts';
import { idsChanged, inPages, lateness } from './listing.ts';
import { objectMarking } from './mark.ts';
import { batchSize, linkOf, markerProperty, type ObjectKind, readObjects } from './objects.ts';
import type { CrmRecord } from './schema.ts';
import { settled, updateRecords } from './update.ts';
import { findMade, makeRecords } from './upsert.ts';
import { hubspotWords } from './words.ts';

/** An entity whose records are objects of one type, each field in a property of its own. */
export interface InObjects {
  readonly type: ObjectType;
  readonly what?: string;
  readonly role: string;
  /** "product": of what something is never changed. */
  readonly noun: string;
  readonly fields: Fields;
  /** The step that makes the property of our own id; null where Truce makes no such records. */
  readonly makes: string | null;
  readonly observe: ObjectKind['observe'];
  readonly also?: readonly string[];
  /** Fields that are read otherwise than from a property of the object. */
  readonly beside?: readonly string[];
  /** Which a listing of all of them is narrowed to. */
  readonly which?: Window['which'] & {};
  /** What changed otherwise, where the search of the objects themselves does not tell. */
  changed?: Connector['changed'];
  resolve?: NonNullable<Connector['resolve']>;
  readonly costs?: Partial<Costs>;
  /** Why writes cannot be sent, by their keys. Throws VendorError. */
  refuse?(writes: readonly Write[], call: CallContext): Promise<ReadonlyMap<string, string>>;
}

const unasked = ['createdate', 'hs_object_id', 'hs_lastmodifieddate'];
const often = {
  products: ['name', 'description', 'price'],
  deals: ['amount', 'closedate', 'dealname', 'dealstage', 'pipeline'],
} as Readonly<Partial<Record<ObjectType, readonly string[]>>>;

export const kindOf = ({ type, what = type, fields, makes, also = [], observe }: InObjects): ObjectKind => ({
  type,
  what,
  mapped: mappedOf(fields),
  also: ['hs_lastmodifieddate', ...(makes === null ? [] : [markerProperty]), ...also],
  unasked: [...unasked, ...(often[type] ?? [])],
  observe,
});

export function objectConnector(client: HubSpotClient, entity: InObjects): Connector {
  const { type, fields, makes, beside = [] } = entity;
  const kind = kindOf(entity);
  const one = { calls: 1, records: batchSize };
  return {
    label: hubspotWords.label,
    role: entity.role,
    canUpdate: true,
    canCreate: makes !== null,
    ...lateness,
    costs: () => ({ read: one, write: one, create: one, ...entity.costs }),
    supports: (field) => Object.hasOwn(fields, field) || beside.includes(field),
    project: (_, value) => ({ value, lossy: false }),
    changed:
      entity.changed ??
      ((since, until, call) => changedObjects(client, kind, entity.which, { since, until }, call)),
    read: (ids, call) => readObjects(client, kind, ids, call),
    write: (writes, call) => writeObjects(client, entity, writes, call),
    create: async (creates, call) => {
      if (makes === null)
        return creates.map((create) => notCreated(create, `Truce makes no ${entity.noun} in HubSpot`, null));
      const making = {
        type,
        step: makes,
        propertiesOf: (values: Write['fields']) => propertiesOf(values, fields),
      };
      return makeRecords(client, making, creates, call);
    },
    findMade: async (creates, call) => (makes === null ? new Map() : findMade(client, type, creates, call)),
    ...(makes === null ? {} : { marking: objectMarking(client, type) }),
    ...(entity.resolve ? { resolve: entity.resolve } : {}),
  };
}

/** What changed within `[since, until]`: the search says which, reading by id says what. */
async function* changedObjects(
  client: HubSpotClient,
  kind: ObjectKind,
  which: Window['which'],
  { since, until }: { since: Date | null; until: Date },
  call: CallContext,
): AsyncGenerator<readonly ReadItem[]> {
  const window = { from: since?.getTime() ?? 0, to: until.getTime(), ...(which && !since ? { which } : {}) };
  if (window.from > window.to) return;
  for await (const ids of idsChanged(client, kind.type, window, call))
    yield* inPages(ids, (batch) => readObjects(client, kind, batch, call));
}

/** Updates by id, but for what Truce never changes: of that nothing is sent. One outcome for each. */
async function writeObjects(
  client: HubSpotClient,
  { type, noun, fields, refuse }: InObjects,
  writes: readonly Write[],
  call: CallContext,
): Promise<readonly WriteOutcome[]> {
  const never = new Map(
    writes.flatMap(({ key, fields: values }) => {
      const [field] = unwritable(values, fields);
      return field ? [[key, `Truce never changes the ${field} of a ${noun} in HubSpot`] as const] : [];
    }),
  );
  const possible = writes.filter(({ key }) => !never.has(key));
  const cannot = possible.length > 0 ? await refuse?.(possible, call) : undefined;
  const why = (key: string) => never.get(key) ?? cannot?.get(key);
  const sent = writes.filter(({ key }) => why(key) === undefined);
  const outcomes = await settled(sent, false, () =>
    updateRecords(client, type, sent, (values) => propertiesOf(values, fields), call),
  );
  const not = writes.flatMap((write) => {
    const reason = why(write.key);
    return reason === undefined ? [] : [refused(write, reason, null)];
  });
  return [...not, ...outcomes];
}

/** An observation of what the record itself says. */
export function observation(
  record: CrmRecord,
  { role, fields, makes }: Pick<InObjects, 'role' | 'fields' | 'makes'>,
  drift: readonly Drift[],
  currency: string | null = null,
): Observation {
  return {
    externalId: record.id,
    role,
    url: linkOf(record),
    vendorAt: record.properties.hs_lastmodifieddate ?? record.updatedAt ?? null,
    archived: record.archived === true,
    marker: makes === null ? null : record.properties[markerProperty]?.trim() || null,
    also: [],
    fields: {
      ...observedIn(record, fields, currency),
      ...Object.fromEntries(drift.map(({ field }) => [field, notRead])),
    },
    editors: editorsOf(record, mappedOf(fields)),
    drift,
  };
}
