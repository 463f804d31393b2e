import { and, eq, isNull, sql } from 'drizzle-orm';
import { changes, conflicts } from '../ledger/tables/index.ts';
import type { RunContext } from './context.ts';

/** Decisions and waiting changes of the flow as they stand now. */
export async function countOpen({
  db,
  flow,
}: Pick<RunContext, 'db' | 'flow'>): Promise<{ conflicts: number; held: number }> {
  const count = sql<number>`count(*)::int`;
  const [open] = await db
    .select({ count })
    .from(conflicts)
    .where(and(eq(conflicts.flow, flow.id), eq(conflicts.state, 'open'), isNull(conflicts.closedAt)));
  const [held] = await db
    .select({ count })
    .from(changes)
    .where(and(eq(changes.flow, flow.id), eq(changes.state, 'held'), isNull(changes.closedAt)));
  return { conflicts: open?.count ?? 0, held: held?.count ?? 0 };
}
