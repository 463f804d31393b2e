import { index, pgTable, text } from 'drizzle-orm/pg-core';
import { instant, jsonb } from './columns.ts';

/** One of the decisions that are answered together, as it was when somebody looked. */
export interface ManyItem {
  readonly changeId: string;
  /** The revision that was looked at: one that has moved since is left out. */
  readonly revision: number;
}

/** The same answer for many decisions at once: what somebody was shown, and whether they took it. */
export const manyAnswers = pgTable(
  'many_answers',
  {
    id: text('id').primaryKey(),
    flow: text('flow').notNull(),
    field: text('field').notNull(),
    /** A connection, or `agreed`. */
    from: text('from').notNull(),
    /** Who looked, by Slack user id: nobody else can take it. */
    by: text('by').notNull(),
    items: jsonb('items').$type<ManyItem[]>().notNull(),
    at: instant('at').notNull(),
    takenAt: instant('taken_at'),
  },
  (t) => [index('many_answers_age').on(t.at)],
);
