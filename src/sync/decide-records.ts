import { and, asc, eq, gt, inArray, isNull, lte, sql } from 'drizzle-orm';
import type { Observation } from '../connectors/connector.ts';
import { moveChange, openChange, tell } from '../ledger/changes.ts';
import type { Tx } from '../ledger/db.ts';
import { loadRecords, type RecordState } from '../ledger/records.ts';
import { changes, conflicts, staged, story } from '../ledger/tables/index.ts';
import { carryOut, missingFrom, type Seen } from './carry-out.ts';
import { commit, projector, type RunContext } from './context.ts';
import type { FieldHistory } from './decide.ts';
import { planRecord } from './plan.ts';

const chunk = 50;
const day = 24 * 3_600_000;

/**
 * Compares and decides every record that something was staged for, whose time to choose is up, or that was waiting for an
 * approval. Returns in how many of them something differed.
 */
export async function decideRecords(context: RunContext): Promise<number> {
  const ids = await dueRecords(context);
  let changed = 0;
  for (let at = 0; at < ids.length; at += chunk) {
    changed += await commit(context, (tx) => decideChunk(context, tx, ids.slice(at, at + chunk)));
    await context.at?.('decided');
  }
  return changed;
}

async function dueRecords(context: RunContext): Promise<string[]> {
  const { db, flow } = context;
  const [observed, expired, approved] = await Promise.all([
    db
      .selectDistinct({ id: staged.recordId })
      .from(staged)
      .where(and(eq(staged.flow, flow.id), eq(staged.state, 'matched'))),
    db
      .selectDistinct({ id: conflicts.recordId })
      .from(conflicts)
      .where(
        and(
          eq(conflicts.flow, flow.id),
          eq(conflicts.state, 'open'),
          isNull(conflicts.closedAt),
          lte(conflicts.deadline, context.clock.now()),
        ),
      ),
    context.firstLoadApproved
      ? db
          .select({ id: changes.recordId })
          .from(changes)
          .where(and(eq(changes.flow, flow.id), eq(changes.hold, 'first_load'), isNull(changes.closedAt)))
      : [],
  ]);
  return [...new Set([...observed, ...expired, ...approved].flatMap((row) => row.id ?? []))];
}

async function decideChunk(context: RunContext, tx: Tx, ids: readonly string[]): Promise<number> {
  const [states, rows, putBacks] = await Promise.all([
    loadRecords(tx, ids),
    matchedRows(context, tx, ids),
    putBacksOf(context, tx, ids),
  ]);
  const rowsByRecord = Map.groupBy(rows, (row) => row.recordId);
  let changed = 0;
  for (const state of states) {
    const seen = latest(rowsByRecord.get(state.record.id) ?? []);
    if (await decideOne(context, tx, state, seen, putBacks.get(state.record.id) ?? new Map())) changed += 1;
  }
  if (rows.length > 0) {
    const compared = rows.map((row) => row.id);
    await tx.update(staged).set({ state: 'done' }).where(inArray(staged.id, compared));
  }
  return changed;
}

async function decideOne(
  context: RunContext,
  tx: Tx,
  state: RecordState,
  seen: readonly Seen[],
  putBacks: ReadonlyMap<string, number>,
): Promise<boolean> {
  if (state.links.length < 2) {
    await carryOut(context, tx, state, [], seen);
    await waitForCompany(context, tx, state);
    return false;
  }
  await releaseCompany(context, tx, state);
  const observations = new Map(seen.map((one) => [one.connection, one.observation]));
  const inUse = state.links.filter((link) => !(observations.get(link.connection)?.archived ?? link.archived));
  const planned = planRecord({
    entity: context.entity,
    flow: context.flow,
    connections: inUse.map((link) => link.connection),
    bases: state.bases,
    basesAt: new Map(inUse.map((link) => [link.connection, link.vendorAt?.toISOString() ?? ''])),
    back: new Set(inUse.filter((link) => link.archived).map((link) => link.connection)),
    observations,
    history: (field) => historyOf(state, field, putBacks),
    project: projector(context),
    firstLoadApproved: context.firstLoadApproved,
    now: context.clock.now(),
  });
  if (await carryOut(context, tx, state, planned, seen)) return true;
  await noteNothingLeft(context, tx, state);
  return false;
}

/** A change that was opened again, and of which nothing is apart any more: only this comparison lets it be closed. */
async function noteNothingLeft(context: RunContext, tx: Tx, { change, pending }: RecordState): Promise<void> {
  if (change?.state !== 'open' || pending.size > 0) return;
  const now = context.clock.now();
  const of = Object.keys(context.flow.fields).length;
  await tell(tx, [{ changeId: change.id, at: now, kind: 'compared', data: { fields: [], of } }]);
  await moveChange(tx, change.id, { state: 'writing', now });
}

function historyOf(state: RecordState, field: string, putBacks: ReadonlyMap<string, number>): FieldHistory {
  const settled = state.agreed.get(field);
  const conflict = state.conflicts.get(field);
  return {
    agreed: settled ? settled.value : undefined,
    pending: state.pending.get(field) ?? null,
    question: conflict?.state === 'open' ? conflict : null,
    putBacks: putBacks.get(field) ?? 0,
  };
}

/** A record that only one system has takes part in nothing; it waits, and says where it is missing. */
async function waitForCompany(context: RunContext, tx: Tx, state: RecordState): Promise<void> {
  if (!state.record.keyValue || state.links.length === 0) return;
  const now = context.clock.now();
  const change = await openChange(tx, {
    recordId: state.record.id,
    flow: context.flow.id,
    subject: state.record.title,
    runId: context.run.id,
    agreementVersion: context.agreement.version,
    now,
  });
  const detail = `not in ${missingFrom(context, state).join(' or ')}`;
  if (change.hold === 'not_linked' && change.holdDetail === detail) return;
  await tell(tx, [{ changeId: change.id, at: now, kind: 'held', data: { reason: 'not_linked', detail } }]);
  await moveChange(tx, change.id, { state: 'held', hold: 'not_linked', holdDetail: detail, now });
}

async function releaseCompany(context: RunContext, tx: Tx, state: RecordState): Promise<void> {
  if (state.change?.hold !== 'not_linked') return;
  const now = context.clock.now();
  await tell(tx, [{ changeId: state.change.id, at: now, kind: 'released', data: { reason: 'not_linked' } }]);
  await moveChange(tx, state.change.id, { state: 'withdrawn', now });
}

interface MatchedRow extends Seen {
  readonly id: number;
  readonly recordId: string;
}

async function matchedRows(context: RunContext, tx: Tx, ids: readonly string[]): Promise<MatchedRow[]> {
  const rows = await tx
    .select()
    .from(staged)
    .where(
      and(inArray(staged.recordId, [...ids]), eq(staged.flow, context.flow.id), eq(staged.state, 'matched')),
    )
    .orderBy(asc(staged.id));
  return rows.map((row) => ({
    ...row,
    recordId: row.recordId as string,
    observation: row.observation as Observation,
  }));
}

/** Of several observations of one system the newest counts. */
const latest = (rows: readonly MatchedRow[]): Seen[] => [
  ...new Map(rows.map((row) => [row.connection, row])).values(),
];

/** How often each field of each record was put back within a day: what tells a tug-of-war. */
async function putBacksOf(
  context: RunContext,
  tx: Tx,
  ids: readonly string[],
): Promise<Map<string, Map<string, number>>> {
  const rows = await tx
    .select({ recordId: changes.recordId, field: story.field, times: sql<number>`count(*)::int` })
    .from(story)
    .innerJoin(changes, eq(changes.id, story.changeId))
    .where(
      and(
        inArray(changes.recordId, [...ids]),
        eq(story.kind, 'ruled'),
        gt(story.at, new Date(context.clock.now().getTime() - day)),
        sql`${story.data} ->> 'putBack' = 'true'`,
        // A person who ran it again after looking starts the count anew.
        sql`not exists (select 1 from story r join changes c on c.id = r.change_id
          where c.record_id = ${changes.recordId} and r.kind = 'reprocess' and r.at >= ${story.at})`,
      ),
    )
    .groupBy(changes.recordId, story.field);
  return new Map(
    [...Map.groupBy(rows, (row) => row.recordId ?? '')].map(([recordId, fields]) => [
      recordId,
      new Map(fields.map((row) => [row.field ?? '', row.times])),
    ]),
  );
}
