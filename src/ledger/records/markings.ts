import { and, eq, isNull } from 'drizzle-orm';
import type { DbOrTx } from '../db.ts';
import { markings } from '../tables/index.ts';

/** A person's word that our ids may be written into the records of an entity in a connection. */
export type Approved = typeof markings.$inferSelect;

/** The first word counts; the same step approved twice changes nothing. */
export async function approveMarking(
  db: DbOrTx,
  { connection, entity, by, now }: { connection: string; entity: string; by: string; now: Date },
): Promise<void> {
  await db
    .insert(markings)
    .values({ connection, entity, approvedBy: by, approvedAt: now })
    .onConflictDoNothing();
}

/** The approvals for an entity, by connection. */
export async function approvedFor(db: DbOrTx, entity: string): Promise<ReadonlyMap<string, Approved>> {
  const rows = await db.select().from(markings).where(eq(markings.entity, entity));
  return new Map(rows.map((row) => [row.connection, row]));
}

/** The approvals of a connection, by entity. */
export async function approvedIn(db: DbOrTx, connection: string): Promise<ReadonlyMap<string, Approved>> {
  const rows = await db.select().from(markings).where(eq(markings.connection, connection));
  return new Map(rows.map((row) => [row.entity, row]));
}

/** Nothing is left to write for now. Returns true the first time. */
export async function noteQuiet(
  db: DbOrTx,
  { connection, entity }: Pick<Approved, 'connection' | 'entity'>,
  now: Date,
): Promise<boolean> {
  const which = and(eq(markings.connection, connection), eq(markings.entity, entity));
  await db.update(markings).set({ quietAt: now }).where(which);
  const first = await db
    .update(markings)
    .set({ doneAt: now })
    .where(and(which, isNull(markings.doneAt)))
    .returning({ entity: markings.entity });
  return first.length > 0;
}
