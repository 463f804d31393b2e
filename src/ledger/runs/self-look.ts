import { and, eq, gt, inArray, lt, lte, ne, sql } from 'drizzle-orm';
import type { DbOrTx, Tx } from '../db.ts';
import { facts, outbox } from '../tables/index.ts';

/** Wake-ups that nobody took for some minutes: then the queue does not move. */
export interface QueueState {
  readonly waiting: number;
  readonly oldest: Date | null;
}

/** The queue keeps its own tables, and no others know of it; 0 where it has never been started. */
export async function queueState(db: DbOrTx, { olderThan }: { olderThan: Date }): Promise<QueueState> {
  const [there] = await db.execute<{ name: string | null }>(
    sql`select to_regclass('pgboss.job')::text as name`,
  );
  if (!there?.name) return { waiting: 0, oldest: null };
  const [row] = await db.execute<{ waiting: number; oldest: string | null }>(sql`
    select count(*)::int as waiting, min(start_after) as oldest from pgboss.job
    where state = 'created' and start_after < ${olderThan.toISOString()}::timestamptz`);
  return { waiting: row?.waiting ?? 0, oldest: row?.oldest ? new Date(row.oldest) : null };
}

/** Messages that were tried and did not go out, and for how many of them their channel is at fault. */
export async function stuckPosts(
  db: DbOrTx,
  { olderThan }: { olderThan: Date },
): Promise<{ readonly waiting: number; readonly unplaceable: number }> {
  const tried = and(ne(outbox.state, 'sent'), gt(outbox.attempts, 0), lt(outbox.createdAt, olderThan));
  const [waiting, unplaceable] = await Promise.all([
    db.$count(outbox, and(tried, inArray(outbox.state, ['waiting', 'unknown', 'sending']))),
    db.$count(outbox, eq(outbox.state, 'unplaceable')),
  ]);
  return { waiting, unplaceable };
}

/** What time the database says it is. */
export async function databaseTime(db: DbOrTx): Promise<Date> {
  const [row] = await db.execute<{ ms: number }>(
    sql`select (extract(epoch from clock_timestamp()) * 1000)::float as ms`,
  );
  return new Date(row?.ms ?? Number.NaN);
}

const factName = 'looked_itself_over';

/** Takes on the next look that Truce takes at itself; false where one was taken after `before`, be it by another replica. */
export async function takeLook(
  db: DbOrTx,
  { now, before }: { readonly now: Date; readonly before: Date },
): Promise<boolean> {
  const taken = await db
    .insert(facts)
    .values({ name: factName, value: { told: [] }, at: now })
    .onConflictDoUpdate({ target: facts.name, set: { at: now }, setWhere: lte(facts.at, before) })
    .returning({ name: facts.name });
  return taken.length === 1;
}

/** Of these causes, those that nobody was told of since they came; all are remembered, and forgotten once they are gone. */
export async function newCauses(tx: Tx, causes: readonly string[]): Promise<string[]> {
  const [row] = await tx.select().from(facts).where(eq(facts.name, factName)).for('update');
  const told = (row?.value as { told?: readonly string[] } | undefined)?.told ?? [];
  await tx
    .update(facts)
    .set({ value: { told: [...causes] } })
    .where(eq(facts.name, factName));
  return causes.filter((cause) => !told.includes(cause));
}
