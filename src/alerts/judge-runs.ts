import { and, desc, eq, gte, inArray, lt } from 'drizzle-orm';
import type { ActiveAgreement, Flow } from '../agreement/agreement.ts';
import { countWaiting, markJudged, recentIncidents } from '../ledger/alerts/incidents.ts';
import type { Tx } from '../ledger/db.ts';
import type { Run } from '../ledger/runs/runs.ts';
import { hints, links, records, runs } from '../ledger/tables/index.ts';
import { applyMove, type Told } from './apply.ts';
import { type EndedRun, type Failing, judge, type KnownIncident, keyOf, returnWindowMs } from './detect.ts';

/** Looks at how one run ended, once, and stores what follows. A flow that left the agreement has nobody to tell. */
export async function judgeRun(tx: Tx, run: Run, agreement: ActiveAgreement, now: Date): Promise<Told[]> {
  if (!(await markJudged(tx, run.id))) return [];
  const flow = agreement.flows[run.flow];
  // A run that was given up says nothing about the systems; the next one does.
  if (!flow || !run.finishedAt || run.state === 'abandoned') return [];
  const incidents = await recentIncidents(tx, {
    flow: run.flow,
    since: new Date(run.finishedAt.getTime() - returnWindowMs),
  });
  const ended = await endedRun(tx, run, run.finishedAt, incidents);
  const moves = judge({
    run: ended,
    failedBefore: await failedBefore(tx, ended, flow),
    incidents,
    alertAfterFailures: flow.alertAfterFailures,
    alertAfterMinutes: flow.alertAfterMinutes,
    waiting: await countWaiting(tx, run.flow),
    settled: run.counts?.settled ?? 0,
  });
  const occasion = {
    flow: run.flow,
    agreement,
    at: run.finishedAt,
    runId: run.id,
    correlationId: run.correlationId,
  };
  const told: (Told | null)[] = [];
  for (const move of moves) told.push(await applyMove(tx, move, occasion));
  await lookAgain(tx, flow.entity, incidents, ended, now);
  return told.filter((one) => one !== null);
}

async function endedRun(
  tx: Tx,
  run: Run,
  finishedAt: Date,
  incidents: readonly KnownIncident[],
): Promise<EndedRun> {
  return {
    ...run,
    finishedAt,
    whole: isWhole(run),
    failures: run.failures ?? [],
    named: run.counts?.named ?? {},
    readFrom: await readFrom(tx, run, driftedIn(incidents)),
  };
}

/** From which of these connections the run read a record, be it one that it found unchanged. */
async function readFrom(tx: Tx, { startedAt }: Run, connections: readonly string[]): Promise<string[]> {
  if (connections.length === 0) return [];
  const rows = await tx
    .selectDistinct({ connection: links.connection })
    .from(links)
    .where(and(inArray(links.connection, [...connections]), gte(links.readAt, startedAt)));
  return rows.map((row) => row.connection);
}

const driftedIn = (incidents: readonly KnownIncident[]): string[] =>
  incidents
    .filter(({ cause, state, data }) => cause === 'drift' && state !== 'recovered' && !data.demand)
    .flatMap(({ connection }) => connection ?? []);

const isWhole = (run: Pick<Run, 'targets' | 'trigger'>): boolean =>
  run.targets === null && run.trigger !== 'hint';

/** Runs that are looked back at, to see since when a problem is met. */
const lookBack = 500;

/** How many runs in a row before this one met each of its problems, and since when. */
async function failedBefore(
  tx: Tx,
  run: EndedRun,
  { alertAfterFailures, alertAfterMinutes }: Pick<Flow, 'alertAfterFailures' | 'alertAfterMinutes'>,
): Promise<Map<string, Failing>> {
  if (alertAfterFailures === 1 || run.failures.length === 0) return new Map();
  const enough =
    alertAfterFailures === null || alertAfterMinutes !== null ? lookBack : alertAfterFailures * 10;
  const before = await tx
    .select()
    .from(runs)
    .where(and(eq(runs.flow, run.flow), eq(runs.judged, true), lt(runs.id, run.id)))
    .orderBy(desc(runs.finishedAt), desc(runs.id))
    .limit(enough);
  return new Map(
    run.failures.flatMap((failure) => {
      const failing = inARow(before, keyOf(run.flow, failure));
      return failing ? [[keyOf(run.flow, failure), failing]] : [];
    }),
  );
}

function inARow(newestFirst: readonly Run[], key: string): Failing | null {
  const met: Date[] = [];
  for (const run of newestFirst) {
    if (run.failures?.some((failure) => keyOf(run.flow, failure) === key))
      met.push(run.finishedAt ?? run.startedAt);
    else if (run.state === 'done' && isWhole(run)) break;
  }
  const since = met.at(-1);
  return since ? { runs: met.length, since } : null;
}

/**
 * A field that vanished is only seen to be back when a record is read, and none may change for days: while the problem is
 * open, one record of that system is named to the next run.
 */
async function lookAgain(
  tx: Tx,
  entity: string,
  incidents: readonly KnownIncident[],
  run: EndedRun,
  now: Date,
): Promise<void> {
  const unread = driftedIn(incidents).filter((connection) => !run.readFrom.includes(connection));
  if (unread.length === 0) return;
  const known = await tx
    .selectDistinctOn([links.connection], { connection: links.connection, externalId: links.externalId })
    .from(links)
    .innerJoin(records, eq(records.id, links.recordId))
    .where(and(inArray(links.connection, unread), eq(records.entity, entity), eq(links.archived, false)))
    .orderBy(links.connection, desc(links.readAt));
  if (known.length === 0) return;
  await tx
    .insert(hints)
    .values(known.map((hint) => ({ ...hint, entity, receivedAt: now, events: 0 })))
    .onConflictDoNothing();
}
