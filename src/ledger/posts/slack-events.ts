import { and, like, lt } from 'drizzle-orm';
import type { Db } from '../db.ts';
import { facts } from '../tables/index.ts';

const prefix = 'slack_event:';

/**
 * True for the first process that takes an event up. Slack sends an event again where it missed the acknowledgement, and then perhaps
 * to another replica: what is said to everybody must be said once.
 */
export async function claimEvent(db: Db, id: string, now: Date): Promise<boolean> {
  const claimed = await db
    .insert(facts)
    .values({ name: `${prefix}${id}`, value: {}, at: now })
    .onConflictDoNothing()
    .returning({ name: facts.name });
  return claimed.length > 0;
}

/** What came long ago is not sent again. */
export async function forgetEvents(db: Db, before: Date): Promise<void> {
  await db.delete(facts).where(and(like(facts.name, 'slack\\_event:%'), lt(facts.at, before)));
}
