import { and, eq, inArray, isNull, min, notInArray, sql } from 'drizzle-orm';
import type { DbOrTx } from '../db.ts';
import { changes, facts, hints, pending, staged } from '../tables/index.ts';
import { unreadBy } from './hints.ts';

/** What waits in one place of the way, and since when. */
export interface Queue {
  readonly waiting: number;
  readonly oldest: Date | null;
}

/** What a flow has still to work off by itself. What waits for a person, or for something to come, is not in it. */
export interface Backlog {
  /** Records that a webhook named and that were not read yet. */
  readonly hints: Queue;
  /** Read, and not compared yet. */
  readonly staged: Queue;
  /** Decided, and not in every system yet. */
  readonly writing: Queue;
  /** Tried and refused, to be tried again by itself; `most` = the most tries of one. */
  readonly retries: { readonly waiting: number; readonly most: number };
}

/** Counts what waits. `connections`: those of the flow. */
export async function backlogOf(
  db: DbOrTx,
  {
    id,
    entity,
    connections,
  }: { readonly id: string; readonly entity: string; readonly connections: readonly string[] },
): Promise<Backlog> {
  const n = sql<number>`count(*)::int`;
  const [hinted] = await db
    .select({ n, oldest: min(hints.receivedAt) })
    .from(hints)
    .where(and(inArray(hints.connection, [...connections]), unreadBy({ flow: id, entity })));
  const [read] = await db
    .select({ n, oldest: min(staged.stagedAt) })
    .from(staged)
    .where(and(eq(staged.flow, id), eq(staged.state, 'staged')));
  const open = and(eq(changes.flow, id), isNull(changes.closedAt));
  const [decided] = await db
    .select({ n: sql<number>`count(distinct ${pending.recordId})::int`, oldest: min(pending.since) })
    .from(pending)
    .innerJoin(changes, eq(changes.id, pending.changeId))
    .where(and(open, notInArray(changes.state, ['failed', 'held', 'asking'])));
  const [retried] = await db
    .select({ n, most: sql<number>`coalesce(max(${changes.attempts}), 0)::int` })
    .from(changes)
    .where(and(open, eq(changes.state, 'failed'), sql`${changes.nextTryAt} is not null`));
  return {
    hints: queue(hinted),
    staged: queue(read),
    writing: queue(decided),
    retries: { waiting: retried?.n ?? 0, most: retried?.most ?? 0 },
  };
}

const queue = (row: { n: number; oldest: Date | null } | undefined): Queue => ({
  waiting: row?.n ?? 0,
  oldest: row?.oldest ?? null,
});

/** All of it in two numbers: how many records, and since when the oldest. Pure. */
export function wholeOf({ hints: hinted, staged: read, writing }: Backlog): Queue {
  const all = [hinted, read, writing];
  const times = all.flatMap(({ oldest }) => oldest?.getTime() ?? []);
  return {
    waiting: all.reduce((sum, { waiting }) => sum + waiting, 0),
    oldest: times.length > 0 ? new Date(Math.min(...times)) : null,
  };
}

/** How much waited when it was last noted. */
export interface BacklogSample {
  readonly waiting: number;
  readonly at: Date;
}

const sampleFact = (flow: string) => `backlog:${flow}`;

export async function backlogSample(db: DbOrTx, flow: string): Promise<BacklogSample | null> {
  const [row] = await db
    .select()
    .from(facts)
    .where(eq(facts.name, sampleFact(flow)));
  const value: unknown = row?.value;
  if (!row || typeof value !== 'object' || value === null || !('waiting' in value)) return null;
  return { waiting: Number(value.waiting), at: row.at };
}

export async function keepBacklogSample(
  db: DbOrTx,
  flow: string,
  { waiting, at }: BacklogSample,
): Promise<void> {
  const fact = { value: { waiting }, at };
  await db
    .insert(facts)
    .values({ name: sampleFact(flow), ...fact })
    .onConflictDoUpdate({ target: facts.name, set: fact });
}
