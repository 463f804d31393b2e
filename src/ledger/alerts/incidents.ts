import { and, asc, desc, eq, gt, isNotNull, isNull, lte, ne, or, sql } from 'drizzle-orm';
import type { DbOrTx, Tx } from '../db.ts';
import type { IncidentCause, IncidentData } from '../tables/incidents.ts';
import { changes, incidentEvents, incidents, links, runs, staged } from '../tables/index.ts';

export type Incident = typeof incidents.$inferSelect;
type EventKind = (typeof incidentEvents.$inferSelect)['kind'];

/** One thing that happened to a problem. */
interface Happening {
  readonly id: number;
  readonly at: Date;
  readonly message: string;
  readonly runId?: number | null;
}

export interface Opening {
  readonly flow: string;
  readonly connection: string | null;
  readonly cause: IncidentCause;
  readonly key: string;
  readonly correlationId: string;
  readonly message: string;
  readonly data: IncidentData;
  readonly at: Date;
  readonly runId?: number | null;
}

/** Opens a problem and returns it; null where one with the same key is open already. */
export async function openIncident(tx: Tx, { at, runId, ...opening }: Opening): Promise<Incident | null> {
  const [incident] = await tx
    .insert(incidents)
    .values({ ...opening, state: 'open', revision: 1, openedAt: at, openSince: at, lastAt: at, events: 1 })
    .onConflictDoNothing()
    .returning();
  if (!incident) return null;
  await addEvent(tx, 'opened', { id: incident.id, at, message: opening.message, runId: runId ?? null });
  return incident;
}

/** It happened once more. The revision grows only where the message shows something else now, so that clicks stay valid. */
export async function againIncident(
  tx: Tx,
  happening: Happening & { data: IncidentData; shown: boolean; worse: boolean },
): Promise<void> {
  const { id, at, message, data, shown, worse } = happening;
  await tx
    .update(incidents)
    .set({
      lastAt: at,
      message,
      data,
      events: sql`${incidents.events} + 1`,
      ...(shown ? { revision: nextRevision } : {}),
    })
    .where(eq(incidents.id, id));
  await addEvent(tx, worse ? 'worse' : 'again', happening);
}

/** A problem that had recovered is back; returns it with its new count of returns. */
export async function returnIncident(
  tx: Tx,
  happening: Happening & { data: IncidentData },
): Promise<Incident | null> {
  const { id, at, message, data } = happening;
  const [incident] = await tx
    .update(incidents)
    .set({
      state: 'open',
      recoveredAt: null,
      acknowledgedBy: null,
      acknowledgedUntil: null,
      ...searching(at),
      returns: sql`${incidents.returns} + 1`,
      events: sql`${incidents.events} + 1`,
      revision: nextRevision,
      lastAt: at,
      message,
      data,
    })
    .where(and(eq(incidents.id, id), eq(incidents.state, 'recovered')))
    .returning();
  if (incident) await addEvent(tx, 'returned', happening);
  return incident ?? null;
}

/** The problem is over; returns it, or null where it was over before. */
export async function recoverIncident(
  tx: Tx,
  happening: Happening & { data: IncidentData },
): Promise<Incident | null> {
  const { id, at, data } = happening;
  const [incident] = await tx
    .update(incidents)
    .set({ state: 'recovered', recoveredAt: at, lastAt: at, data, revision: nextRevision })
    .where(and(eq(incidents.id, id), ne(incidents.state, 'recovered')))
    .returning();
  if (incident) await addEvent(tx, 'recovered', happening);
  return incident ?? null;
}

/**
 * Somebody takes it on, until `until`. Null where it is over, or changed since the revision that they saw. `by` is a Slack
 * user id. The caller announces the card.
 */
export async function acknowledgeIncident(
  tx: Tx,
  { id, revision, by, until, at }: { id: number; revision: number; by: string; until: Date; at: Date },
): Promise<Incident | null> {
  const [incident] = await tx
    .update(incidents)
    .set({
      state: 'acknowledged',
      acknowledgedBy: by,
      acknowledgedUntil: until,
      snoozedBy: null,
      snoozedUntil: null,
      revision: nextRevision,
    })
    .where(and(eq(incidents.id, id), eq(incidents.revision, revision), ne(incidents.state, 'recovered')))
    .returning();
  if (!incident) return null;
  await tx
    .insert(incidentEvents)
    .values({ incidentId: id, at, kind: 'acknowledged', actor: by, message: incident.message });
  return incident;
}

/** Reopens what somebody took on until a time that has passed; returns those problems. */
export async function lapseAcknowledged(tx: Tx, now: Date): Promise<Incident[]> {
  return tx
    .update(incidents)
    .set({
      state: 'open',
      acknowledgedBy: null,
      acknowledgedUntil: null,
      ...searching(now),
      revision: nextRevision,
    })
    .where(and(eq(incidents.state, 'acknowledged'), lte(incidents.acknowledgedUntil, now)))
    .returning();
}

/** Somebody puts a problem off until a time, or wakes it again (`until` null). Null where it is over. */
export async function snoozeIncident(
  tx: Tx,
  { id, by, until, at }: { id: number; by: string; until: Date | null; at: Date },
): Promise<Incident | null> {
  const put = until ? { snoozedBy: by, snoozedUntil: until } : searching(at);
  const [incident] = await tx
    .update(incidents)
    .set({ ...put, revision: nextRevision })
    .where(and(eq(incidents.id, id), ne(incidents.state, 'recovered')))
    .returning();
  if (!incident) return null;
  const kind = until ? 'snoozed' : 'woken';
  await tx.insert(incidentEvents).values({ incidentId: id, at, kind, actor: by, message: incident.message });
  return incident;
}

/** Wakes what was put off until a time that has passed; returns those problems. */
export async function lapseSnoozed(tx: Tx, now: Date): Promise<Incident[]> {
  return tx
    .update(incidents)
    .set({ ...searching(now), revision: nextRevision })
    .where(and(ne(incidents.state, 'recovered'), lte(incidents.snoozedUntil, now)))
    .returning();
}

/** So many steps of the ladder are taken. */
export async function noteRung(tx: Tx, id: number, rung: number): Promise<void> {
  await tx.update(incidents).set({ rung, revision: nextRevision }).where(eq(incidents.id, id));
}

/** The flow's problems that are open, and those that recovered after `since`, newest first. */
export async function recentIncidents(
  db: DbOrTx,
  { flow, since }: { flow: string; since: Date },
): Promise<Incident[]> {
  return db
    .select()
    .from(incidents)
    .where(
      and(eq(incidents.flow, flow), or(ne(incidents.state, 'recovered'), gt(incidents.recoveredAt, since))),
    )
    .orderBy(desc(incidents.id));
}

/** Ended runs that the alerts have not looked at, in the order in which they ended. */
export async function runsToJudge(db: DbOrTx, limit: number): Promise<(typeof runs.$inferSelect)[]> {
  return db
    .select()
    .from(runs)
    .where(and(isNotNull(runs.finishedAt), eq(runs.judged, false)))
    .orderBy(asc(runs.finishedAt), asc(runs.id))
    .limit(limit);
}

/** Marks a run as looked at; false where somebody else did. */
export async function markJudged(tx: Tx, runId: number): Promise<boolean> {
  const rows = await tx
    .update(runs)
    .set({ judged: true })
    .where(and(eq(runs.id, runId), eq(runs.judged, false)))
    .returning({ id: runs.id });
  return rows.length === 1;
}

/**
 * Records of the flow that wait: newly read but not compared yet, or with a change that is not through. What was merely read
 * once more, being no newer than what was seen there before, does not count, nor do those that people or holds keep.
 */
export async function countWaiting(db: DbOrTx, flow: string): Promise<number> {
  const [row] = await db.execute<{ waiting: number }>(sql`
    select count(distinct who)::int as waiting from (
      select coalesce(${staged.recordId}, ${staged.connection} || ' ' || ${staged.externalId}) as who
        from ${staged} where ${staged.flow} = ${flow} and ${staged.state} in ('staged', 'matched')
          and not exists (select 1 from ${links} where ${links.connection} = ${staged.connection}
            and ${links.externalId} = ${staged.externalId} and ${links.role} = ${staged.observation} ->> 'role'
            and ${links.vendorAt} >= (${staged.observation} ->> 'vendorAt')::timestamptz)
      union all
      select coalesce(${changes.recordId}, ${changes.id}) as who
        from ${changes} where ${and(eq(changes.flow, flow), isNull(changes.closedAt))} and ${changes.state} in ('open', 'writing', 'failed')
    ) as all_waiting`);
  return row?.waiting ?? 0;
}

/** Somebody is looked for from now on. */
const searching = (openSince: Date) => ({
  openSince,
  calledAt: null,
  rung: 0,
  snoozedBy: null,
  snoozedUntil: null,
});

/** The technical owner was called. */
export async function noteCalled(tx: Tx, id: number, at: Date): Promise<void> {
  await tx.update(incidents).set({ calledAt: at }).where(eq(incidents.id, id));
}

const nextRevision = sql`${incidents.revision} + 1`;

async function addEvent(tx: Tx, kind: EventKind, { id, at, message, runId }: Happening): Promise<void> {
  await tx.insert(incidentEvents).values({ incidentId: id, at, kind, message, runId: runId ?? null });
}
