import { index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { instant } from './columns.ts';

/** That our ids may be written into the records of an entity that were in a connection before; one row once a person approved it. */
export const markings = pgTable(
  'markings',
  {
    connection: text('connection').notNull(),
    entity: text('entity').notNull(),
    /** Slack user id. */
    approvedBy: text('approved_by').notNull(),
    approvedAt: instant('approved_at').notNull(),
    /** When nothing was left to write for the first time; records that are linked later get theirs all the same. */
    doneAt: instant('done_at'),
    /** When a look last found nothing to write. */
    quietAt: instant('quiet_at'),
  },
  (t) => [primaryKey({ columns: [t.connection, t.entity] })],
);

/**
 * What is known of the place for our id in a vendor's record, where we wrote there, tried to, or read an id of ours. By the vendor's
 * own id: when the record becomes another one of ours, its place is to be written anew.
 */
export const marks = pgTable(
  'marks',
  {
    connection: text('connection').notNull(),
    role: text('role').notNull(),
    externalId: text('external_id').notNull(),
    /** What was last read there; null = nothing that we know as an id of ours, or it was not read. */
    marker: text('marker'),
    /** Our record's id that was to be written there. */
    wanted: text('wanted'),
    /** How often it was sent. */
    tries: integer('tries').notNull().default(0),
    /** Why it was left as it is, in words; null = it was not. */
    reason: text('reason'),
    at: instant('at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.connection, t.role, t.externalId] }),
    index('marks_by_marker').on(t.marker),
    index('marks_by_wanted').on(t.wanted),
  ],
);
