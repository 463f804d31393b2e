import { sql } from 'drizzle-orm';
import { boolean, integer, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { instant, jsonb } from './columns.ts';

export type AgreementState = 'active' | 'proposed' | 'replaced' | 'refused';

/** By flow and field, how many records the new version would write, ask about, withdraw a question of, or hold. */
export interface AgreementPreview {
  flows: Record<string, Record<string, PreviewCounts>>;
}
export interface PreviewCounts {
  writes: number;
  asks: number;
  withdraws: number;
  holds: number;
  /** At most five, by title. */
  examples: string[];
}

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
    state: text('state').$type<AgreementState>().notNull().default('replaced'),
    /** What it would set apart, counted when it was imported. */
    preview: jsonb('preview').$type<AgreementPreview>(),
    revision: integer('revision').notNull().default(1),
    decidedBy: text('decided_by'),
    decidedAt: instant('decided_at'),
  },
  (t) => [uniqueIndex('agreement_one_active').on(t.active).where(sql`${t.active}`)],
);
