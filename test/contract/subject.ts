import type { SystemName } from '#src/agreement/agreement.ts';
import type { ManualClock } from '#src/clock.ts';
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
  /** Opens the system with the three customers of `ids` and a connector to it. Whatever it starts ends with the test (`onTestFinished`). */
  open(how?: OpenOptions): Promise<Stage>;
  /** Three customers that are there; the first has a value in every field of `fields`, another one than there. */
  readonly ids: readonly [string, string, string];
  /** An id of the right form under which there is nothing. */
  readonly absentId: string;
  /** One value for every field that the system has, `status` left out. */
  readonly fields: Readonly<Record<string, FieldValue>>;
  /** Fields that an update can empty. */
  readonly clearable: readonly string[];
  /** An update that the system itself refuses, and what it says; null where it takes everything that `project` lets through. */
  readonly refused: { readonly fields: Fields; readonly reason: RegExp } | null;
  /** The fields of a customer that is not there yet; null where none can be made. */
  readonly fresh: Fields | null;
  /** As the account calls itself in `account()`; null where it has no name. */
  readonly account: string | null;
  /** What the system has no way to do, and why: "a file is read whole". */
  readonly cannot: Readonly<Partial<Record<Ability, string>>>;
}

type Fields = Readonly<Record<string, FieldValue>>;

/**
 * Each is either shown, for which the stage must have the hook named behind it, or declined under `cannot`:
 * `update`, `create`, `unique names` (a second customer of one name is refused), `status` (archived and brought back by
 * updates), `pages` (`open({ more })` makes more than one page), `budget` (`calls`), `late listing` (`editLate`),
 * `archived` (`archive`), `archived in lists` (they are listed, not only read), `removal` (`remove`), `malformed records`
 * (`spoil`), `lost answers` (`lose`), `withdrawn access` (`withdraw`), `renewed sign-in` (`expire`), `vendor faults`
 * (`practice`: a vendor over HTTP that can be broken in every way).
 */
export type Ability =
  | 'update'
  | 'create'
  | 'unique names'
  | 'status'
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
  /** True: as many further customers as do not fit into one page of the system's. Their ids are `Stage.more`. */
  readonly more?: boolean;
}

type Maybe<T> = T | Promise<T>;

export interface Stage {
  readonly connector: OneOf;
  /** The connector's and the system's; stands still until it is told, or slept on. */
  readonly clock: ManualClock;
  /** Every call as it was logged; left out where none go over HTTP. */
  readonly log?: { readonly kept: readonly Exchange[] };
  /** Sets a customer's phone as somebody in the system's own product would, now. */
  edit(externalId: string, phone: string): Maybe<void>;
  /** Customers in use. */
  count(): Maybe<number>;
  readonly more?: readonly string[];
  /** Calls so far that count. */
  calls?(): number;
  /** As `edit`, but nobody sees it before the returned function was called, though its time is now. */
  editLate?(externalId: string, phone: string): Promise<() => Promise<void>>;
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
    /** The vendor's key for the e-mail address as drift names it, and the one that the practice vendor renames it to. */
    readonly renamed: { readonly expected: string; readonly found: string };
  };
}
