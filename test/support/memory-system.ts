import type { ManualClock } from '#src/clock.ts';
import {
  type Connector,
  type Mark,
  type Marking,
  type Needed,
  type ReadItem,
  VendorError,
} from '#src/connectors/connector.ts';
import type { FieldValue, Observed } from '#src/entities/field.ts';

type Values = Readonly<Record<string, FieldValue | null>>;

export interface MemoryRecord {
  readonly id: string;
  readonly values: Values;
  readonly marker: string | null;
  readonly archived: boolean;
  readonly changedAt: Date;
  /** The id under which it lives on, once it was merged away. */
  readonly into: string | null;
  /** Who changed a field last, where it was told. */
  readonly editors: Readonly<Record<string, string>>;
  /** Records of other entities that it refers to. */
  readonly needs: readonly Needed[];
  /** Why nothing may be written to it; null = it may. */
  readonly locked: string | null;
}

/** How a system answers its next creates and writes: carried out and answered, carried out unheard, lost on the way, or not at all. */
export type Answer = 'heard' | 'unheard' | 'lost' | 'refused' | 'taken' | 'lacking';

/** A system of a few lines in memory: what the engine needs of one, and no vendor's ways. */
export interface MemorySystem {
  readonly connector: Connector;
  readonly records: ReadonlyMap<string, MemoryRecord>;
  /** Answers to come, in order; afterwards every call is heard. */
  readonly answers: Answer[];
  /** Every write that arrived: the id, and the fields that it named. */
  readonly writes: {
    readonly id: string;
    readonly fields: readonly string[];
    readonly wasArchived: boolean;
  }[];
  /** Every mark that arrived: the id, what was to be written there, and what gave way. */
  readonly marks: Mark[];
  /** Writes that arrived at a record that was locked by then: refused. */
  readonly lockedWrites: string[];
  /** As a person in the system's own screen. Returns the id. */
  add(
    values: Values,
    more?: { readonly archived?: boolean; readonly marker?: string; readonly needs?: readonly Needed[] },
  ): string;
  /** Locks a record, or (null) lets it be written to again; `silently` = without a new time of modification. */
  lock(id: string, why: string | null, silently?: boolean): void;
  /** Refers to other records from now on. */
  refer(id: string, needs: readonly Needed[]): void;
  edit(id: string, values: Values, by?: string): void;
  archive(id: string, archived?: boolean): void;
  /** Somebody writes something else into the place for our id, or (null) empties it. */
  remark(id: string, marker: string | null): void;
  merge(loser: string, winner: string): void;
  /** Gone for good. */
  remove(id: string): void;
  /** Cannot be reached at all while true. */
  isDown: boolean;
  /** What its lists leave out, though it is there when asked for by its id. */
  readonly unlisted: Set<string>;
  /** Its lists break off half-way while true. */
  breaksOff: boolean;
  /** The ids of every read, and how often it was asked for a list of everything. */
  readonly asked: { readonly byId: string[]; everything: number };
}

export interface MemorySystemOptions {
  readonly id: string;
  readonly clock: ManualClock;
  /** Fields that it cannot hold. */
  readonly lacks?: readonly string[];
  readonly canUpdate?: boolean;
  readonly canCreate?: boolean;
  readonly hasBin?: boolean;
  /** What its records are; `customer` if left out. Their ids begin with it where it is anything else. */
  readonly role?: string;
  /** True = ids as those of customers, so that one id serves two kinds of record. */
  readonly plainIds?: boolean;
  /** What it fills in by itself in a record that Truce makes, where that does not say. */
  readonly fillsIn?: Values;
  /** The fields that its records have, beside their status; a customer's if left out. */
  readonly fields?: readonly string[];
}

const customerFields = ['legal_name', 'trading_name', 'abn', 'email', 'phone', 'payment_terms'];

export function memorySystem(options: MemorySystemOptions): MemorySystem {
  const { id: connection, clock, lacks = [], canUpdate = true, canCreate = true, hasBin = false } = options;
  const {
    role = 'customer',
    fields: names = customerFields,
    plainIds = role === 'customer',
    fillsIn = {},
  } = options;
  const records = new Map<string, MemoryRecord>();
  let last = 0;
  const put = (id: string, more: Partial<MemoryRecord>) => {
    const before = records.get(id);
    const nothing = { needs: [], locked: null };
    const empty = { id, values: {}, marker: null, archived: false, into: null, editors: {}, ...nothing };
    records.set(id, { ...empty, ...before, ...more, changedAt: clock.now() });
  };
  const insert = (values: Values, more: Partial<MemoryRecord>) => {
    last += 1;
    const id = `${plainIds ? '' : `${role}-`}${connection}-${last}`;
    put(id, { values, ...more });
    return id;
  };
  const supports = (field: string) => !lacks.includes(field);
  const itemOf = (id: string): ReadItem => {
    const record = records.get(id);
    if (!record) return { kind: 'gone', externalId: id, exchangeId: null };
    if (record.into !== null) return { kind: 'merged', externalId: id, into: record.into, exchangeId: null };
    return {
      kind: 'read',
      observation: observationOf(record, { supports, hasBin, role, names }),
      exchangeId: null,
    };
  };
  const down = () => {
    if (system.isDown) throw new VendorError('unreachable', connection, `${connection} cannot be reached`);
  };
  const found = (marker: string) =>
    [...records.values()].find((record) => record.marker === marker && record.into === null)?.id;
  const marking: Marking = {
    place: 'its mark',
    cost: { calls: 1, records: 3 },
    mark: async (wanted) => {
      down();
      return wanted.map((one) => {
        const { key, externalId, marker, instead } = one;
        const exchangeId = null;
        const reason = 'as the test says';
        const answer = system.answers.shift() ?? 'heard';
        const held = records.get(externalId)?.marker ?? null;
        const isOpen = held === null || held === marker || held === instead;
        if (answer === 'refused' || !isOpen) return { kind: 'refused', key, reason, exchangeId };
        if (answer !== 'lost') {
          system.marks.push(one);
          put(externalId, { marker });
        }
        return answer === 'heard'
          ? { kind: 'saved', key, exchangeId }
          : { kind: 'unknown', key, reason, exchangeId };
      });
    },
  };
  const connector: Connector = {
    label: connection,
    marking,
    role,
    canUpdate,
    canCreate,
    lagMs: 10_000,
    overlapMs: 60_000,
    supports,
    project: (field, value) => ({ value: supports(field) ? value : null, lossy: false }),
    async *changed(since, until) {
      down();
      if (!since) system.asked.everything += 1;
      const due = [...records.values()].filter(
        ({ id, changedAt }) =>
          (!since || changedAt >= since) && changedAt <= until && !system.unlisted.has(id),
      );
      if (system.breaksOff) {
        yield due.slice(0, Math.ceil(due.length / 2)).map(({ id }) => itemOf(id));
        throw new VendorError('unreachable', connection, `${connection} broke off`);
      }
      yield due.map(({ id }) => itemOf(id));
    },
    read: async (ids) => {
      down();
      system.asked.byId.push(...ids);
      return ids.map(itemOf);
    },
    write: async (writes) => {
      down();
      return writes.map(({ key, externalId, fields }) => {
        const exchangeId = null;
        if (records.get(externalId)?.locked) {
          system.lockedWrites.push(externalId);
          return { kind: 'refused', key, reason: 'it is locked', exchangeId };
        }
        const answer = system.answers.shift() ?? 'heard';
        const reason = 'as the test says';
        if (answer === 'refused' || answer === 'taken') return { kind: 'refused', key, reason, exchangeId };
        if (answer !== 'lost') {
          const before = records.get(externalId);
          const wasArchived = before?.archived ?? false;
          system.writes.push({ id: externalId, fields: Object.keys(fields), wasArchived });
          const archived = 'status' in fields ? fields.status === 'archived' : wasArchived;
          put(externalId, { values: { ...before?.values, ...fields }, archived });
        }
        return answer === 'heard'
          ? { kind: 'saved', key, exchangeId }
          : { kind: 'unknown', key, reason, exchangeId };
      });
    },
    create: async (creates) => {
      down();
      return creates.map(({ key, marker, fields, needs = [] }) => {
        const answer = system.answers.shift() ?? 'heard';
        const exchangeId = null;
        const reason = 'as the test says';
        if (answer === 'lacking')
          return { kind: 'refused', key, reason, taken: false, ofRecord: true, exchangeId };
        if (answer === 'refused' || answer === 'taken')
          return { kind: 'refused', key, reason, taken: answer === 'taken', exchangeId };
        const externalId = answer === 'lost' ? '' : insert({ ...fillsIn, ...fields }, { marker, needs });
        return answer === 'heard'
          ? { kind: 'created', key, externalId, exchangeId }
          : { kind: 'unknown', key, reason, exchangeId };
      });
    },
    findMade: async (creates) => {
      down();
      return new Map(
        creates.flatMap(({ marker }) => {
          const id = found(marker);
          return id === undefined ? [] : [[marker, id] as const];
        }),
      );
    },
  };
  const system: MemorySystem = {
    connector,
    records,
    answers: [],
    writes: [],
    marks: [],
    lockedWrites: [],
    isDown: false,
    unlisted: new Set(),
    breaksOff: false,
    asked: { byId: [], everything: 0 },
    add: (values, { archived = false, marker = null as string | null, needs = [] } = {}) =>
      insert(values, { archived, marker, needs }),
    lock: (id, why, silently = false) => {
      const before = records.get(id);
      if (before && silently) records.set(id, { ...before, locked: why });
      else put(id, { locked: why });
    },
    refer: (id, needs) => put(id, { needs }),
    edit: (id, values, by) => {
      const { values: before, editors } = records.get(id) ?? {};
      const own = Object.keys(values).flatMap((field) => (by === undefined ? [] : [[field, by]]));
      put(id, { values: { ...before, ...values }, editors: { ...editors, ...Object.fromEntries(own) } });
    },
    archive: (id, archived = true) => put(id, { archived }),
    remark: (id, marker) => put(id, { marker }),
    remove: (id) => void records.delete(id),
    merge: (loser, winner) => {
      put(loser, { into: winner });
      put(winner, {});
    },
  };
  return system;
}

function observationOf(
  { id, values, marker, archived, changedAt, editors, needs, locked }: MemoryRecord,
  {
    supports,
    hasBin,
    role,
    names,
  }: { supports: (field: string) => boolean; hasBin: boolean; role: string; names: readonly string[] },
) {
  const observe = (field: string): Observed => {
    if (!supports(field)) return { state: 'unsupported' };
    if (field === 'status') {
      if (archived && hasBin) return { state: 'not_read' };
      return { state: 'value', value: archived ? 'archived' : 'active' };
    }
    const value = values[field] ?? null;
    return value === null ? { state: 'blank' } : { state: 'value', value };
  };
  return {
    externalId: id,
    role,
    url: null,
    vendorAt: changedAt.toISOString(),
    archived,
    marker,
    also: [],
    ...(needs.length > 0 ? { needs } : {}),
    ...(locked === null ? {} : { locked }),
    fields: Object.fromEntries([...names, 'status'].map((field) => [field, observe(field)])),
    editors: Object.fromEntries(
      Object.entries(editors).map(([field, by]) => [field, { by, at: changedAt.toISOString() }]),
    ),
    drift: [],
  };
}
