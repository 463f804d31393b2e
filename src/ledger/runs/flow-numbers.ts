import { and, asc, eq, gte, isNotNull, sql } from 'drizzle-orm';
import type { DbOrTx } from '../db.ts';
import { changes, conflicts, decisions, outbox, runs, sightings } from '../tables/index.ts';

/** What a flow usually does, from the ledger. */
export interface FlowNumbers {
  /** From when a system says that something changed until every system was read with it, in ms; null where nothing came by itself. */
  readonly arrival: { readonly median: number; readonly p95: number } | null;
  /** Changes settled by this time of day, on the days that are compared; null where too few days are known. */
  readonly usual: { readonly from: number; readonly to: number; readonly sameWeekday: boolean } | null;
  readonly week: { readonly moved: number; readonly asked: number };
}

const week = 7 * 24 * 3_600_000;
/** A system's own time of a change that lies further back than this is not when this change was made. */
const believedMs = 24 * 3_600_000;
/** Fewer days are no custom. */
const daysAtLeast = 2;

export async function flowNumbers(
  db: DbOrTx,
  flow: string,
  { now, zone }: { now: Date; zone: string },
): Promise<FlowNumbers> {
  const since = new Date(now.getTime() - week);
  const [arrival, usual, moved, asked] = await Promise.all([
    arrivalOf(db, flow, since),
    usualOf(db, flow, { now, zone }),
    db.$count(
      changes,
      and(eq(changes.flow, flow), gte(changes.updatedAt, since), eq(changes.state, 'settled')),
    ),
    db
      .select({ n: sql<number>`count(distinct ${conflicts.changeId})::int` })
      .from(conflicts)
      .where(and(eq(conflicts.flow, flow), gte(conflicts.openedAt, since))),
  ]);
  return { arrival, usual, week: { moved, asked: asked[0]?.n ?? 0 } };
}

/** What a person decided took as long as the person did: that is no time to arrive. */
async function arrivalOf(db: DbOrTx, flow: string, since: Date): Promise<FlowNumbers['arrival']> {
  const believed = sql`${changes.openedAt} - make_interval(secs => ${believedMs / 1000})`;
  const told = db
    .select({ at: sql<Date>`min(${sightings.vendorAt})`.as('told_at') })
    .from(sightings)
    .where(
      and(
        eq(sightings.recordId, changes.recordId),
        eq(sightings.origin, 'observed'),
        sql`${sightings.vendorAt} >= ${believed}`,
        sql`${sightings.vendorAt} <= ${changes.closedAt}`,
        sql`${sightings.at} between ${changes.openedAt} - interval '1 hour' and ${changes.closedAt}`,
      ),
    );
  const ms = sql`extract(epoch from ${changes.closedAt} - least(${changes.openedAt}, coalesce((${told}), ${changes.openedAt}))) * 1000`;
  const at = (share: number) =>
    sql<number | null>`(percentile_cont(${sql.raw(String(share))}) within group (order by ${ms}))::float`;
  const [row] = await db
    .select({ median: at(0.5), p95: at(0.95) })
    .from(changes)
    .where(
      and(
        eq(changes.flow, flow),
        eq(changes.state, 'settled'),
        gte(changes.updatedAt, since),
        gte(changes.closedAt, since),
        isNotNull(changes.recordId),
        sql`not exists (select 1 from ${decisions} where ${decisions.changeId} = ${changes.id})`,
      ),
    );
  return row && row.median !== null && row.p95 !== null ? { median: row.median, p95: row.p95 } : null;
}

/** The last four days of this name, by this time; where too few of them are known, the last seven days. */
async function usualOf(
  db: DbOrTx,
  flow: string,
  { now, zone }: { now: Date; zone: string },
): Promise<FlowNumbers['usual']> {
  const [first] = await db
    .select({ at: runs.startedAt })
    .from(runs)
    .where(eq(runs.flow, flow))
    .orderBy(asc(runs.startedAt))
    .limit(1);
  if (!first) return null;
  const known = (days: readonly number[]) =>
    days.map((ago) => dayUntilNow(now, zone, ago)).filter(({ from }) => from >= first.at);
  const weekdays = known([7, 14, 21, 28]);
  const sameWeekday = weekdays.length >= daysAtLeast;
  const days = sameWeekday ? weekdays : known([1, 2, 3, 4, 5, 6, 7]);
  if (days.length < daysAtLeast) return null;
  const counts = await Promise.all(
    days.map(({ from, to }) =>
      db.$count(
        changes,
        and(
          eq(changes.flow, flow),
          eq(changes.state, 'settled'),
          gte(changes.updatedAt, from),
          sql`${changes.closedAt} >= ${sql.param(from, changes.closedAt)} and ${changes.closedAt} < ${sql.param(to, changes.closedAt)}`,
        ),
      ),
    ),
  );
  return { from: Math.min(...counts), to: Math.max(...counts), sameWeekday };
}

/** From midnight until this time of day, so many days ago. */
function dayUntilNow(now: Date, zone: string, ago: number): { from: Date; to: Date } {
  const here = Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(zone);
  const then = here.subtract({ days: ago });
  return { from: new Date(then.startOfDay().epochMilliseconds), to: new Date(then.epochMilliseconds) };
}

/** Where a message was posted. */
export interface Post {
  readonly channel: string;
  readonly ts: string;
}

/** The message of the flow's oldest open decision that is posted; null where none is. */
export async function oldestDecisionPost(db: DbOrTx, flow: string): Promise<Post | null> {
  const [row] = await db
    .select({ channel: outbox.channel, ts: outbox.ts })
    .from(conflicts)
    .innerJoin(outbox, eq(outbox.key, sql`'card:change:' || ${conflicts.changeId}`))
    .where(and(eq(conflicts.flow, flow), eq(conflicts.state, 'open'), isNotNull(outbox.ts)))
    .orderBy(asc(conflicts.openedAt))
    .limit(1);
  return postOf(row);
}

/** The message of a subject, where it is posted. */
export async function postedAt(db: DbOrTx, subject: string): Promise<Post | null> {
  const [row] = await db
    .select({ channel: outbox.channel, ts: outbox.ts })
    .from(outbox)
    .where(eq(outbox.key, `card:${subject}`));
  return postOf(row);
}

const postOf = (row: { channel: string | null; ts: string | null } | undefined): Post | null =>
  row?.channel && row.ts ? { channel: row.channel, ts: row.ts } : null;
