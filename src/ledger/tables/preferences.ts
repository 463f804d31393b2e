import { pgTable, text } from 'drizzle-orm/pg-core';
import { instant } from './columns.ts';

/** How somebody wants to be told. Whoever is not in here is told as the agreement has it. */
export const preferences = pgTable('preferences', {
  /** Slack user id. */
  user: text('user').primaryKey(),
  /** At nine and at two, or in the morning alone. */
  slots: text('slots').$type<'twice' | 'morning'>().notNull(),
  /** Whether a flow that is urgent may call them outside working hours. */
  outside: text('outside').$type<'urgent' | 'never'>().notNull(),
  at: instant('at').notNull(),
});
