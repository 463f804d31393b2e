import { and, desc, eq, gt } from 'drizzle-orm';
import type { DbOrTx } from '../db.ts';
import { moneyProofs } from '../tables/index.ts';

export type StoredProof = typeof moneyProofs.$inferSelect;

/** The newest proof of a flow; or the newest of those that told its channel something. */
export async function newestProof(
  db: DbOrTx,
  flow: string,
  which: 'any' | 'told' = 'any',
): Promise<StoredProof | null> {
  const rows = await db
    .select()
    .from(moneyProofs)
    .where(and(eq(moneyProofs.flow, flow), which === 'told' ? gt(moneyProofs.fresh, 0) : undefined))
    .orderBy(desc(moneyProofs.id))
    .limit(1);
  return rows[0] ?? null;
}

export async function proofById(db: DbOrTx, id: number): Promise<StoredProof | null> {
  const [row] = await db.select().from(moneyProofs).where(eq(moneyProofs.id, id));
  return row ?? null;
}

/** Keeps a proof, unless another replica kept that of the same time; then null. */
export async function keepProof(db: DbOrTx, proof: typeof moneyProofs.$inferInsert): Promise<number | null> {
  const [row] = await db
    .insert(moneyProofs)
    .values(proof)
    .onConflictDoNothing({ target: [moneyProofs.flow, moneyProofs.slot] })
    .returning({ id: moneyProofs.id });
  return row?.id ?? null;
}
