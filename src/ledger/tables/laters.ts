import { index, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { changes } from './changes.ts';
import { instant } from './columns.ts';

/** Who wants to hear of a decision later: until then they, and only they, are not reminded of it. */
export const laters = pgTable(
  'laters',
  {
    changeId: text('change_id')
      .notNull()
      .references(() => changes.id),
    /** A Slack user id. */
    by: text('by').notNull(),
    at: instant('at').notNull(),
    until: instant('until').notNull(),
  },
  (t) => [primaryKey({ columns: [t.changeId, t.by] }), index('laters_of_person').on(t.by, t.until)],
);
