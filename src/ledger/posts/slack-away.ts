import { eq } from 'drizzle-orm';
import type { Db } from '../db.ts';
import { facts } from '../tables/index.ts';

/** Since when Slack has not been reached, by any replica; and since when that was, as the fallback was told. */
const awayFact = 'slack_away';
const toldFact = 'slack_away_told';

const sinceOf = async (db: Db, name: string): Promise<Date | null> => {
  const [fact] = await db.select().from(facts).where(eq(facts.name, name));
  return fact ? new Date(String((fact.value as { since?: string }).since)) : null;
};

async function keep(db: Db, name: string, since: Date | null, now: Date): Promise<void> {
  if (!since) {
    await db.delete(facts).where(eq(facts.name, name));
    return;
  }
  const fact = { value: { since: since.toISOString() }, at: now };
  await db
    .insert(facts)
    .values({ name, ...fact })
    .onConflictDoUpdate({ target: facts.name, set: fact });
}

export const slackAway = (db: Db): Promise<Date | null> => sinceOf(db, awayFact);

/** Slack was reached: it is there again, whoever had not reached it. */
export const noteSlackReached = (db: Db, now: Date): Promise<void> => keep(db, awayFact, null, now);

/** Slack was not reached; since when stays as it was first noted. */
export async function noteSlackAway(db: Db, now: Date): Promise<void> {
  const value = { since: now.toISOString() };
  await db.insert(facts).values({ name: awayFact, value, at: now }).onConflictDoNothing();
}

export const readFallback = (db: Db): Promise<Date | null> => sinceOf(db, toldFact);
export const keepFallback = (db: Db, since: Date | null, now: Date): Promise<void> =>
  keep(db, toldFact, since, now);
