import { and, asc, desc, eq, gte, inArray, isNull, lt, ne, type SQL, sql } from 'drizzle-orm';
import type { Change } from '../changes/changes.ts';
import { countPartial } from '../changes/partial.ts';
import type { DbOrTx } from '../db.ts';
import type { Incident, Run } from '../records/lookup.ts';
import type { HoldReason } from '../tables/changes.ts';
import { changes, conflicts, decisions, incidents, runs } from '../tables/index.ts';

/** The state of one flow as the ledger has it, for `status` and the like. */
export interface FlowState {
  readonly problem: Incident | null;
  readonly running: Run | null;
  readonly last: Run | null;
  readonly lastGood: Run | null;
  readonly decisions: { readonly open: number; readonly oldest: Date | null };
  readonly waiting: readonly { readonly reason: HoldReason; readonly n: number }[];
  readonly failed: number;
  readonly partial: { readonly n: number; readonly nextTryAt: Date | null };
  /** The newest changes that wait or failed, so that somebody can take them up. */
  readonly stuck: readonly Change[];
  readonly today: { readonly runs: number; readonly settled: number; readonly decided: number };
}

const shownAtMost = 5;
/** What was sent within that time is on its way, and not partial. */
const underWayMs = 10 * 60_000;
/** A run that was shown nothing where much is usual was no good one. */
const sawSomething = sql`coalesce(not ${runs.notes} @> '[{"kind":"zero_rows"}]'::jsonb, true)`;

/** Reads everything at once; `dayStart` is midnight where the company is. */
export async function flowState(
  db: DbOrTx,
  flow: string,
  { now, dayStart }: { now: Date; dayStart: Date },
): Promise<FlowState> {
  const failedOnes = and(eq(changes.flow, flow), eq(changes.state, 'failed'), isNull(changes.closedAt));
  const [problem, running, last, lastGood, asked, waiting, failed, partial, stuck, today] = await Promise.all(
    [
      openProblem(db, flow),
      newestRun(db, flow, eq(runs.state, 'running')),
      newestRun(db, flow, and(ne(runs.state, 'running'), isNull(runs.targets))),
      newestRun(db, flow, and(eq(runs.state, 'done'), isNull(runs.targets), sawSomething)),
      openQuestions(db, flow),
      waitingBy(db, flow),
      counted(db, failedOnes),
      countPartial(db, flow, new Date(now.getTime() - underWayMs), { orFailed: true }),
      stuckChanges(db, flow),
      todayOf(db, flow, { now, dayStart }),
    ],
  );
  return { problem, running, last, lastGood, decisions: asked, waiting, failed, partial, stuck, today };
}

async function openProblem(db: DbOrTx, flow: string): Promise<FlowState['problem']> {
  const [problem] = await db
    .select()
    .from(incidents)
    .where(and(eq(incidents.flow, flow), ne(incidents.state, 'recovered')))
    .orderBy(asc(incidents.openedAt))
    .limit(1);
  return problem ?? null;
}

async function newestRun(db: DbOrTx, flow: string, where: SQL | undefined): Promise<FlowState['last']> {
  const [run] = await db
    .select()
    .from(runs)
    .where(and(eq(runs.flow, flow), where))
    .orderBy(desc(runs.startedAt))
    .limit(1);
  return run ?? null;
}

async function openQuestions(db: DbOrTx, flow: string): Promise<FlowState['decisions']> {
  const [asked] = await db
    .select({
      n: sql<number>`count(distinct ${conflicts.changeId})::int`,
      oldest: sql<string | null>`min(${conflicts.openedAt})`,
    })
    .from(conflicts)
    .where(and(eq(conflicts.flow, flow), eq(conflicts.state, 'open'), isNull(conflicts.closedAt)));
  return { open: asked?.n ?? 0, oldest: asked?.oldest ? new Date(asked.oldest) : null };
}

async function waitingBy(db: DbOrTx, flow: string): Promise<FlowState['waiting']> {
  const held = await db
    .select({ reason: changes.hold, n: sql<number>`count(*)::int` })
    .from(changes)
    .where(and(eq(changes.flow, flow), eq(changes.state, 'held'), isNull(changes.closedAt)))
    .groupBy(changes.hold)
    .orderBy(desc(sql`count(*)`));
  return held.flatMap(({ reason, n }) => (reason ? [{ reason, n }] : []));
}

const stuckChanges = (db: DbOrTx, flow: string): Promise<Change[]> =>
  db
    .select()
    .from(changes)
    .where(and(eq(changes.flow, flow), inArray(changes.state, ['held', 'failed']), isNull(changes.closedAt)))
    .orderBy(desc(changes.updatedAt), desc(changes.id))
    .limit(shownAtMost);

async function todayOf(
  db: DbOrTx,
  flow: string,
  { now, dayStart }: { now: Date; dayStart: Date },
): Promise<FlowState['today']> {
  const settledOnes = and(
    eq(changes.flow, flow),
    eq(changes.state, 'settled'),
    gte(changes.closedAt, dayStart),
  );
  const [[ran], settled, [decided]] = await Promise.all([
    db
      .select({ n: sql<number>`count(*)::int` })
      .from(runs)
      .where(and(eq(runs.flow, flow), gte(runs.startedAt, dayStart), lt(runs.startedAt, now))),
    counted(db, settledOnes),
    db
      .select({ n: sql<number>`count(*)::int` })
      .from(decisions)
      .innerJoin(changes, eq(changes.id, decisions.changeId))
      .where(and(eq(changes.flow, flow), gte(decisions.at, dayStart))),
  ]);
  return { runs: ran?.n ?? 0, settled, decided: decided?.n ?? 0 };
}

async function counted(db: DbOrTx, where: SQL | undefined): Promise<number> {
  const [row] = await db.select({ n: sql<number>`count(*)::int` }).from(changes).where(where);
  return row?.n ?? 0;
}
