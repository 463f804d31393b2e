import { index, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { instant } from './columns.ts';

/** Every time that somebody was called: by a mention, a broadcast or a direct message. What else is said calls nobody. */
export const interruptions = pgTable(
  'interruptions',
  {
    /** What called them: a message's key, or what happened. The same again is the same call. */
    key: text('key').notNull(),
    /** A Slack user id, or that of a user group. */
    person: text('person').notNull(),
    flow: text('flow').notNull(),
    kind: text('kind').notNull(),
    /** What it was about: nobody is called twice about one thing within an hour. */
    cause: text('cause').notNull(),
    at: instant('at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.key, t.person] }), index('interruptions_of_person').on(t.person, t.at)],
);
