import { sql } from 'drizzle-orm';
import { boolean, index, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { instant, jsonb, type Veiled } from './columns.ts';

/** What is put back: what a change wrote to one system, a change, all that a run wrote, or another rollback. */
export type RollbackScope = 'write' | 'change' | 'run' | 'rollback';
/** `asked` until a run has read what is there now; `dropped` where nobody approved it, or where that could not be read. */
export type RollbackState = 'asked' | 'previewed' | 'under_way' | 'done' | 'dropped';

/** Putting back what was there before a write, a change or a run. A decision of a person, with a correlation ID of its own. */
export const rollbacks = pgTable(
  'rollbacks',
  {
    /** A correlation ID. */
    id: text('id').primaryKey(),
    flow: text('flow').notNull(),
    scope: text('scope').$type<RollbackScope>().notNull(),
    /** The reference of the change, the run, or the rollback that this one reverses; of a write `<change>/<connection>`. */
    target: text('target').notNull(),
    state: text('state').$type<RollbackState>().notNull(),
    by: text('by').notNull(),
    askedAt: instant('asked_at').notNull(),
    /** When what is there now was read. */
    previewedAt: instant('previewed_at'),
    approvedAt: instant('approved_at'),
    finishedAt: instant('finished_at'),
    /** Why it was dropped, in words for people. */
    note: text('note'),
  },
  (t) => [
    index('rollbacks_recent').on(t.flow, t.askedAt),
    index('rollbacks_waiting').on(t.flow).where(sql`${t.state} in ('asked', 'under_way')`),
    index('rollbacks_by_target').on(t.target),
  ],
);

/** `goes_back` until it went; `changed_since` = somebody changed it after us; `cannot` = the system does not let it be taken back. */
export type RollbackVerdict = 'goes_back' | 'changed_since' | 'cannot' | 'as_before';

/** Why something cannot be put back. */
export type RollbackWhy =
  /** Truce made the record, and unmakes none. */
  | 'made'
  | 'gone'
  | 'merged'
  | 'archived'
  /** The record is another one's there by now. */
  | 'other_record'
  | 'unreadable'
  | 'locked'
  | 'read_only'
  /** The agreement no longer keeps this field, or this system, in step. */
  | 'left'
  /** A question to a person is open about it. */
  | 'asking'
  /** A newer value is on its way. */
  | 'newer'
  /** One person alone does not change it. */
  | 'two_people';

/** One field of one record in one system that is put back, or is not, and why. Of several writes to it the first one's before-image counts, and the last one's value. */
export const rollbackItems = pgTable(
  'rollback_items',
  {
    rollbackId: text('rollback_id')
      .notNull()
      .references(() => rollbacks.id),
    recordId: text('record_id').notNull(),
    connection: text('connection').notNull(),
    /** `*` = the whole record, which Truce made. */
    field: text('field').notNull(),
    intentId: text('intent_id').notNull(),
    changeId: text('change_id').notNull(),
    /** What we wrote, what was there before, and what is there now; of what is sealed `true`, or null where it is empty. */
    written: jsonb('written').$type<Veiled>(),
    before: jsonb('before').$type<Veiled>(),
    found: jsonb('found').$type<Veiled>(),
    /** The values, under the record's key; null = they stand in the columns above. */
    sealed: text('sealed'),
    verdict: text('verdict').$type<RollbackVerdict>().notNull(),
    /** A {@link RollbackWhy}; of a refusal the vendor's words. */
    why: text('why'),
    /** Who changed it since, where the vendor tells, or the reference of what Truce itself wrote later. */
    changedBy: text('changed_by'),
    /** Null until it was carried out. `moved` = changed between the preview and the writing: left as it is. */
    outcome: text('outcome').$type<'put_back' | 'refused' | 'moved'>(),
    /** The change and the intent that put it back. */
    backChangeId: text('back_change_id'),
    backIntentId: text('back_intent_id'),
    /** The value was still on its way to other systems; that was dropped. */
    tookPending: boolean('took_pending').notNull().default(false),
    /** When the record was done with: what is agreed, and what is put aside. */
    concludedAt: instant('concluded_at'),
  },
  (t) => [
    primaryKey({ columns: [t.rollbackId, t.recordId, t.connection, t.field] }),
    index('rollback_items_plain').on(t.recordId).where(sql`${t.sealed} is null`),
    index('rollback_items_back').on(t.backIntentId).where(sql`${t.backIntentId} is not null`),
    index('rollback_items_back_change').on(t.backChangeId).where(sql`${t.backChangeId} is not null`),
  ],
);
