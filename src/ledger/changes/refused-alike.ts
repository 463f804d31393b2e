import { and, eq, isNotNull, isNull, sql } from 'drizzle-orm';
import type { DbOrTx } from '../db.ts';
import { changes, story } from '../tables/index.ts';

/** One system's one reason for which several records wait. */
export interface RefusedAlike {
  readonly connection: string;
  readonly reason: string;
  readonly records: number;
}

/** The reasons for which at least so many of a flow's changes failed, and still are. */
export async function refusedAlike(db: DbOrTx, flow: string, atLeast: number): Promise<RefusedAlike[]> {
  const why = sql<string>`${story.data} ->> 'reason'`;
  const records = sql<number>`count(distinct ${changes.id})::int`;
  return db
    .select({ connection: sql<string>`${story.connection}`, reason: why, records })
    .from(changes)
    .innerJoin(story, and(eq(story.changeId, changes.id), eq(story.kind, 'failed')))
    .where(
      and(
        eq(changes.flow, flow),
        eq(changes.state, 'failed'),
        isNull(changes.closedAt),
        isNotNull(story.connection),
        sql`${why} = ${changes.holdDetail}`,
      ),
    )
    .groupBy(story.connection, why)
    .having(sql`count(distinct ${changes.id}) >= ${atLeast}`);
}
