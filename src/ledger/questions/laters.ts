import { and, eq, gt, lt } from 'drizzle-orm';
import type { Db, DbOrTx } from '../db.ts';
import { laters } from '../tables/index.ts';

interface Later {
  readonly changeId: string;
  /** A Slack user id. */
  readonly by: string;
  readonly until: Date;
  readonly now: Date;
}

/** This person is not reminded of these decisions until then; the last word counts. */
export async function putOff(db: DbOrTx, { changeId, by, until, now }: Later): Promise<void> {
  await db
    .insert(laters)
    .values({ changeId, by, until, at: now })
    .onConflictDoUpdate({ target: [laters.changeId, laters.by], set: { until, at: now } });
}

/** Reminded as everybody else again. */
export async function takeUpAgain(
  db: DbOrTx,
  { changeId, by }: Pick<Later, 'changeId' | 'by'>,
): Promise<void> {
  await db.delete(laters).where(and(eq(laters.changeId, changeId), eq(laters.by, by)));
}

/** The changes whose decisions one person wants to hear of later than now. */
export async function putOffBy(
  db: DbOrTx,
  { by, now }: Pick<Later, 'by' | 'now'>,
): Promise<ReadonlySet<string>> {
  const rows = await db
    .select({ changeId: laters.changeId })
    .from(laters)
    .where(and(eq(laters.by, by), gt(laters.until, now)));
  return new Set(rows.map(({ changeId }) => changeId));
}

/** What was put off until long ago says nothing any more. */
export async function forgetLaters(db: Db, before: Date): Promise<void> {
  await db.delete(laters).where(lt(laters.until, before));
}
