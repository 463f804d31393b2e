import { and, desc, eq, isNotNull, sql } from 'drizzle-orm';
import { budgetLeft } from '../../ledger/connections/budget-left.ts';
import { exchanges, runs } from '../../ledger/tables/index.ts';
import type { RunFailure } from '../../ledger/tables/runs.ts';
import { connectorOf, type RunContext } from '../context.ts';

const hour = 3_600_000;

/**
 * The connections in which everything cannot be listed with what is left of the day's calls, as the last sweep has shown what it
 * takes. Half a list proves nothing: the sweep is put off before it uses up what the schedule needs. None = it may begin.
 */
export async function tooMuchForToday(context: RunContext): Promise<RunFailure[]> {
  const { db, flow, agreement, clock } = context;
  const last = await lastSweep(context);
  if (last === null) return [];
  const failures: RunFailure[] = [];
  for (const connection of flow.connections) {
    const terms = agreement.connections[connection];
    const took = await callsOf(context, last.id, connection);
    // One that was broken off for want of calls would have needed more.
    const needs = last.state === 'parked' ? took + 1 : took;
    if (!terms || needs === 0) continue;
    const now = clock.now();
    const {
      daySchedule: left,
      dayEnds,
      goesOnAt,
    } = await budgetLeft(db, terms, { now, timeZone: agreement.timeZone });
    if (needs <= left) continue;
    const { label } = connectorOf(context, connection);
    const n = (value: number) => value.toLocaleString('en-AU');
    const later = Math.max(goesOnAt.getTime(), now.getTime() + hour);
    failures.push({
      cause: 'budget',
      connection,
      message: `The nightly look at everything needs about ${n(needs)} calls to ${label}; ${left === 0 ? 'none' : n(left)} are left for it today. It is put off.`,
      resumeAt: (dayEnds ?? new Date(later)).toISOString(),
    });
  }
  return failures;
}

async function lastSweep({ db, flow }: RunContext) {
  const [last] = await db
    .select({ id: runs.id, state: runs.state })
    .from(runs)
    .where(
      and(
        eq(runs.flow, flow.id),
        eq(runs.trigger, 'sweep'),
        isNotNull(runs.finishedAt),
        // One that was put off shows nothing.
        sql`exists (select 1 from ${exchanges} where ${exchanges.runId} = ${runs.id})`,
      ),
    )
    .orderBy(desc(runs.id))
    .limit(1);
  return last ?? null;
}

async function callsOf({ db }: RunContext, runId: number, connection: string): Promise<number> {
  const [row] = await db
    .select({ n: sql<number>`count(*)::int` })
    .from(exchanges)
    .where(and(eq(exchanges.runId, runId), eq(exchanges.connection, connection)));
  return row?.n ?? 0;
}
