import { sql } from 'drizzle-orm';
import { bigint, index, integer, pgTable, serial, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { instant, jsonb } from './columns.ts';

export type SafetyStopKind = 'writes' | 'blanks' | 'makes' | 'gone';

/** A flow that is about to change more at once than is usual: nothing is written before a person approved it. */
export const safetyStops = pgTable(
  'safety_stops',
  {
    id: serial('id').primaryKey(),
    flow: text('flow').notNull(),
    kind: text('kind').$type<SafetyStopKind>().notNull(),
    state: text('state').$type<'open' | 'approved' | 'refused' | 'over'>().notNull(),
    runId: bigint('run_id', { mode: 'number' }).notNull(),
    revision: integer('revision').notNull(),
    /** Records that would be touched, the usual number, and what it was measured by. */
    counts: jsonb('counts').$type<{ records: number; usual: number; of: number }>().notNull(),
    /** Record ids that the approval covers. */
    covers: jsonb('covers').$type<string[]>().notNull(),
    openedAt: instant('opened_at').notNull(),
    decidedBy: text('decided_by'),
    decidedAt: instant('decided_at'),
  },
  (t) => [
    uniqueIndex('safety_stops_one_open').on(t.flow, t.kind).where(sql`${t.state} = 'open'`),
    index('safety_stops_recent').on(t.flow, t.openedAt),
  ],
);
