import { and, eq, gt, lt } from 'drizzle-orm';
import type { Db, DbOrTx } from '../db.ts';
import { interruptions } from '../tables/index.ts';

type Interrupted = typeof interruptions.$inferSelect;

/** Whether this very call was made before. */
export async function wasCalled(
  db: DbOrTx,
  { key, person }: Pick<Interrupted, 'key' | 'person'>,
): Promise<boolean> {
  return (
    (await db.$count(interruptions, and(eq(interruptions.key, key), eq(interruptions.person, person)))) > 0
  );
}

/** The calls of one person since a time. */
export const callsOf = (db: DbOrTx, person: string, since: Date): Promise<Interrupted[]> =>
  db
    .select()
    .from(interruptions)
    .where(and(eq(interruptions.person, person), gt(interruptions.at, since)));

export async function noteCall(db: DbOrTx, call: Interrupted): Promise<void> {
  await db.insert(interruptions).values(call).onConflictDoNothing();
}

/** What was called long ago says nothing any more. */
export async function forgetCalls(db: Db, before: Date): Promise<void> {
  await db.delete(interruptions).where(lt(interruptions.at, before));
}
