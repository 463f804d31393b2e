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
  const newest = (where: SQL | undefined) =>
    db
      .select()
      .from(runs)
      .where(and(eq(runs.flow, flow), where))
      .orderBy(desc(runs.startedAt))
      .limit(1);
  const [problems, running, last, lastGood, asked, held, failed, partial, stuck, ran, settled, decided] =
    await Promise.all([
      db
        .select()
        .from(incidents)
        .where(and(eq(incidents.flow, flow), ne(incidents.state, 'recovered')))
        .orderBy(asc(incidents.openedAt))
        .limit(1),
      newest(eq(runs.state, 'running')),
      newest(and(ne(runs.state, 'running'), isNull(runs.targets))),
      newest(and(eq(runs.state, 'done'), isNull(runs.targets), sawSomething)),
      db
        .select({
          n: sql<number>`count(distinct ${conflicts.changeId})::int`,
          oldest: sql<string | null>`min(${conflicts.openedAt})`,
        })
        .from(conflicts)
        .where(and(eq(conflicts.flow, flow), eq(conflicts.state, 'open'), isNull(conflicts.closedAt))),
      db
        .select({ reason: changes.hold, n: sql<number>`count(*)::int` })
        .from(changes)
        .where(and(eq(changes.flow, flow), eq(changes.state, 'held'), isNull(changes.closedAt)))
        .groupBy(changes.hold)
        .orderBy(desc(sql`count(*)`)),
      counted(db, and(eq(changes.flow, flow), eq(changes.state, 'failed'), isNull(changes.closedAt))),
      countPartial(db, flow, new Date(now.getTime() - underWayMs), { orFailed: true }),
      db
        .select()
        .from(changes)
        .where(
          and(eq(changes.flow, flow), inArray(changes.state, ['held', 'failed']), isNull(changes.closedAt)),
        )
        .orderBy(desc(changes.updatedAt), desc(changes.id))
        .limit(shownAtMost),
      db
        .select({ n: sql<number>`count(*)::int` })
        .from(runs)
        .where(and(eq(runs.flow, flow), gte(runs.startedAt, dayStart), lt(runs.startedAt, now))),
      counted(db, and(eq(changes.flow, flow), eq(changes.state, 'settled'), gte(changes.closedAt, dayStart))),
      db
        .select({ n: sql<number>`count(*)::int` })
        .from(decisions)
        .innerJoin(changes, eq(changes.id, decisions.changeId))
        .where(and(eq(changes.flow, flow), gte(decisions.at, dayStart))),
    ]);
  return {
    problem: problems[0] ?? null,
    running: running[0] ?? null,
    last: last[0] ?? null,
    lastGood: lastGood[0] ?? null,
    decisions: { open: asked[0]?.n ?? 0, oldest: asked[0]?.oldest ? new Date(asked[0].oldest) : null },
    waiting: held.flatMap(({ reason, n }) => (reason ? [{ reason, n }] : [])),
    failed,
    partial,
    stuck,
    today: { runs: ran[0]?.n ?? 0, settled, decided: decided[0]?.n ?? 0 },
  };
}

async function counted(db: DbOrTx, where: SQL | undefined): Promise<number> {
  const [row] = await db.select({ n: sql<number>`count(*)::int` }).from(changes).where(where);
  return row?.n ?? 0;
}
