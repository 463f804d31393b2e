import type fc from 'fast-check';
import type { SystemName } from '#src/agreement/agreement.ts';
import type { ManualClock } from '#src/clock.ts';
import type { Needed } from '#src/connectors/connector.ts';
import type { Exchange } from '#src/connectors/http/log.ts';
import type { FieldValue } from '#src/entities/field.ts';
import type { PracticeVendor } from '#src/playground/vendors/vendor.ts';
import type { OneOf } from '../support/connections.ts';

/**
 * What the suite for every connector must know of a system. To join with a new one: describe it as a `Subject`, call
 * `connectorSuite(subject)` in a file `<system>.contract.int.test.ts` beside this one, and say under `cannot` what the system
 * has no way to do: that is then no gap but a promise, and the suite holds the connector to it where it can.
 */
export interface Subject {
  readonly system: SystemName;
  /** The kind of its records; `customer` if left out. */
  readonly entity?: string;
  /** Opens the system with the three records of `ids` and a connector to it. Whatever it starts ends with the test (`onTestFinished`). */
  open(how?: OpenOptions): Promise<Stage>;
  /** Three records that are there; the first has a value in every field of `fields`, another one than there. */
  readonly ids: readonly [string, string, string];
  /** An id of the right form under which there is nothing. */
  readonly absentId: string;
  /** One value for every field that the system has and takes, `status` left out. */
  readonly fields: Readonly<Record<string, FieldValue>>;
  /** Fields that the system has and that nobody can write, such as a cost that it works out by itself. */
  readonly readOnly?: readonly string[];
  /** Of those the ones in which the first record has no value. */
  readonly unset?: readonly string[];
  /** A field that people type into (`Stage.edit`), and as many values for it as are asked for, each another; phones if left out. */
  readonly probe?: Probe;
  /** What an update may hold that can be sent twice without harm; an ABN if left out. */
  readonly repeatable?: Fields;
  /** Whatever a record may hold of what is written; values of customers if left out. */
  readonly values?: fc.Arbitrary<Fields>;
  /** Fields that an update can empty. */
  readonly clearable: readonly string[];
  /** An update that the system itself refuses, and what it says; null where it takes everything that `project` lets through. */
  readonly refused: { readonly fields: Fields; readonly reason: RegExp } | null;
  /** The fields of a record that is not there yet; null where none can be made. */
  readonly fresh: Fields | null;
  /** Our mark in the first record, where it has one already. */
  readonly marker?: string;
  /** What a new record refers to. */
  readonly freshNeeds?: readonly Needed[];
  /** The field that tells new records apart, and that can be there once where there are `unique names`; `legal_name` if left out. */
  readonly nameField?: string;
  /** As the account calls itself in `account()`; null where it has no name. */
  readonly account: string | null;
  /** What the system has no way to do, and why: "a file is read whole". */
  readonly cannot: Readonly<Partial<Record<Ability, string>>>;
}

type Fields = Readonly<Record<string, FieldValue>>;

export interface Probe {
  readonly field: string;
  value(number: number): string;
}

/**
 * Each is either shown, for which the stage must have the hook named behind it, or declined under `cannot`:
 * `update`, `create`, `mark` (a new record carries our id; else its key tells it), `mark later` (our id can be written into records
 * that are there), `unique names` (a second record of one name is refused), `status` (archived and brought back by
 * updates), `changes since` (it lists only what changed), `pages` (`open({ more })` makes more than one page), `budget` (`calls`),
 * `late listing` (`editLate`),
 * `archived` (`archive`), `archived in lists` (they are listed, not only read), `removal` (`remove`), `malformed records`
 * (`spoil`), `lost answers` (`lose`), `withdrawn access` (`withdraw`), `renewed sign-in` (`expire`), `vendor faults`
 * (`practice`: a vendor over HTTP that can be broken in every way).
 */
export type Ability =
  | 'update'
  | 'create'
  | 'mark'
  | 'mark later'
  | 'unique names'
  | 'status'
  | 'changes since'
  | 'pages'
  | 'budget'
  | 'late listing'
  | 'archived'
  | 'archived in lists'
  | 'removal'
  | 'malformed records'
  | 'lost answers'
  | 'withdrawn access'
  | 'renewed sign-in'
  | 'vendor faults';

export interface OpenOptions {
  readonly callsPerMinute?: number;
  readonly callsPerDay?: number;
  /** True: as many further records as do not fit into one page of the system's. Their ids are `Stage.more`. */
  readonly more?: boolean;
}

type Maybe<T> = T | Promise<T>;

export interface Stage {
  readonly connector: OneOf;
  /** The connector's and the system's; stands still until it is told, or slept on. */
  readonly clock: ManualClock;
  /** Every call as it was logged; left out where none go over HTTP. */
  readonly log?: { readonly kept: readonly Exchange[] };
  /** Sets a record's probe as somebody in the system's own product would, now. */
  edit(externalId: string, value: string): Maybe<void>;
  /** Records in use. */
  count(): Maybe<number>;
  readonly more?: readonly string[];
  /** Calls so far that count. */
  calls?(): number;
  /** As `edit`, but nobody sees it before the returned function was called, though its time is now. */
  editLate?(externalId: string, value: string): Promise<() => Promise<void>>;
  archive?(externalId: string): Maybe<void>;
  remove?(externalId: string): Maybe<void>;
  /** Makes one record unreadable; its id can still be read. */
  spoil?(externalId: string): Maybe<void>;
  /** From now on the answer to every write is lost, before the system did anything or after it did everything; null = no more. */
  lose?(when: 'before' | 'after' | null): Maybe<void>;
  /** From now on we are not let in, whatever we do. */
  withdraw?(): Maybe<void>;
  /** The sign-in that the connector has is no longer good; another one is to be had. */
  expire?(): Maybe<void>;
  readonly practice?: {
    readonly vendor: PracticeVendor;
    readonly renamed: Renamed;
  };
}

/** Our field (`email` if left out), the vendor's key for it as drift names it, and the one that the practice vendor renames it to. */
export interface Renamed {
  readonly field?: string;
  readonly expected: string;
  readonly found: string;
}
