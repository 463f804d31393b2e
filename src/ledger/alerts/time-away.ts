import { and, eq, gte, isNull, like, ne, sql } from 'drizzle-orm';
import type { DbOrTx, Tx } from '../db.ts';
import { announceCard, rank } from '../posts/outbox.ts';
import { facts, runs } from '../tables/index.ts';

/** A time in which Truce was not running, as the flows of one channel missed it. */
export interface TimeAway {
  readonly from: Date;
  readonly to: Date;
  /** By flow. */
  readonly missed: readonly Missed[];
}

export interface Missed {
  readonly flow: string;
  /** Runs that did not happen. */
  readonly slots: number;
  /** When it had caught up, and how many records had changed; null = not yet. */
  readonly caughtUp: { readonly at: Date; readonly changed: number } | null;
}

interface Stored {
  readonly to: string;
  readonly missed: readonly (Omit<Missed, 'caughtUp'> & {
    readonly caughtUp: { readonly at: string; readonly changed: number } | null;
  })[];
}

const prefix = 'time_away:';
/** The name of the fact, and of the card that shows it: `time_away:sync-customers:2026-11-20T…`. */
const nameOf = (channel: string, from: Date): string => `${prefix}${channel}:${from.toISOString()}`;

const read = ({ at, value }: typeof facts.$inferSelect): TimeAway => {
  const { to, missed } = value as Stored;
  return {
    from: at,
    to: new Date(to),
    missed: missed.map(({ caughtUp, ...one }) => ({
      ...one,
      caughtUp: caughtUp && { ...caughtUp, at: new Date(caughtUp.at) },
    })),
  };
};

/** Notes a time away for one channel, once, and shows it there. */
export async function noteTimeAway(
  tx: Tx,
  { channel, from, to, missed }: TimeAway & { readonly channel: string },
): Promise<void> {
  const [first] = missed;
  const name = nameOf(channel, from);
  const value = { to: to.toISOString(), missed } satisfies Stored | object;
  const noted = await tx.insert(facts).values({ name, value, at: from }).onConflictDoNothing().returning();
  if (noted.length > 0 && first)
    await announceCard(tx, { subject: name, flow: first.flow, rank: rank.other, now: to });
}

/** By the rest of its subject: `sync-customers:2026-11-20T…`. */
export async function timeAwayOf(db: DbOrTx, id: string): Promise<TimeAway | null> {
  const [row] = await db
    .select()
    .from(facts)
    .where(eq(facts.name, `${prefix}${id}`));
  return row ? read(row) : null;
}

/** Times away that some flow has not caught up with, by name. */
export async function openTimesAway(db: DbOrTx): Promise<ReadonlyMap<string, TimeAway>> {
  const rows = await db
    .select()
    .from(facts)
    .where(
      and(like(facts.name, 'time\\_away:%'), sql`${facts.value} @> '{"missed":[{"caughtUp":null}]}'::jsonb`),
    );
  return new Map(rows.map((row) => [row.name, read(row)]));
}

/** Writes down who has caught up since, and shows it on the message. */
export async function keepTimeAway(tx: Tx, name: string, { to, missed }: TimeAway, now: Date): Promise<void> {
  await tx
    .update(facts)
    .set({ value: { to: to.toISOString(), missed } })
    .where(eq(facts.name, name));
  const [first] = missed;
  if (first) await announceCard(tx, { subject: name, flow: first.flow, rank: rank.other, now });
}

/**
 * What the first whole run of a flow since a time brought, which came to a good end: it read everything that was missed. Null where
 * none did yet.
 */
export async function caughtUpBy(
  db: DbOrTx,
  flow: string,
  since: Date,
): Promise<{ readonly at: Date; readonly changed: number } | null> {
  const [run] = await db
    .select({ at: runs.finishedAt, changed: sql<number>`coalesce((${runs.counts} ->> 'changed')::int, 0)` })
    .from(runs)
    .where(
      and(
        eq(runs.flow, flow),
        gte(runs.startedAt, since),
        eq(runs.state, 'done'),
        isNull(runs.targets),
        ne(runs.trigger, 'hint'),
        ne(runs.trigger, 'rollback'),
      ),
    )
    .orderBy(runs.startedAt)
    .limit(1);
  return run?.at ? { at: run.at, changed: run.changed } : null;
}
