import { and, desc, eq, gt, isNull, ne, sql } from 'drizzle-orm';
import type { ActiveAgreement, Flow } from '../agreement/agreement.ts';
import { countWaiting, recentIncidents } from '../ledger/alerts/incidents.ts';
import { nextCorrelationId } from '../ledger/correlation-id.ts';
import type { Tx } from '../ledger/db.ts';
import { isStanding, lastPause, wentOn } from '../ledger/runs/pauses.ts';
import { parkedUntil, type Run } from '../ledger/runs/runs.ts';
import type { IncidentCause, IncidentData } from '../ledger/tables/incidents.ts';
import { leases, runs } from '../ledger/tables/index.ts';
import { applyMove, type Occasion, type Told } from './apply.ts';
import { type IncidentMove, keyOf, returnWindowMs } from './detect.ts';
import { lateSlot } from './lateness.ts';
import { endlessWords, lateWords, stuckWords } from './words.ts';

/** How long a run whose process gave no sign of life is left alone: another usually takes it over before. */
const lapsedMs = 3 * 60_000;
const endlessMs = 60 * 60_000;

export interface WatchTimes {
  readonly now: Date;
  /** Since when Truce has been running without a break. */
  readonly since: Date;
  /** When this process began to watch. */
  readonly bornAt: Date;
}

/** Looks for what no run can tell: a run that did not start when it should, or never came to its end. */
export async function watchFlow(
  tx: Tx,
  flow: Flow,
  agreement: ActiveAgreement,
  times: WatchTimes,
): Promise<Told[]> {
  const found = [await findLate(tx, flow, agreement, times), await findStuck(tx, flow, agreement, times.now)];
  const told: (Told | null)[] = [];
  for (const problem of found)
    if (problem) told.push(await raise(tx, flow, problem, { agreement, at: times.now }));
  return told.filter((one) => one !== null);
}

interface Found {
  readonly cause: IncidentCause;
  readonly message: string;
  readonly data: IncidentData;
  readonly run: Run | null;
}

async function findLate(
  tx: Tx,
  flow: Flow,
  { timeZone }: ActiveAgreement,
  times: WatchTimes,
): Promise<Found | null> {
  const { now } = times;
  const pause = await lastPause(tx, flow.id);
  if (isStanding(pause, now)) return null;
  const [parked, since] = [await lastResume(tx, flow.id), wentOn(pause, now)];
  const slot = lateSlot({
    ...flow.schedule,
    ...times,
    lateAfterMinutes: flow.lateAfterMinutes,
    newestSlot: await newestSlot(tx, flow.id),
    underWay: (await unfinished(tx, flow.id, now)).length > 0,
    resumeAt: parked && since && since > parked ? since : (parked ?? since),
  });
  if (!slot || (await parkedUntil(tx, { flow: flow.id, now }))) return null;
  return {
    cause: 'late',
    message: lateWords({ slot, timeZone }),
    data: { missedSlot: slot.toISOString() },
    run: null,
  };
}

async function findStuck(
  tx: Tx,
  flow: Flow,
  { timeZone }: ActiveAgreement,
  now: Date,
): Promise<Found | null> {
  const lately = new Date(now.getTime() - lapsedMs);
  const alive = new Set((await unfinished(tx, flow.id, lately)).map((run) => run.id));
  const running = await tx
    .select()
    .from(runs)
    .where(and(eq(runs.flow, flow.id), eq(runs.state, 'running')));
  for (const run of running) {
    const age = now.getTime() - run.startedAt.getTime();
    if (!alive.has(run.id) && age > lapsedMs)
      return { cause: 'stuck', message: stuckWords({ ...run, timeZone }), data: {}, run };
    if (age > endlessMs)
      return { cause: 'stuck', message: endlessWords({ ...run, timeZone }), data: {}, run };
  }
  return null;
}

/** Nothing new while the same problem is open: its message says all there is to say. */
async function raise(
  tx: Tx,
  flow: Flow,
  { cause, message, data, run }: Found,
  { agreement, at }: Pick<Occasion, 'agreement' | 'at'>,
): Promise<Told | null> {
  const key = keyOf(flow.id, { cause });
  const recent = await recentIncidents(tx, { flow: flow.id, since: new Date(at.getTime() - returnWindowMs) });
  const known = recent.filter((incident) => incident.key === key);
  if (known.some(({ state }) => state !== 'recovered')) return null;
  const waiting = await countWaiting(tx, flow.id);
  const more = { ...data, waiting, waitingAtOpening: waiting };
  const [lately] = known;
  const move: IncidentMove = lately
    ? { kind: 'return', id: lately.id, message, data: more }
    : { kind: 'open', key, cause, connection: null, message, data: more };
  const correlationId = run?.correlationId ?? (await nextCorrelationId(tx));
  return applyMove(tx, move, { flow: flow.id, agreement, at, runId: run?.id ?? null, correlationId });
}

async function newestSlot(tx: Tx, flow: string): Promise<Date | null> {
  const [row] = await tx
    .select({ slot: runs.slot })
    .from(runs)
    .where(and(eq(runs.flow, flow), isNull(runs.targets), ne(runs.trigger, 'hint')))
    .orderBy(desc(runs.slot))
    .limit(1);
  return row?.slot ?? null;
}

/** Runs under way whose process held its lease at `at` or later. */
async function unfinished(tx: Tx, flow: string, at: Date): Promise<{ id: number }[]> {
  return tx
    .selectDistinct({ id: runs.id })
    .from(runs)
    .innerJoin(leases, and(eq(leases.owner, runs.owner), eq(leases.epoch, runs.epoch)))
    .where(and(eq(runs.flow, flow), eq(runs.state, 'running'), gt(leases.until, at)));
}

/** Until when the newest run was asked to wait, also when that has passed: the next run has its grace from there. */
async function lastResume(tx: Tx, flow: string): Promise<Date | null> {
  const [row] = await tx
    .select({ resumeAt: runs.resumeAt })
    .from(runs)
    .where(and(eq(runs.flow, flow), sql`${runs.state} <> 'running'`))
    .orderBy(desc(runs.id))
    .limit(1);
  return row?.resumeAt ?? null;
}
