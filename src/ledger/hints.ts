import { eq, inArray, sql } from 'drizzle-orm';
import type { DbOrTx } from './db.ts';
import { hints } from './tables/index.ts';

export type Hint = typeof hints.$inferSelect;

/** Keeps that these records of a connection changed: one row a record, however often it is said. Commits before it returns. */
export async function addHints(
  db: DbOrTx,
  { connection, externalIds, now }: { connection: string; externalIds: readonly string[]; now: Date },
): Promise<void> {
  // In one order everywhere, so that two webhooks at once cannot wait for each other.
  const ids = [...new Set(externalIds)].sort();
  if (ids.length === 0) return;
  await db
    .insert(hints)
    .values(ids.map((externalId) => ({ connection, externalId, receivedAt: now, events: 1 })))
    .onConflictDoUpdate({
      target: [hints.connection, hints.externalId],
      set: {
        receivedAt: sql`greatest(${hints.receivedAt}, excluded.received_at)`,
        events: sql`${hints.events} + 1`,
      },
    });
}

/** The hints of a connection that wait, oldest first. They stay until they are forgotten. */
export async function waitingHints(db: DbOrTx, connection: string): Promise<Hint[]> {
  return db
    .select()
    .from(hints)
    .where(eq(hints.connection, connection))
    .orderBy(hints.receivedAt, hints.externalId);
}

/** True iff any of these connections has a hint that waits. */
export async function hasHints(db: DbOrTx, connections: readonly string[]): Promise<boolean> {
  const rows = await db
    .select({ one: sql`1` })
    .from(hints)
    .where(inArray(hints.connection, [...connections]))
    .limit(1);
  return rows.length > 0;
}

/**
 * Forgets hints whose records have been read and stored. One that came again after it was taken is kept, by its count: clocks
 * of two replicas, or two events in one millisecond, cannot hide it.
 */
export async function forgetHints(db: DbOrTx, taken: readonly Hint[]): Promise<void> {
  if (taken.length === 0) return;
  const rows = taken.map(({ connection, externalId, receivedAt, events }) => ({
    connection,
    external_id: externalId,
    received_at: receivedAt.toISOString(),
    events,
  }));
  await db.execute(sql`
    delete from ${hints} h
    using jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)
      as t(connection text, external_id text, received_at timestamptz, events integer)
    where h.connection = t.connection and h.external_id = t.external_id
      and h.received_at <= t.received_at and h.events <= t.events`);
}
