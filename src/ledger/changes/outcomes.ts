import { and, eq, gte, sql } from 'drizzle-orm';
import type { DbOrTx } from '../db.ts';
import { changes } from '../tables/index.ts';

/** What became of the records whose change began since a time: how many are everywhere, how many a system refuses still. */
export async function outcomesSince(
  db: DbOrTx,
  flow: string,
  since: Date,
): Promise<{ readonly settled: number; readonly refused: number }> {
  const [row] = await db
    .select({
      settled: sql<number>`count(distinct ${changes.recordId}) filter (where ${changes.state} = 'settled')::int`,
      refused: sql<number>`count(*) filter (where ${changes.state} = 'failed' and ${changes.closedAt} is null)::int`,
    })
    .from(changes)
    // What began since was moved since: so the index by its last move finds it.
    .where(and(eq(changes.flow, flow), gte(changes.updatedAt, since), gte(changes.openedAt, since)));
  return { settled: row?.settled ?? 0, refused: row?.refused ?? 0 };
}
