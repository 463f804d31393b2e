import { and, asc, desc, eq, gt, gte, lt, lte } from 'drizzle-orm';
import type { DbOrTx, Tx } from '../db.ts';
import { logLinks } from '../tables/index.ts';
import { type Covered, type Link, type LinkBefore, nextLink } from './link.ts';
import type { Signer } from './signer.ts';

const short = {
  n: logLinks.n,
  hash: logLinks.hash,
  key: logLinks.key,
  signature: logLinks.signature,
  signedFrom: logLinks.signedFrom,
  at: logLinks.at,
};
export type ShortLink = LinkBefore & Pick<Link, 'at'>;

export async function newestLink(db: DbOrTx): Promise<ShortLink | null> {
  const [link] = await db.select(short).from(logLinks).orderBy(desc(logLinks.n)).limit(1);
  return link ?? null;
}

export async function linkNumbered(db: DbOrTx, n: number): Promise<ShortLink | null> {
  const [link] = await db.select(short).from(logLinks).where(eq(logLinks.n, n));
  return link ?? null;
}

/** Puts a link at the end. Call it while you hold the chain's lease. */
export async function addLink(tx: Tx, covered: Covered, signer: Signer): Promise<void> {
  await tx.insert(logLinks).values(nextLink(await newestLink(tx), covered, signer));
}

/** The next links after a number, in order. */
export const linksAfter = (db: DbOrTx, n: number, limit: number): Promise<Link[]> =>
  db.select().from(logLinks).where(gt(logLinks.n, n)).orderBy(asc(logLinks.n)).limit(limit);

/** Up to which id a source is chained, and since when: by all links, or by those up to a number. Null = nothing of it is. */
export async function chainedUpto(
  db: DbOrTx,
  source: string,
  n?: number,
): Promise<{ readonly lastId: number; readonly at: Date } | null> {
  const [link] = await db
    .select({ lastId: logLinks.lastId, at: logLinks.at })
    .from(logLinks)
    .where(and(eq(logLinks.source, source), n === undefined ? undefined : lte(logLinks.n, n)))
    .orderBy(desc(logLinks.lastId))
    .limit(1);
  return link ?? null;
}

/** Entries of a source's links that touch these ids, inclusive. */
export async function packedBetween(
  db: DbOrTx,
  source: string,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<string[]> {
  const rows = await db
    .select({ entries: logLinks.entries })
    .from(logLinks)
    .where(and(eq(logLinks.source, source), lte(logLinks.firstId, to), gte(logLinks.lastId, from)));
  return rows.map(({ entries }) => entries);
}

/** The newest link that was made before; its number, 0 where there is none. */
export async function lastBefore(db: DbOrTx, at: Date): Promise<number> {
  const [link] = await db
    .select({ n: logLinks.n })
    .from(logLinks)
    .where(lt(logLinks.at, at))
    .orderBy(desc(logLinks.n))
    .limit(1);
  return link?.n ?? 0;
}

/** The link that covers a line. Null = it is not chained yet. */
export async function linkOver(db: DbOrTx, source: string, id: number): Promise<ShortLink | null> {
  const [link] = await db
    .select(short)
    .from(logLinks)
    .where(and(eq(logLinks.source, source), gte(logLinks.lastId, id), lte(logLinks.firstId, id)))
    .orderBy(asc(logLinks.n))
    .limit(1);
  return link ?? null;
}
