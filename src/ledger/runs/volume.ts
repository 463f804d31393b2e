import { and, asc, eq, gte, inArray, lt, sql } from 'drizzle-orm';
import type { DbOrTx } from '../db.ts';
import { facts, runs, safetyStops } from '../tables/index.ts';
import type { RunTrigger } from '../tables/runs.ts';
import { firstLoadFact } from './runs.ts';

export interface Span {
  readonly from: Date;
  readonly to: Date;
}

/** Runs that bring what changed by itself; the others do what a person asked for. */
const byItself: RunTrigger[] = ['schedule', 'hint', 'sweep', 'recovery', 'command'];
const changed = sql<number>`coalesce((${runs.counts} ->> 'changed')::int, 0)`;

/** How many records changed within each of these spans of time. */
export async function changedWithin(db: DbOrTx, flow: string, spans: readonly Span[]): Promise<number[]> {
  const times = (of: (span: Span) => Date) => `{${spans.map((span) => of(span).toISOString())}}`;
  const rows = await db.execute<{ n: number }>(sql`
    select coalesce(found.n, 0)::int as n
    from unnest(${times(({ from }) => from)}::timestamptz[], ${times(({ to }) => to)}::timestamptz[])
      with ordinality as span(since, until, place)
    left join lateral (
      select sum(${changed}) as n from ${runs} where ${runs.flow} = ${flow} and ${inArray(runs.trigger, byItself)}
        and ${runs.startedAt} >= span.since and ${runs.startedAt} < span.until
    ) found on true
    order by span.place`);
  return [...rows].map(({ n }) => Number(n));
}

export interface EndedWell {
  readonly startedAt: Date;
  readonly agreementVersion: number;
  readonly changed: number;
}

/** The runs of a flow within a span that came to a good end, oldest first. */
export const runsWithin = (db: DbOrTx, flow: string, { from, to }: Span): Promise<EndedWell[]> =>
  db
    .select({ startedAt: runs.startedAt, agreementVersion: runs.agreementVersion, changed })
    .from(runs)
    .where(
      and(
        eq(runs.flow, flow),
        inArray(runs.trigger, byItself),
        eq(runs.state, 'done'),
        gte(runs.startedAt, from),
        lt(runs.startedAt, to),
      ),
    )
    .orderBy(asc(runs.startedAt));

/** Since when a flow does what it does every day: its first run, or the approval of its first load; null = not yet. */
export async function everydaySince(db: DbOrTx, flow: string): Promise<Date | null> {
  const [approved] = await db
    .select({ at: facts.at })
    .from(facts)
    .where(eq(facts.name, firstLoadFact(flow)));
  const [first] = await db
    .select({ at: runs.startedAt })
    .from(runs)
    .where(eq(runs.flow, flow))
    .orderBy(asc(runs.startedAt))
    .limit(1);
  if (!approved || !first) return null;
  return approved.at > first.at ? approved.at : first.at;
}

/** Whether a safety stop came since: what it stopped is told by its own message, and counted once it was approved. */
export async function isAnyStopSince(db: DbOrTx, flow: string, since: Date): Promise<boolean> {
  const [row] = await db
    .select({ id: safetyStops.id })
    .from(safetyStops)
    .where(
      and(
        eq(safetyStops.flow, flow),
        sql`(${safetyStops.state} = 'open' or ${gte(safetyStops.openedAt, since)})`,
      ),
    )
    .limit(1);
  return row !== undefined;
}

const lookFact = (flow: string) => `volume:${flow}`;

/** When a flow's volume was looked at the last time. */
export async function volumeSeenAt(db: DbOrTx, flow: string): Promise<Date | null> {
  const [row] = await db
    .select({ at: facts.at })
    .from(facts)
    .where(eq(facts.name, lookFact(flow)));
  return row?.at ?? null;
}

export async function noteVolumeSeen(db: DbOrTx, flow: string, at: Date): Promise<void> {
  const fact = { value: {}, at };
  await db
    .insert(facts)
    .values({ name: lookFact(flow), ...fact })
    .onConflictDoUpdate({ target: facts.name, set: fact });
}
