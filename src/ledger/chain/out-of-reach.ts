import { sql } from 'drizzle-orm';
import type { DbOrTx } from '../db.ts';

/** The oldest transaction that is under way, and the next that will begin, as the database numbers them. */
export interface Snapshot {
  readonly oldest: bigint;
  readonly next: bigint;
}

export async function snapshotOf(db: DbOrTx): Promise<Snapshot> {
  const [row] = await db.execute<{ oldest: string; next: string }>(sql`
    select pg_snapshot_xmin(s)::text as oldest, pg_snapshot_xmax(s)::text as next from pg_current_snapshot() s`);
  if (!row) throw new Error('the database gave no snapshot');
  return { oldest: BigInt(row.oldest), next: BigInt(row.next) };
}

/** Ids that will be out of reach once all that was under way is over. */
export interface Mark {
  readonly upto: ReadonlyMap<string, number>;
  /** What had begun by the look after the ids were read; null = that look is still to come. */
  readonly next: bigint | null;
}

export interface Reach {
  readonly mark: Mark | null;
  /** Up to these ids nothing can come any more; null = not known yet. */
  readonly settled: ReadonlyMap<string, number> | null;
}

/**
 * Ids are given when a line is written and seen when its transaction is over, so that a lower one may come after a higher. Three looks,
 * a while apart: the first notes the ids that are seen; the second, which transactions have begun by then, and whoever was given a
 * lower id has; once the third finds all of those over, no lower id can come any more, however long one of them took. A database whose
 * numbers went back is another one, from a backup: what was known of the one before counts no longer. Pure.
 */
export function look(
  { mark, settled }: Reach,
  now: { readonly snapshot: Snapshot; readonly ids: ReadonlyMap<string, number> },
): Reach {
  const fresh = { upto: now.ids, next: null };
  if (mark?.next && now.snapshot.next < mark.next) return { mark: fresh, settled: null };
  if (!mark) return { mark: fresh, settled };
  if (mark.next === null) return { mark: { ...mark, next: now.snapshot.next }, settled };
  if (now.snapshot.oldest < mark.next) return { mark, settled };
  return { mark: fresh, settled: mark.upto };
}
