import { and, eq, gte, inArray, isNull, or, sql } from 'drizzle-orm';
import type { DbOrTx } from '../db.ts';
import { changes, conflicts, outbox } from '../tables/index.ts';

/** Decisions that were over before their own message was posted; `by` = a Slack user id, or null where nobody chose in time. */
interface OverInLine {
  readonly by: string | null;
  readonly n: number;
}

/** How many records' decisions of a flow were over since a time while they waited in line, by who decided; the most first. */
export async function overInLine(
  db: DbOrTx,
  { flow, since }: { readonly flow: string; readonly since: Date },
): Promise<OverInLine[]> {
  const by = sql<string | null>`${conflicts.chosen} ->> 'by'`;
  const rows = await db
    .select({ changeId: changes.id, by })
    .from(changes)
    .innerJoin(conflicts, eq(conflicts.changeId, changes.id))
    .innerJoin(outbox, eq(outbox.key, sql`'card:change:' || ${changes.id}`))
    .where(
      and(
        eq(changes.flow, flow),
        gte(changes.updatedAt, since),
        inArray(conflicts.state, ['decided_pending', 'confirmed', 'expired']),
        isNull(outbox.ts),
        // Both are ISO 8601 in UTC, which sorts as it reads.
        or(
          sql`${conflicts.chosen} ->> 'at' >= ${since.toISOString()}`,
          and(isNull(conflicts.chosen), gte(conflicts.closedAt, since)),
        ),
        sql`not exists (select 1 from conflicts other where other.change_id = ${changes.id} and other.closed_at is null and other.state = 'open')`,
      ),
    );
  // Of a record with several details, whoever decided one of them.
  const each = new Map(rows.map((row) => [row.changeId, row.by]));
  for (const row of rows) if (row.by !== null) each.set(row.changeId, row.by);
  return [...Map.groupBy(each.values(), (who) => who)]
    .map(([who, all]) => ({ by: who, n: all.length }))
    .sort((a, b) => Number(a.by === null) - Number(b.by === null) || b.n - a.n);
}
