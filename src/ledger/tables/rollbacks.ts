import { index, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import type { FieldValue } from '../../entities/field.ts';
import { instant, jsonb } from './columns.ts';

export type RollbackScope = 'write' | 'change' | 'run';
export type RollbackState = 'previewed' | 'under_way' | 'done' | 'dropped';

/** Putting back what was there before a write, a change or a run. A decision of a person, with a correlation ID of its own. */
export const rollbacks = pgTable(
  'rollbacks',
  {
    /** A correlation ID. */
    id: text('id').primaryKey(),
    flow: text('flow').notNull(),
    scope: text('scope').$type<RollbackScope>().notNull(),
    /** The intent's, the change's or the run's id, or the rollback's that this one reverses. */
    target: text('target').notNull(),
    state: text('state').$type<RollbackState>().notNull(),
    by: text('by').notNull(),
    askedAt: instant('asked_at').notNull(),
    approvedAt: instant('approved_at'),
    finishedAt: instant('finished_at'),
  },
  (t) => [index('rollbacks_recent').on(t.flow, t.askedAt)],
);

/** `goes_back` until it went; `changed_since` = somebody changed it after us; `cannot` = the system does not let it be taken back. */
export type RollbackVerdict = 'goes_back' | 'changed_since' | 'cannot' | 'as_before';

/** One field of one write that is put back, or is not, and why. */
export const rollbackItems = pgTable(
  'rollback_items',
  {
    rollbackId: text('rollback_id')
      .notNull()
      .references(() => rollbacks.id),
    recordId: text('record_id').notNull(),
    connection: text('connection').notNull(),
    field: text('field').notNull(),
    intentId: text('intent_id').notNull(),
    changeId: text('change_id').notNull(),
    /** What we wrote, what was there before, and what is there now. */
    written: jsonb('written').$type<FieldValue>(),
    before: jsonb('before').$type<FieldValue>(),
    found: jsonb('found').$type<FieldValue>(),
    verdict: text('verdict').$type<RollbackVerdict>().notNull(),
    why: text('why'),
    outcome: text('outcome').$type<'put_back' | 'refused' | 'moved'>(),
  },
  (t) => [primaryKey({ columns: [t.rollbackId, t.recordId, t.connection, t.field] })],
);
