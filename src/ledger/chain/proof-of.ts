import { eq, max } from 'drizzle-orm';
import type { DbOrTx } from '../db.ts';
import { story } from '../tables/index.ts';
import { linkOver, newestLink } from './links.ts';

/** A link's number and hash: whoever keeps them can tell later whether the chain is still the one that it was. */
export interface LinkShown {
  readonly link: number;
  readonly hash: string;
  /** ISO 8601. */
  readonly at: string;
}

/** The links over the last line of a change's story, or over a call, and the newest of all. Null = not chained yet. */
export interface ChainShown {
  readonly over: LinkShown | null;
  readonly newest: LinkShown | null;
}

/** Of a change: the link over the last line of its story. */
export async function chainOfChange(db: DbOrTx, changeId: string): Promise<ChainShown> {
  const [row] = await db
    .select({ id: max(story.id) })
    .from(story)
    .where(eq(story.changeId, changeId));
  return chainOver(db, 'story', row?.id ?? null);
}

/** Of a run: the link over its last call. */
export const chainOfCall = (db: DbOrTx, id: number | null): Promise<ChainShown> => chainOver(db, 'calls', id);

async function chainOver(db: DbOrTx, source: string, id: number | null): Promise<ChainShown> {
  const [over, newest] = [id === null ? null : await linkOver(db, source, id), await newestLink(db)];
  return { over: over && shown(over), newest: newest && shown(newest) };
}

const shown = ({ n, hash, at }: { n: number; hash: string; at: Date }): LinkShown => ({
  link: n,
  hash,
  at: at.toISOString(),
});
