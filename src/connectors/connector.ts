import type { FieldValue, Observed } from '../entities/field.ts';

/** Why a run, or one connection's part of it, did not work. The closed list that alerts and texts speak from. */
export type FailureCause =
  | 'auth'
  | 'refused'
  | 'unreachable'
  | 'silent'
  | 'busy'
  | 'budget'
  | 'nonsense'
  | 'drift'
  | 'bug';

/** A vendor's key that we map has gone from its answers, while one appeared that we do not know: "renamed", in all likelihood. */
export interface Drift {
  readonly field: string;
  readonly expected: string;
  readonly found: readonly string[];
  /** Where its answers as a whole have changed: the JSON types of the key before and now (none = gone), and since when, ISO 8601. */
  readonly was?: readonly string[];
  readonly is?: readonly string[];
  readonly since?: string;
  /** A value of a closed list that we do not know, such as a status. */
  readonly unknown?: string;
}

/** A second record of the vendor that belongs to an observation. */
export interface AlsoRead {
  readonly role: string;
  readonly externalId: string;
  readonly url: string | null;
}

/** A record of another entity, by its id in the same system. */
export interface Needed {
  readonly entity: string;
  readonly externalId: string;
}

/** One vendor record, mapped to the canonical entity. JSON-safe: it is staged as it is. */
export interface Observation {
  readonly externalId: string;
  readonly role: string;
  /** A link that opens the record in the vendor's own product. */
  readonly url: string | null;
  /** The vendor's modification time, ISO 8601; null where it tells none. */
  readonly vendorAt: string | null;
  /** Out of use there. Of an archived record only its `status` takes part in comparing; one in a recycle bin has none. */
  readonly archived: boolean;
  /** Our own record id, stamped into the vendor's record when we made it or by an approved step; null where there is none. */
  readonly marker: string | null;
  /** The other records of the vendor that this one was put together from, by role: HubSpot's billing contact. */
  readonly also: readonly AlsoRead[];
  /** The records of other entities that this one refers to: it waits until they are where it goes. None = left out. */
  readonly needs?: readonly Needed[];
  /**
   * True for one that the agreement leaves as it is, being from before the day on which it begins: it takes part only where another
   * system has it too. Left out = it takes part.
   */
  readonly leftOut?: true;
  /** Why nothing may be written to it any more, in words: "it is paid", "the period is closed". Left out = it may. */
  readonly locked?: string;
  readonly fields: Readonly<Record<string, Observed>>;
  /** What it says beside its fields, by names that no field has: kept with what was seen, and neither compared nor written. */
  readonly facts?: Readonly<Record<string, Observed>>;
  /** Who changed a field and when, where the vendor tells. Names are plain text, times ISO 8601. */
  readonly editors: Readonly<Record<string, { readonly by: string | null; readonly at: string | null }>>;
  readonly drift: readonly Drift[];
}

/** What came back for one record: mapped, unreadable with the reason (the others go on), merged into another by the vendor, or not there. */
export type ReadItem =
  | { readonly kind: 'read'; readonly observation: Observation; readonly exchangeId: number | null }
  | {
      readonly kind: 'malformed';
      readonly externalId: string;
      readonly reason: string;
      readonly exchangeId: number | null;
    }
  | {
      readonly kind: 'merged';
      readonly externalId: string;
      /** The id under which it lives on. */
      readonly into: string;
      readonly exchangeId: number | null;
    }
  | { readonly kind: 'gone'; readonly externalId: string; readonly exchangeId: number | null };

/** An update of one record by id. Only the named fields are sent; null clears. */
export interface Write {
  /** The intent's id; sent as idempotency key where the vendor has one. */
  readonly key: string;
  readonly changeId: string;
  readonly externalId: string;
  readonly fields: Readonly<Record<string, FieldValue | null>>;
}

/** `saved` means that the vendor said so, not that it is so: the engine reads back. `unknown` = sent, no answer: read before anything else. */
export type WriteOutcome =
  | {
      readonly kind: 'saved';
      readonly key: string;
      readonly exchangeId: number | null;
      /** The vendor's time of the record as our write left it, ISO 8601; left out where it does not tell. */
      readonly vendorAt?: string;
    }
  | {
      readonly kind: 'refused';
      readonly key: string;
      readonly reason: string;
      readonly exchangeId: number | null;
    }
  | {
      readonly kind: 'unknown';
      readonly key: string;
      readonly reason: string;
      readonly exchangeId: number | null;
    };

/** A record to be made where a system lacks it. */
export interface Create {
  /** The intent's id; sent as idempotency key where the vendor has one. */
  readonly key: string;
  readonly changeId: string;
  /** Our record's id, a UUID. Stamped into the new record: by it a create without an answer is found again, and never repeated blindly. */
  readonly marker: string;
  /** Already projected; fields without a value are left out. */
  readonly fields: Readonly<Record<string, FieldValue>>;
  /** The records that it refers to, by their ids in this system, where they are in use. None = left out. */
  readonly needs?: readonly Needed[];
}

/** As for a write. `taken` says that another record has the name (or the like) that must be unique: nothing was made. */
export type CreateOutcome =
  | {
      readonly kind: 'created';
      readonly key: string;
      readonly externalId: string;
      readonly exchangeId: number | null;
    }
  | {
      readonly kind: 'refused';
      readonly key: string;
      readonly reason: string;
      readonly taken: boolean;
      /** True where the record itself lacks what is needed: said of several, it is yet no problem of the system's. */
      readonly ofRecord?: true;
      readonly exchangeId: number | null;
    }
  | {
      readonly kind: 'unknown';
      readonly key: string;
      readonly reason: string;
      readonly exchangeId: number | null;
    };

/** Our record's id, to be written into a record that is there already. */
export interface Mark {
  readonly key: string;
  readonly externalId: string;
  /** Our record's id, a UUID. */
  readonly marker: string;
  /** An id of ours that was just read there and gives way: of a record that it is no more. Null = the place was empty. */
  readonly instead: string | null;
}

/** Where our id has a place in a system's records that people and other programs leave alone. */
export interface Marking {
  /** As it goes on after "in": "the property truce_id". */
  readonly place: string;
  /** What writing costs, beside reading the records first. */
  readonly cost: Cost;
  /**
   * Writes our id and nothing else, and only where the place is empty or holds what gives way; what else is there stays, and is
   * `refused`. One outcome for each; `saved` is the system's word. Throws VendorError only when nothing was sent.
   */
  mark(marks: readonly Mark[], call: CallContext): Promise<readonly WriteOutcome[]>;
}

/** What a system can hold of a value. `lossy` = less than the value itself (a declared loss: no drift, never travels back). */
export interface Projection {
  readonly value: FieldValue | null;
  readonly lossy: boolean;
}

/** For whom a call is made: goes into the log and the `X-Correlation-ID` header. */
export interface CallContext {
  readonly runId: number | null;
  /** The run's correlation ID, or the change's where one change alone is served. */
  readonly correlationId: string;
  readonly changeIds: readonly string[];
  /** True for what a person asked for: it may use the calls that are kept back for people. */
  readonly forPerson?: boolean;
  readonly signal?: AbortSignal;
}

/** So many calls for each so many records, or a part of them. */
export interface Cost {
  readonly calls: number;
  readonly records: number;
}
/** What the work of a run costs in calls: for reckoning beforehand, and no promise. */
export interface Costs {
  readonly read: Cost;
  readonly write: Cost;
  readonly create: Cost;
}

/** The port: one entity's records in one connection. Nothing in the engine knows more of a system than this. */
export interface Connector {
  /** As people call the product: "Cin7 Core". */
  readonly label: string;
  /** What these records are there: `company`, `contact`, `customer`. No two entities of a connection share it, though they may share an id. */
  readonly role: string;
  /** False for a source that is only read. */
  readonly canUpdate: boolean;
  /** True where records can be made; then `create` and `findMade` work. */
  readonly canCreate: boolean;
  /** What it gives each new record by itself, as a number: what the one before had is not asked of one that is made again. */
  readonly gives?: readonly string[];
  /** What work costs in an account of so many records; left out where nobody counts calls. */
  costs?(records: number): Costs;
  /** How far the vendor's list of changes may run behind its records, in ms. The cursor never passes `now - lagMs`. */
  readonly lagMs: number;
  /** How far before the cursor each pull starts again, in ms. */
  readonly overlapMs: number;
  supports(field: string): boolean;
  project(field: string, value: FieldValue | null): Projection;
  /** Pages of what changed in `[since, until]`, values read by id where the list is not to be believed. `since` null = everything. Throws VendorError. */
  changed(since: Date | null, until: Date, call: CallContext): AsyncIterable<readonly ReadItem[]>;
  /** Reads by external id, in any number (batched inside). Every id gets exactly one item. Throws VendorError. */
  read(externalIds: readonly string[], call: CallContext): Promise<readonly ReadItem[]>;
  /** Sends updates, batched where the vendor can; every write gets exactly one outcome. Throws VendorError only when nothing was sent. */
  write(writes: readonly Write[], call: CallContext): Promise<readonly WriteOutcome[]>;
  /** Makes records; every create gets exactly one outcome. Throws VendorError only when nothing was sent. */
  create(creates: readonly Create[], call: CallContext): Promise<readonly CreateOutcome[]>;
  /** Which of these were made after all: marker → external id. Looks by unique key or id, never in a search index. Throws VendorError. */
  findMade(
    creates: readonly Pick<Create, 'marker' | 'fields'>[],
    call: CallContext,
  ): Promise<ReadonlyMap<string, string>>;
  /** How our id is written into records that were there before. Left out where they have no place for it that is ours. */
  readonly marking?: Marking;
  /** What a webhook named may be a part of the record (HubSpot's `contact:5`): the ids to read instead. Left out where hints are ids. Throws VendorError. */
  resolve?(hinted: readonly string[], call: CallContext): Promise<readonly string[]>;
}

/** A call that did not work, in words for people. Holds no secret and no personal value. */
export class VendorError extends Error {
  override readonly name = 'VendorError';
  readonly connection: string;
  readonly failure: FailureCause;
  readonly status: number | null;
  /** When the vendor or the budget lets us go on. */
  readonly resumeAt: Date | null;
  readonly exchangeId: number | null;

  constructor(
    failure: FailureCause,
    connection: string,
    message: string,
    more: {
      status?: number | null;
      resumeAt?: Date | null;
      exchangeId?: number | null;
      cause?: unknown;
    } = {},
  ) {
    super(message, { cause: more.cause });
    this.failure = failure;
    this.connection = connection;
    this.status = more.status ?? null;
    this.resumeAt = more.resumeAt ?? null;
    this.exchangeId = more.exchangeId ?? null;
  }
}
