import { sql } from 'drizzle-orm';
import {
  bigint,
  bigserial,
  boolean,
  foreignKey,
  index,
  integer,
  pgTable,
  primaryKey,
  serial,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import type { AlsoRead, Needed } from '../../connectors/connector.ts';
import type { FieldValue, Observed, ObservedState } from '../../entities/field.ts';
import type { HoldReason } from './changes.ts';
import { instant, jsonb, type Veiled } from './columns.ts';

/** One business thing of an entity. `keyValue` is its strong key (the ABN's 11 digits for a customer), null while it has none. */
export const records = pgTable(
  'records',
  {
    id: text('id').primaryKey(),
    entity: text('entity').notNull(),
    title: text('title').notNull(),
    keyValue: text('key_value'),
    createdAt: instant('created_at').notNull(),
    /** The record that it turned out to be one with, by its key or by a vendor's merge; a person's word is in `likenesses`. */
    wentInto: text('went_into'),
  },
  (t) => [
    uniqueIndex('records_strong_key').on(t.entity, t.keyValue),
    index('records_gone_into').on(t.wentInto).where(sql`${t.wentInto} is not null`),
  ],
);

/** Which external id of a connection plays which role of a record. `how` says by what evidence the link was made. */
export const links = pgTable(
  'links',
  {
    recordId: text('record_id')
      .notNull()
      .references(() => records.id),
    connection: text('connection').notNull(),
    role: text('role').notNull(),
    externalId: text('external_id').notNull(),
    how: text('how').notNull(),
    linkedAt: instant('linked_at').notNull(),
    archived: boolean('archived').notNull().default(false),
    url: text('url'),
    /** The vendor's other records that this one was put together from, such as HubSpot's billing contact. */
    also: jsonb('also').$type<AlsoRead[]>().notNull().default([]),
    /** The records of other entities, by their ids in the same system, that it refers to. */
    needs: jsonb('needs').$type<Needed[]>().notNull().default([]),
    /** Why the system lets nothing be written to it any more; null = it does. */
    locked: text('locked'),
    /** When that was first seen of it. */
    lockedAt: instant('locked_at'),
    /** The vendor's own time of the newest state that we read or wrote; an older observation is dropped. */
    vendorAt: instant('vendor_at'),
    /** When we last read it. */
    readAt: instant('read_at'),
    /** The print of what was read then, with nothing of it left to do: read the same again, it needs no look. Null = it does. */
    print: text('print'),
  },
  (t) => [
    primaryKey({ columns: [t.recordId, t.connection, t.role] }),
    uniqueIndex('links_external').on(t.connection, t.externalId, t.role),
  ],
);

/** Per field of a record, the one value last settled between all systems. No reference to the record, as to look at it for each row took most of the time of storing one; nothing ever deletes a record. */
export const agreed = pgTable(
  'agreed',
  {
    recordId: text('record_id').notNull(),
    field: text('field').notNull(),
    value: jsonb('value').$type<FieldValue>(),
    settledAt: instant('settled_at').notNull(),
    /** Who or what settled it: a Slack user id, `rule:overwrite`, `rule:review`, `first_load`, `same`. */
    settledBy: text('settled_by').notNull(),
    changeId: text('change_id'),
    agreementVersion: bigint('agreement_version', { mode: 'number' }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.recordId, t.field] })],
);

/**
 * What each connection was last seen with, field by field, observed there or read back after our own write. How and when a
 * value came is in `sightings`.
 */
export const bases = pgTable(
  'bases',
  {
    recordId: text('record_id').notNull(),
    connection: text('connection').notNull(),
    role: text('role').notNull(),
    fields: jsonb('fields').$type<Record<string, Observed>>().notNull(),
    /** When it last moved. */
    at: instant('at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.recordId, t.connection] }),
    foreignKey({
      columns: [t.recordId, t.connection, t.role],
      foreignColumns: [links.recordId, links.connection, links.role],
    }),
  ],
);

/** What was seen anew of a record in a system: one row for each reading, or reading back, that differed. For ever: what `why` tells. */
export const sightings = pgTable(
  'sightings',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    recordId: text('record_id').notNull(),
    connection: text('connection').notNull(),
    at: instant('at').notNull(),
    /** The vendor's own time of it, where it tells one. */
    vendorAt: instant('vendor_at'),
    origin: text('origin').$type<'observed' | 'read_back'>().notNull(),
    runId: bigint('run_id', { mode: 'number' }),
    exchangeId: bigint('exchange_id', { mode: 'number' }),
    /** Only the fields that differed from what was seen before: of what is sealed their state alone. */
    fields: jsonb('fields').$type<Record<string, Veiled>>().notNull(),
    /** The values, and who changed them, under the record's key; null = they stand in `fields`. */
    sealed: text('sealed'),
  },
  (t) => [
    index('sightings_by_record').on(t.recordId, t.id),
    index('sightings_plain').on(t.id).where(sql`${t.sealed} is null`),
  ],
);

export interface Sighted {
  state: ObservedState;
  value?: FieldValue | null;
  /** Who changed it there, where the vendor tells. */
  by?: string | null;
}

/** What was agreed on anew, and by what: the history of `agreed`. */
export const settlements = pgTable(
  'settlements',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    recordId: text('record_id').notNull(),
    at: instant('at').notNull(),
    changeId: text('change_id'),
    /** As in `agreed.settled_by`. */
    by: text('by').notNull(),
    agreementVersion: bigint('agreement_version', { mode: 'number' }).notNull(),
    /** Of what is sealed `true`, or null where it was empty. */
    fields: jsonb('fields').$type<Record<string, Veiled>>().notNull(),
    /** The values, under the record's key; null = they stand in `fields`. */
    sealed: text('sealed'),
  },
  (t) => [
    index('settlements_by_record').on(t.recordId, t.id),
    index('settlements_plain').on(t.id).where(sql`${t.sealed} is null`),
  ],
);

/**
 * `suspected`: a listing of everything did not name it, and nobody has asked for it by its id yet. `confirmed`: it is gone, and
 * nothing has followed from that yet. `asked`: a person is asked what follows. `answered`: it is gone, and what follows is known.
 * `over`: it is there after all, came back, or something else took its place.
 */
export type AbsenceState = 'suspected' | 'confirmed' | 'asked' | 'answered' | 'over';
export type AbsenceChoice = 'archive' | 'keep' | 'make';
/** What followed: it was archived elsewhere, kept there, made again, let go by rule; or it came back by itself. */
export type AbsenceEnd = 'archive' | 'keep' | 'make' | 'ignore' | 'back';

/** A record that is gone from a system, or may be. While it is gone its link says so, and takes part in nothing. */
export const absences = pgTable(
  'absences',
  {
    id: serial('id').primaryKey(),
    flow: text('flow').notNull(),
    recordId: text('record_id').notNull(),
    connection: text('connection').notNull(),
    externalId: text('external_id').notNull(),
    state: text('state').$type<AbsenceState>().notNull(),
    since: instant('since').notNull(),
    confirmedAt: instant('confirmed_at'),
    /** By what evidence it was linked before it was gone. */
    how: text('how'),
    /** The name of the record that the system merged it into; null = it is simply gone. */
    mergedInto: text('merged_into'),
    /** The change that tells of it. */
    changeId: text('change_id'),
    /** Counts every change of what its message shows; a press made on an older one is refused. */
    revision: integer('revision').notNull().default(1),
    /** What a person may choose, once one is asked. */
    choices: jsonb('choices').$type<AbsenceChoice[]>().notNull().default([]),
    ended: text('ended').$type<AbsenceEnd>(),
    /** Slack user id, or `rule:when_gone`. */
    endedBy: text('ended_by'),
    endedAt: instant('ended_at'),
    /** When what a person or a rule chose was done in every system. */
    doneAt: instant('done_at'),
  },
  (t) => [
    uniqueIndex('absences_one_open').on(t.recordId, t.connection).where(sql`${t.state} <> 'over'`),
    index('absences_open').on(t.flow, t.state).where(sql`${t.state} <> 'over'`),
  ],
);

/** A field of a record that nothing is written to, until its owner's value changes or a person releases it. */
export const fieldHolds = pgTable(
  'field_holds',
  {
    recordId: text('record_id').notNull(),
    field: text('field').notNull(),
    reason: text('reason').$type<HoldReason>().notNull(),
    /** What each system held when it was put aside, by connection: another value of the owner's ends the hold. */
    found: jsonb('found').$type<Record<string, FieldValue | null>>().notNull(),
    since: instant('since').notNull(),
    /** Slack user id, or `rule:<name>`. */
    by: text('by').notNull(),
    rollbackId: text('rollback_id'),
    /** When a person released it: it goes once it was decided anew. */
    releasedAt: instant('released_at'),
    releasedBy: text('released_by'),
  },
  (t) => [primaryKey({ columns: [t.recordId, t.field] }), index('field_holds_by_rollback').on(t.rollbackId)],
);
