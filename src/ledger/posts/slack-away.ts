import { eq, isNotNull } from 'drizzle-orm';
import type { Db } from '../db.ts';
import { facts, outbox } from '../tables/index.ts';

/** Since when Slack has not been reached, by any replica; and since when that was, as the fallback was told. */
const awayFact = 'slack_away';
const toldFact = 'slack_away_told';

export interface SlackAway {
  readonly since: Date;
  /** The token that Slack refuses, and its word for it; null where Slack is not reached. */
  readonly refused: string | null;
}

const read = async (db: Db, name: string): Promise<SlackAway | null> => {
  const [fact] = await db.select().from(facts).where(eq(facts.name, name));
  if (!fact) return null;
  const { since, refused = null } = fact.value as { since: string; refused?: string | null };
  return { since: new Date(since), refused };
};

async function keep(db: Db, name: string, away: SlackAway | null, now: Date): Promise<void> {
  if (!away) {
    await db.delete(facts).where(eq(facts.name, name));
    return;
  }
  const fact = { value: { since: away.since.toISOString(), refused: away.refused }, at: now };
  await db
    .insert(facts)
    .values({ name, ...fact })
    .onConflictDoUpdate({ target: facts.name, set: fact });
}

export const slackAway = (db: Db): Promise<SlackAway | null> => read(db, awayFact);

/** Slack was reached: it is there again, whoever had not reached it. */
export const noteSlackReached = (db: Db, now: Date): Promise<void> => keep(db, awayFact, null, now);

/** Slack was not reached, or refused us; since when stays as it was first noted. */
export async function noteSlackAway(db: Db, now: Date, refused: string | null = null): Promise<void> {
  const before = await slackAway(db);
  await keep(db, awayFact, { since: before?.since ?? now, refused }, now);
}

export const readFallback = async (db: Db): Promise<Date | null> => (await read(db, toldFact))?.since ?? null;
export const keepFallback = (db: Db, since: Date | null, now: Date): Promise<void> =>
  keep(db, toldFact, since && { since, refused: null }, now);

/** True where Slack has ever taken a message from a Truce on this ledger. */
export async function hasSpoken(db: Db): Promise<boolean> {
  const found = await db.select({ key: outbox.key }).from(outbox).where(isNotNull(outbox.ts)).limit(1);
  return found.length > 0;
}
