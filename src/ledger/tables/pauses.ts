import { sql } from 'drizzle-orm';
import { index, integer, pgTable, serial, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { instant } from './columns.ts';

/** A flow that somebody stopped for a while: none of its runs begins by itself until it goes on. */
export const pauses = pgTable(
  'pauses',
  {
    id: serial('id').primaryKey(),
    flow: text('flow').notNull(),
    /** Slack user id. */
    by: text('by').notNull(),
    at: instant('at').notNull(),
    /** When it goes on by itself; null = when a person says so. */
    until: instant('until'),
    /** Counts what was said of it: the end may be put off or brought forward. */
    revision: integer('revision').notNull().default(1),
    /** When it went on; `ended_by` is null where its time had come. */
    endedAt: instant('ended_at'),
    endedBy: text('ended_by'),
  },
  (t) => [
    uniqueIndex('pauses_one_open').on(t.flow).where(sql`${t.endedAt} is null`),
    index('pauses_recent').on(t.flow, t.id),
  ],
);
