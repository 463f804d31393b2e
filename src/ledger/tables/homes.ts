import { boolean, pgTable, text } from 'drizzle-orm/pg-core';
import { instant } from './columns.ts';

/** Who has opened their board in Slack, what they want to see on it, and what it showed last. */
export const homes = pgTable('homes', {
  /** Slack user id. */
  user: text('user').primaryKey(),
  view: text('view').$type<'mine' | 'all'>().notNull(),
  /** False = of many syncs those that are fine share one line. */
  unfolded: boolean('unfolded').notNull().default(false),
  firstAt: instant('first_at').notNull(),
  /** When it was opened, or something was done on it, last: Slack does not say when it is closed. */
  openedAt: instant('opened_at').notNull(),
  publishedAt: instant('published_at').notNull(),
  /** The state words that it showed. */
  shown: text('shown').notNull(),
});
