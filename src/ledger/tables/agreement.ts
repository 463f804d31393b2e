import { sql } from 'drizzle-orm';
import { boolean, integer, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { instant, jsonb } from './columns.ts';

/** Each imported version of the agreement; exactly one is active for all replicas, and every write cites it. */
export const agreementVersions = pgTable(
  'agreement_versions',
  {
    version: integer('version').primaryKey(),
    hash: text('hash').notNull(),
    body: jsonb('body').notNull(),
    importedAt: instant('imported_at').notNull(),
    source: text('source').notNull(),
    active: boolean('active').notNull(),
  },
  (t) => [uniqueIndex('agreement_one_active').on(t.active).where(sql`${t.active}`)],
);
