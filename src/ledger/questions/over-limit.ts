import { and, asc, eq, isNull, lte, min, sql } from 'drizzle-orm';
import type { DbOrTx } from '../db.ts';
import { changes, conflicts } from '../tables/index.ts';

/** A record with decisions whose time is over, and that go on waiting for a person all the same. */
export interface OverLimit {
  readonly changeId: string;
  readonly title: string;
  /** The first of the limits that are over. */
  readonly since: Date;
}

const late = (flow: string, now: Date) =>
  and(
    eq(conflicts.flow, flow),
    eq(conflicts.state, 'open'),
    isNull(conflicts.closedAt),
    eq(conflicts.fallback, 'hold'),
    lte(conflicts.deadline, now),
  );

/** Those of a flow whose time was over first come first. */
export async function overLimit(
  db: DbOrTx,
  { flow, now }: { readonly flow: string; readonly now: Date },
): Promise<OverLimit[]> {
  const rows = await db
    .select({ changeId: changes.id, title: changes.subject, since: min(conflicts.deadline) })
    .from(conflicts)
    .innerJoin(changes, eq(changes.id, conflicts.changeId))
    .where(late(flow, now))
    .groupBy(changes.id, changes.subject)
    .orderBy(asc(min(conflicts.deadline)), asc(changes.id));
  return rows.flatMap(({ since, ...row }) => (since ? [{ ...row, since }] : []));
}

/** Has the messages of these say so, once for each limit that is over. */
export async function redrawOverLimit(
  db: DbOrTx,
  { flow, now }: { readonly flow: string; readonly now: Date },
): Promise<void> {
  const found = db
    .select({
      key: sql<string>`'card:change:' || ${conflicts.changeId}`.as('key'),
      over: sql<string>`count(*) || ':' || extract(epoch from max(${conflicts.deadline}))`.as('over'),
    })
    .from(conflicts)
    .where(late(flow, now))
    .groupBy(conflicts.changeId);
  await db.execute(sql`
    update outbox set wanted = wanted + 1, params = params || jsonb_build_object('over', late.over),
      state = case when state in ('sending', 'unknown') then state else 'waiting' end
    from (${found}) late
    where outbox.key = late.key and outbox.ts is not null and outbox.params ->> 'over' is distinct from late.over`);
}
