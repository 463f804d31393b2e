import type { Clock } from '../../../clock.ts';
import type { Store } from '../../store.ts';
import { plantedCollection } from '../practice.ts';
import { about, type ObjectType } from './object-types.ts';
import { asKept } from './values.ts';

/** Who or what set a value, as a property history tells it. */
export interface Source {
  readonly sourceType:
    | 'CRM_UI'
    | 'INTEGRATION'
    | 'IMPORT'
    | 'CALCULATED'
    | 'MERGE_COMPANIES'
    | 'MERGE_CONTACTS';
  readonly sourceId: string;
  /** The name that HubSpot shows: of a person, an app, or an import. */
  readonly sourceLabel: string;
  readonly updatedByUserId?: number;
}
interface HistoryEntry extends Source {
  readonly value: string;
  readonly timestamp: string;
}

/** A record is its property histories, newest entry first: the present and the (late) search index both read from them. */
export interface CrmRecord {
  readonly id: string;
  readonly createdAt: string;
  readonly archived: boolean;
  readonly archivedAt?: string;
  /** The record under which this one lives on. */
  readonly mergedInto?: string;
  readonly history: Readonly<Record<string, readonly HistoryEntry[]>>;
}

export interface RecordSeed {
  readonly id: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly modifiedAt: string;
  readonly source: Source;
  readonly properties: Readonly<Record<string, string>>;
}
export type CompanySeed = RecordSeed;

interface Told {
  readonly type: ObjectType;
  readonly id: string;
  readonly at: Date;
  readonly source: Source;
}
/** Something that happened to a record: what webhooks are made of. */
export type CrmEvent =
  | (Told & { readonly kind: 'propertyChange'; readonly name: string; readonly value: string })
  | (Told & { readonly kind: 'creation' | 'deletion' | 'restore' })
  | (Told & { readonly kind: 'merge'; readonly mergedId: string; readonly moved: number })
  | (Told & {
      readonly kind: 'associationChange';
      readonly toType: ObjectType;
      readonly toId: string;
      readonly removed: boolean;
    });

/** The records of one object type. Knows no rules: whoever writes has asked before. */
export interface Objects {
  readonly type: ObjectType;
  get(id: string): CrmRecord | undefined;
  /** By id, or by the id under which what was merged away lives on. */
  find(id: string): CrmRecord | undefined;
  /** A record in use whose property has the value, letter case aside. */
  holder(name: string, value: string): CrmRecord | undefined;
  /** All but those that were merged away; archived ones too. */
  all(): readonly CrmRecord[];
  create(properties: Readonly<Record<string, string>>, source: Source): CrmRecord;
  /** Sets what differs from what is there, and tells about it. */
  update(id: string, properties: Readonly<Record<string, string>>, source: Source): void;
  archive(id: string, source: Source): void;
  restore(id: string, source: Source): void;
  /** Gone for good, as what leaves the recycle bin after ninety days. */
  purge(id: string, source: Source): void;
  /** `loser` goes on as `winner`, which keeps its values and takes what it lacks. */
  merge(winner: string, loser: string, source: Source): void;
}

const historyKept = 20;

/** @param record undefined for a new one. */
export type Along = (
  record: CrmRecord | undefined,
  properties: Readonly<Record<string, string>>,
) => Readonly<Record<string, string>>;

export interface ObjectsOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly type: ObjectType;
  readonly seed: readonly RecordSeed[];
  /** What HubSpot itself sets along with what somebody sets. Left out: nothing. */
  readonly along?: Along;
  happened(events: readonly CrmEvent[]): void;
}

export function openObjects(options: ObjectsOptions): Objects {
  const { store, clock, type, seed, along = (_, properties) => properties, happened } = options;
  const records = plantedCollection(store, `hubspot.${type}`, seed.map(asSeeded), ({ id }) => id);
  const known = (id: string): CrmRecord => {
    const record = records.get(id);
    if (!record) throw new Error(`HubSpot has none of ${type} with id ${id}`);
    return record;
  };
  const find = (id: string): CrmRecord | undefined => {
    const record = records.get(id);
    return record?.mergedInto ? find(record.mergedInto) : record;
  };
  const all = () => records.all().filter(({ mergedInto }) => mergedInto === undefined);
  const told = (id: string, source: Source) => ({ type, id, at: clock.now(), source });
  const set = (record: CrmRecord, properties: Readonly<Record<string, string>>, source: Source) => {
    const changes = Object.entries(properties)
      .map(([name, value]) => [name, asKept(name, value)] as const)
      .filter(([name, value]) => (propertyOf(type, record, name) ?? '') !== value)
      .map(([name, value]) => ({ ...told(record.id, source), kind: 'propertyChange' as const, name, value }));
    if (changes.length > 0) records.set(record.id, changes.reduce(withChange, record));
    return changes;
  };
  return {
    type,
    get: (id) => records.get(id),
    find,
    all,
    holder: (name, value) => {
      const wanted = asKept(name, value).toLowerCase();
      return all().find(
        (record) => !record.archived && propertyOf(type, record, name)?.toLowerCase() === wanted,
      );
    },
    create: (properties, source) => {
      const highest = records.all().reduce((most, { id }) => Math.max(most, Number(id)), about[type].firstId);
      const record = {
        id: String(highest + 1),
        createdAt: clock.now().toISOString(),
        archived: false,
        history: {},
      };
      records.set(record.id, record);
      const changes = set(record, along(undefined, properties), source);
      happened([{ ...told(record.id, source), kind: 'creation' }, ...changes]);
      return known(record.id);
    },
    update: (id, properties, source) => {
      const changes = set(known(id), along(known(id), properties), source);
      if (changes.length > 0) happened(changes);
    },
    archive: (id, source) => {
      records.set(id, { ...known(id), archived: true, archivedAt: clock.now().toISOString() });
      happened([{ ...told(id, source), kind: 'deletion' }]);
    },
    restore: (id, source) => {
      const { archivedAt: _, ...record } = known(id);
      records.set(id, { ...record, archived: false });
      happened([{ ...told(id, source), kind: 'restore' }]);
    },
    purge: (id, source) => {
      known(id);
      records.delete(id);
      happened([{ ...told(id, source), kind: 'deletion' }]);
    },
    merge: (winner, loser, source) => {
      const [kept, lost] = [known(winner), known(loser)];
      const gained = Object.keys(lost.history).flatMap((name) => {
        const value = propertyOf(type, lost, name);
        return value !== null && propertyOf(type, kept, name) === null ? [[name, value] as const] : [];
      });
      const before = propertyOf(type, kept, 'hs_merged_object_ids')?.split(';') ?? [];
      const theirs = propertyOf(type, lost, 'hs_merged_object_ids')?.split(';') ?? [];
      const emails = type === 'contacts' ? additionalEmails(kept, lost) : {};
      records.set(loser, { ...lost, mergedInto: winner });
      set(
        kept,
        {
          ...Object.fromEntries(gained.filter(([name]) => name !== 'hs_merged_object_ids')),
          ...emails,
          hs_merged_object_ids: [...before, ...theirs, loser].join(';'),
        },
        source,
      );
      happened([{ ...told(winner, source), kind: 'merge', mergedId: loser, moved: gained.length }]);
    },
  };
}

/** The address of a contact that was merged away stays with the other one as a further address. */
function additionalEmails(kept: CrmRecord, lost: CrmRecord): Record<string, string> {
  const held = (record: CrmRecord, name: string) => propertyOf('contacts', record, name)?.split(';') ?? [];
  const main = held(kept, 'email');
  const more = [
    ...held(kept, 'hs_additional_emails'),
    ...held(lost, 'email'),
    ...held(lost, 'hs_additional_emails'),
  ].filter((address) => !main.includes(address));
  return main.length > 0 && more.length > 0 ? { hs_additional_emails: [...new Set(more)].join(';') } : {};
}

function asSeeded({ id, createdAt, modifiedAt, source, properties }: RecordSeed): CrmRecord {
  const entries = Object.entries(properties).filter(([, value]) => value !== '');
  const history = entries.map(([name, value]) => [name, [{ value, timestamp: modifiedAt, ...source }]]);
  return { id, createdAt, archived: false, history: Object.fromEntries(history) };
}

function withChange(
  record: CrmRecord,
  { name, value, at, source }: { name: string; value: string; at: Date; source: Source },
): CrmRecord {
  const entry: HistoryEntry = { value, timestamp: at.toISOString(), ...source };
  const past = record.history[name] ?? [];
  return { ...record, history: { ...record.history, [name]: [entry, ...past].slice(0, historyKept) } };
}

const end = new Date(8.64e15);

/** A property as it was at `at` (left out: as it is now); null = empty. */
export function propertyOf(type: ObjectType, record: CrmRecord, name: string, at: Date = end): string | null {
  if (name === 'hs_object_id') return record.id;
  if (name === 'createdate') return record.createdAt;
  if (name === about[type].modified) return modifiedAt(record, at);
  const entry = record.history[name]?.find(({ timestamp }) => Date.parse(timestamp) <= at.getTime());
  return entry?.value || null;
}

export function modifiedAt(record: CrmRecord, at: Date = end): string {
  const times = Object.values(record.history).flatMap((entries) => entries.map(({ timestamp }) => timestamp));
  const past = times.filter((time) => Date.parse(time) <= at.getTime());
  return past.reduce((latest, time) => (time > latest ? time : latest), record.createdAt);
}
