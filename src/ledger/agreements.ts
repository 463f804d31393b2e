import { createHash } from 'node:crypto';
import { desc, eq } from 'drizzle-orm';
import type { ActiveAgreement, Agreement } from '../agreement/agreement.ts';
import type { Db, DbOrTx } from './db.ts';
import { agreementVersions } from './tables/index.ts';

/** The agreement that all replicas work by, or null before the first import. */
export async function activeAgreement(db: DbOrTx): Promise<ActiveAgreement | null> {
  const [row] = await db.select().from(agreementVersions).where(eq(agreementVersions.active, true));
  return row ? { ...(row.body as Agreement), version: row.version } : null;
}

/** True iff this version is still the active one: a plan made under another must be decided again. */
export async function isActive(db: DbOrTx, version: number): Promise<boolean> {
  const [row] = await db
    .select({ version: agreementVersions.version })
    .from(agreementVersions)
    .where(eq(agreementVersions.active, true));
  return row?.version === version;
}

/** Stores an agreement as the next numbered version and makes it the active one; the same content again changes nothing. */
export async function importAgreement(
  db: Db,
  agreement: Agreement,
  { source, now }: { source: string; now: Date },
): Promise<ActiveAgreement> {
  const hash = hashOf(agreement);
  return db.transaction(async (tx) => {
    // Replicas that start together must not both become the next version.
    await tx.execute('lock table agreement_versions in share row exclusive mode');
    const [newest] = await tx
      .select()
      .from(agreementVersions)
      .orderBy(desc(agreementVersions.version))
      .limit(1);
    if (newest?.active && newest.hash === hash) return { ...agreement, version: newest.version };
    const version = (newest?.version ?? 0) + 1;
    await tx.update(agreementVersions).set({ active: false }).where(eq(agreementVersions.active, true));
    await tx
      .insert(agreementVersions)
      .values({ version, hash, body: agreement, importedAt: now, source, active: true });
    return { ...agreement, version };
  });
}

/** Where a connection's API lives is no decision of the business: the practice ports change with every start. */
function hashOf(agreement: Agreement): string {
  const connections = Object.fromEntries(
    Object.entries(agreement.connections).map(([id, terms]) => [
      id,
      { ...terms, baseUrl: null, authUrl: null },
    ]),
  );
  return createHash('sha256')
    .update(JSON.stringify({ ...agreement, connections }))
    .digest('hex');
}
