import { and, asc, eq, inArray, isNull, lte, ne } from 'drizzle-orm';
import type { Observation } from '../connectors/connector.ts';
import { type Field, same } from '../entities/field.ts';
import { moveChange, tell } from '../ledger/changes.ts';
import type { Tx } from '../ledger/db.ts';
import { type Link, loadRecords, type RecordState } from '../ledger/records.ts';
import type { HoldReason } from '../ledger/tables/changes.ts';
import { changes, conflicts, staged } from '../ledger/tables/index.ts';
import { commit, connectorOf, projector, type RunContext } from './context.ts';
import type { FieldHistory, Option } from './decide.ts';
import { carryOut } from './deciding/carry-out.ts';
import { followAgreement } from './deciding/follow-agreement.ts';
import { leftApartOf } from './deciding/left-apart.ts';
import { heldFields, onlyFields, type Seen } from './deciding/observe.ts';
import { type PlanInput, planRecord } from './deciding/plan.ts';
import { type PutBacks, putBacksOf } from './deciding/put-backs.ts';
import { missingIn, releaseCompany, waitForCompany } from './identity/alone.ts';
import { mergedAway } from './identity/merged.ts';
import { statusField } from './status.ts';

const chunk = 50;

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
  const [observed, expired, approved, otherTerms] = await Promise.all([
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
    db
      .select({ id: changes.recordId })
      .from(changes)
      .where(
        and(
          eq(changes.flow, flow.id),
          ne(changes.agreementVersion, context.agreement.version),
          isNull(changes.closedAt),
        ),
      ),
  ]);
  return [...new Set([...observed, ...expired, ...approved, ...otherTerms].flatMap((row) => row.id ?? []))];
}

async function decideChunk(context: RunContext, tx: Tx, ids: readonly string[]): Promise<number> {
  // A click on one of their messages either came before, and is seen, or waits until this is through.
  await tx
    .select({ id: changes.id })
    .from(changes)
    .where(and(inArray(changes.recordId, [...ids]), isNull(changes.closedAt)))
    .orderBy(asc(changes.id))
    .for('update');
  const [states, rows, putBacks, leftApart] = await Promise.all([
    loadRecords(tx, ids),
    matchedRows(context, tx, ids),
    putBacksOf(context, tx, ids),
    leftApartOf(tx, ids),
  ]);
  const rowsByRecord = Map.groupBy(rows, (row) => row.recordId);
  const kept = new Map<number, Observation>();
  let changed = 0;
  for (const known of states) {
    const state = await followAgreement(context, tx, known);
    const seen = newest(rowsByRecord.get(state.record.id) ?? []);
    const past = { putBacks: putBacks.get(state.record.id), leftApart: leftApart.get(state.record.id) };
    const decided = await decideOne(context, tx, state, seen, past);
    if (decided.changed) changed += 1;
    for (const { id, observation } of seen) {
      const waits = decided.held.size > 0 ? onlyFields(observation, decided.held) : null;
      if (waits) kept.set(id, waits);
    }
  }
  await finish(tx, rows, kept);
  return changed;
}

/** What was compared is done with. The part that is held stays staged: its difference is compared again until it is settled. */
async function finish(
  tx: Tx,
  rows: readonly MatchedRow[],
  kept: ReadonlyMap<number, Observation>,
): Promise<void> {
  const compared = rows.map((row) => row.id).filter((id) => !kept.has(id));
  if (compared.length > 0) await tx.update(staged).set({ state: 'done' }).where(inArray(staged.id, compared));
  for (const [id, observation] of kept) await tx.update(staged).set({ observation }).where(eq(staged.id, id));
}

interface Decided {
  readonly changed: boolean;
  /** Fields whose difference has to be looked at again. */
  readonly held: ReadonlySet<string>;
}

async function decideOne(
  context: RunContext,
  tx: Tx,
  state: RecordState,
  seen: readonly Seen[],
  past: Past,
): Promise<Decided> {
  const isMissing = missingIn(context, state).length > 0;
  if (!isMissing && state.links.length < 2) {
    await carryOut(context, tx, state, [], seen);
    if (state.links.every((link) => link.archived)) await releaseCompany(context, tx, state);
    else await waitForCompany(context, tx, state);
    return { changed: false, held: new Set() };
  }
  const left = isMissing ? state : await releaseCompany(context, tx, state);
  const planned = planRecord(planInput(context, left, seen, past));
  const changed = await carryOut(context, tx, left, planned, seen);
  if (!changed) await noteNothingLeft(context, tx, left, isMissing);
  return { changed, held: heldFields(left, planned) };
}

function planInput(context: RunContext, state: RecordState, seen: readonly Seen[], past: Past): PlanInput {
  const observations = new Map(seen.map((one) => [one.connection, one.observation]));
  const isArchived = (link: Link) => observations.get(link.connection)?.archived ?? link.archived;
  const inUse = state.links.filter((link) => !isArchived(link));
  const counted = context.flow.fields[statusField] ? state.links : inUse;
  return {
    entity: context.entity,
    flow: context.flow,
    // In the agreement's order, so that people find the same button in the same place.
    connections: context.flow.connections.filter((id) => counted.some((link) => link.connection === id)),
    bases: state.bases,
    basesAt: new Map(
      counted.flatMap(({ connection, vendorAt }) => (vendorAt ? [[connection, vendorAt.toISOString()]] : [])),
    ),
    back: new Set(inUse.filter((link) => link.archived).map((link) => link.connection)),
    archived: new Set(
      state.links
        .filter((link) => isArchived(link) && link.how !== mergedAway)
        .map((link) => link.connection),
    ),
    readOnly: new Set(context.flow.connections.filter((id) => !connectorOf(context, id).canUpdate)),
    observations,
    history: (field) => historyOf(state, field, past),
    project: projector(context),
    firstLoadApproved: context.firstLoadApproved,
    now: context.clock.now(),
  };
}

/** Holds that end by themselves once nothing is apart any more. */
const endsAlone: readonly (HoldReason | null)[] = ['first_load', 'tug_of_war'];

/** A change that was opened again, or held, and of which nothing is apart any more: only this comparison lets it be closed. */
async function noteNothingLeft(
  context: RunContext,
  tx: Tx,
  state: RecordState,
  isMissing: boolean,
): Promise<void> {
  const { change, pending } = state;
  // It is still to be made in a system, and nothing is made before the owner approved the counts.
  if (isMissing && change?.hold === 'first_load' && !context.firstLoadApproved) return;
  const released = change?.state === 'held' && endsAlone.includes(change.hold);
  if (!change || (change.state !== 'open' && !released) || pending.size > 0) return;
  const line = { changeId: change.id, at: context.clock.now() };
  const of = Object.keys(context.flow.fields).length;
  await tell(tx, [{ ...line, kind: 'compared', data: { fields: [], of } }]);
  if (released) await tell(tx, [{ ...line, kind: 'released', data: { reason: change.hold } }]);
  const asking = [...state.conflicts.values()].some((conflict) => conflict.state === 'open');
  await moveChange(tx, change.id, { state: asking ? 'asking' : 'writing', now: line.at });
}

/** By field, what the ledger's story says of a record. */
interface Past {
  readonly putBacks: ReadonlyMap<string, PutBacks> | undefined;
  readonly leftApart: ReadonlyMap<string, readonly Option[]> | undefined;
}

function historyOf(state: RecordState, field: Field, past: Past): FieldHistory {
  const putBacks = past.putBacks?.get(field.name);
  const settled = state.agreed.get(field.name);
  const conflict = state.conflicts.get(field.name);
  const value = settled?.value ?? null;
  return {
    agreed: settled ? value : undefined,
    isAgreedUnasked: settled?.settledBy === 'same',
    pending: state.pending.get(field.name) ?? null,
    question: conflict?.state === 'open' ? conflict : null,
    leftApart: past.leftApart?.get(field.name),
    putBacks: putBacks?.values.filter((one) => same(field, one, value)).length ?? 0,
    isHeld: putBacks?.held ?? false,
  };
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

/** Of several observations of one system the newest counts, by the vendor's time where it tells one, else as they were read. */
function newest(rows: readonly MatchedRow[]): MatchedRow[] {
  const time = (row: MatchedRow) => (row.observation.vendorAt ? Date.parse(row.observation.vendorAt) : null);
  const later = (a: MatchedRow, b: MatchedRow) => {
    const [at, bt] = [time(a), time(b)];
    return at !== null && bt !== null && at > bt ? a : b;
  };
  return [...Map.groupBy(rows, (row) => row.connection).values()].map((list) => list.reduce(later));
}
