import { and, eq, sql } from 'drizzle-orm';
import type { DbOrTx } from '../db.ts';
import { runs } from '../tables/index.ts';
import type { RunNote } from '../tables/runs.ts';

/** What a run has to say of itself while it is under way: people see it before it ends. */
export async function noteRun(db: DbOrTx, id: number, notes: readonly RunNote[]): Promise<void> {
  await db
    .update(runs)
    .set({ notes: sql`coalesce(${runs.notes}, '[]'::jsonb) || ${JSON.stringify(notes)}::text::jsonb` })
    .where(and(eq(runs.id, id), eq(runs.state, 'running')));
}
