import { and, desc, eq, lt, sql } from 'drizzle-orm';
import type { DbOrTx } from './db.ts';
import { runs } from './tables/index.ts';
import type { RunNote } from './tables/runs.ts';

/** What a run has to say of itself while it is under way: people see it before it ends. */
export async function noteRun(db: DbOrTx, id: number, notes: readonly RunNote[]): Promise<void> {
  await db
    .update(runs)
    .set({ notes: sql`coalesce(${runs.notes}, '[]'::jsonb) || ${JSON.stringify(notes)}::text::jsonb` })
    .where(and(eq(runs.id, id), eq(runs.state, 'running')));
}

/** True where the flow's run before this one was parked, and left something undone. */
export async function wasParked(
  db: DbOrTx,
  { flow, before }: { readonly flow: string; readonly before: number },
): Promise<boolean> {
  const [last] = await db
    .select({ state: runs.state })
    .from(runs)
    .where(and(eq(runs.flow, flow), lt(runs.id, before)))
    .orderBy(desc(runs.id))
    .limit(1);
  return last?.state === 'parked';
}
