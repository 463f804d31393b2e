import { eq } from 'drizzle-orm';
import type { AccountReport } from '../../connectors/connection.ts';
import type { DbOrTx } from '../db.ts';
import { connectionChecks, links } from '../tables/index.ts';

/** What a connection's account said of itself when it was last asked. */
export type ConnectionCheck = typeof connectionChecks.$inferSelect;

/** Keeps what an account said of itself, or in `error` why it could not be asked; what it said before stays then. */
export async function keepCheck(
  db: DbOrTx,
  {
    connection,
    at,
    report,
    error,
  }: { connection: string; at: Date } & (
    | { report: AccountReport; error: null }
    | { report: null; error: string }
  ),
): Promise<void> {
  const said = report ? { report } : {};
  await db
    .insert(connectionChecks)
    .values({ connection, at, report, error })
    .onConflictDoUpdate({ target: connectionChecks.connection, set: { at, error, ...said } });
}

/** The last check of each connection, by its id. */
export async function checksOf(db: DbOrTx): Promise<ReadonlyMap<string, ConnectionCheck>> {
  const rows = await db.select().from(connectionChecks);
  return new Map(rows.map((row) => [row.connection, row]));
}

/** True where records are linked to ids of this connection's account: those ids mean nothing in another account. */
export async function hasLinks(db: DbOrTx, connection: string): Promise<boolean> {
  const found = await db
    .select({ id: links.externalId })
    .from(links)
    .where(eq(links.connection, connection))
    .limit(1);
  return found.length > 0;
}
