import { and, asc, eq, gt, isNull, lte, sql } from 'drizzle-orm';
import type { DbOrTx } from '../db.ts';
import { changes, conflicts } from '../tables/index.ts';

/** A record of which nobody chose in time, and what was agreed for that was done. */
export interface Expired {
  readonly changeId: string;
  readonly title: string;
  readonly fields: readonly { readonly name: string; readonly fallback: 'keep' | 'owner_wins' | 'hold' }[];
}

/** What the clock decided in a flow, oldest first: `since` is not among it, `until` is. What is asked anew by now is left out. */
export async function expiredIn(
  db: DbOrTx,
  { flow, since, until }: { readonly flow: string; readonly since: Date; readonly until: Date },
): Promise<Expired[]> {
  const rows = await db
    .select({
      changeId: changes.id,
      title: changes.subject,
      name: conflicts.field,
      fallback: conflicts.fallback,
    })
    .from(conflicts)
    .innerJoin(changes, eq(changes.id, conflicts.changeId))
    .where(
      and(
        eq(changes.flow, flow),
        // A question that ran out of time moved its change as well: with this all that ever were need not be gone through.
        gt(changes.updatedAt, since),
        eq(conflicts.state, 'expired'),
        isNull(conflicts.chosen),
        gt(conflicts.closedAt, since),
        lte(conflicts.closedAt, until),
        sql`not exists (select 1 from conflicts newer where newer.record_id = ${conflicts.recordId} and newer.field = ${conflicts.field} and newer.closed_at is null)`,
      ),
    )
    .orderBy(asc(conflicts.closedAt), asc(conflicts.id));
  return [...Map.groupBy(rows, ({ changeId }) => changeId)].map(([changeId, list]) => ({
    changeId,
    title: list[0]?.title ?? '',
    fields: list.map(({ name, fallback }) => ({ name, fallback })),
  }));
}
