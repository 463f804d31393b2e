import { and, asc, eq, isNull, lte, ne, sql } from 'drizzle-orm';
import type { Observation } from '../connectors/connector.ts';
import { moveChange, tell } from '../ledger/changes/changes.ts';
import { releasedRecords } from '../ledger/changes/field-holds.ts';
import type { Tx } from '../ledger/db.ts';
import { among } from '../ledger/many.ts';
import { loadRecords, type RecordState } from '../ledger/records/records.ts';
import type { HoldReason } from '../ledger/tables/changes.ts';
import { changes, conflicts, staged } from '../ledger/tables/index.ts';
import { type Amendment, amendmentOf, apartRecords, noteFollowed } from './amending/amendment.ts';
import { planUnderNewTerms } from './amending/under-new-terms.ts';
import { commit, type RunContext } from './context.ts';
import { carryOut } from './deciding/carry-out.ts';
import {
  answerByTerms,
  type FormerTerms,
  followAgreement,
  formerTerms,
} from './deciding/follow-agreement.ts';
import { leftApartOf } from './deciding/left-apart.ts';
import { heldFields, type Look, onlyFields, type Seen } from './deciding/observe.ts';
import { type PlanInput, type PlannedField, planRecord } from './deciding/plan.ts';
import { planInput } from './deciding/plan-input.ts';
import { putBacksOf } from './deciding/put-backs.ts';
import { missingIn, releaseArchived, releaseCompany, waitForCompany } from './identity/alone.ts';
import { takeUpMade } from './making/take-up.ts';
import { asideOf, endAsides } from './rolling-back/end-asides.ts';

const chunk = 100;

/**
 * Compares and decides every record that something was staged for, whose time to choose is up, or that was waiting for an
 * approval. Returns in how many of them something differed.
 */
export async function decideRecords(context: RunContext): Promise<number> {
  const amendment = await amendmentOf(context);
  const apart = amendment ? await apartRecords(context, amendment) : null;
  const ids = [...new Set([...(await dueRecords(context)), ...(apart?.ids ?? [])])];
  let changed = 0;
  for (let at = 0; at < ids.length; at += chunk) {
    changed += await commit(context, (tx) => decideChunk(context, tx, ids.slice(at, at + chunk), amendment));
    await context.at?.('decided');
  }
  if (amendment && apart) await noteFollowed(context, amendment, apart);
  return changed;
}

async function dueRecords(context: RunContext): Promise<string[]> {
  const { db, flow } = context;
  const [observed, expired, approved, otherTerms, released] = await Promise.all([
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
    releasedRecords(db, flow.id),
  ]);
  const found = [...observed, ...expired, ...approved, ...otherTerms].flatMap((row) => row.id ?? []);
  return [...new Set([...found, ...released])];
}

async function decideChunk(
  context: RunContext,
  tx: Tx,
  ids: readonly string[],
  amendment: Amendment | null,
): Promise<number> {
  // A click on one of their messages either came before, and is seen, or waits until this is through.
  await tx
    .select({ id: changes.id })
    .from(changes)
    .where(and(among(changes.recordId, ids), isNull(changes.closedAt)))
    .orderBy(asc(changes.id))
    .for('update');
  const [loaded, rows, putBacks, leftApart, asides] = await Promise.all([
    loadRecords(tx, ids, context.flow.id),
    matchedRows(context, tx, ids),
    putBacksOf(context, tx, ids),
    leftApartOf(tx, ids),
    asideOf(tx, ids),
  ]);
  const rowsByRecord = Map.groupBy(rows, (row) => row.recordId);
  const seenOf = (recordId: string) => newest(rowsByRecord.get(recordId) ?? []);
  const states = await takeUpMade(context, tx, loaded, seenOf);
  const former = formerTerms(tx, context.flow.id);
  const looks: Look<MatchedRow>[] = [];
  for (const known of states) {
    const seen = seenOf(known.record.id);
    const past = {
      putBacks: putBacks.get(known.record.id),
      leftApart: leftApart.get(known.record.id),
      putAside: asides.get(known.record.id),
    };
    const state = await readied(context, tx, known, { seen, former });
    const input = isPlanned(context, state, seen) ? planInput(context, state, seen, past) : null;
    const planned = input ? plan(input, state, amendment) : [];
    looks.push({
      state: amendment ? await answerByTerms(context, tx, state, planned) : state,
      seen,
      planned,
    });
  }
  const changed = await carryOut(context, tx, looks);
  await endAsides(context, tx, looks, asides);
  for (const { state, seen } of looks) {
    if (isPlanned(context, state, seen) && !changed.has(state.record.id))
      await noteNothingLeft(context, tx, state, missingIn(context, asSeen(state, seen)).length > 0);
  }
  await finish(tx, rows, waitingParts(looks));
  return changed.size;
}

const plan = (input: PlanInput, state: RecordState, amendment: Amendment | null): PlannedField[] =>
  amendment && input.firstLoadApproved
    ? planUnderNewTerms(input, state, amendment.difference)
    : planRecord(input);

/** Whether there is anything to compare it with, be it a system in which it is to be made. */
const isPlanned = (context: RunContext, state: RecordState, seen: readonly Seen[]): boolean =>
  inFlow(context, state).length >= 2 || missingIn(context, asSeen(state, seen)).length > 0;

/** Out of use or not as it was just read: one that is back is to be made elsewhere with what it is now. */
function asSeen(state: RecordState, seen: readonly Seen[]): RecordState {
  const read = new Map(seen.map(({ connection, observation }) => [connection, observation.archived]));
  const links = state.links.map((link) => ({
    ...link,
    archived: read.get(link.connection) ?? link.archived,
  }));
  return { ...state, links };
}

/** Another flow may know the record in other systems. */
const inFlow = ({ flow }: RunContext, { links }: RecordState) =>
  links.filter((link) => flow.connections.includes(link.connection));

/** Takes a record along into the active agreement, and lets it wait, or wait no longer, for the systems that lack it. */
async function readied(
  context: RunContext,
  tx: Tx,
  known: RecordState,
  { seen, former }: { readonly seen: readonly Seen[]; readonly former: FormerTerms },
): Promise<RecordState> {
  const state = await followAgreement(context, tx, known, former);
  const now = asSeen(state, seen);
  if (missingIn(context, now).length > 0) return state;
  if (inFlow(context, state).length >= 2) return releaseCompany(context, tx, state);
  if (now.links.every((link) => link.archived)) await releaseArchived(context, tx, state);
  else await waitForCompany(context, tx, now);
  return state;
}

/** By staged row, the part of its observation that is held. */
function waitingParts(looks: readonly Look<MatchedRow>[]): ReadonlyMap<number, Observation> {
  return new Map(
    looks.flatMap(({ state, seen, planned }) => {
      const held = heldFields(state, planned);
      if (held.size === 0) return [];
      return seen.flatMap(({ id, observation }) => {
        const waits = onlyFields(observation, held);
        return waits ? [[id, waits] as const] : [];
      });
    }),
  );
}

/** What was compared is done with. The part that is held stays staged: its difference is compared again until it is settled. */
async function finish(
  tx: Tx,
  rows: readonly MatchedRow[],
  kept: ReadonlyMap<number, Observation>,
): Promise<void> {
  const compared = rows.map((row) => row.id).filter((id) => !kept.has(id));
  if (compared.length > 0) {
    await tx.execute(
      sql`update ${staged} s set state = 'done' from unnest(${`{${compared}}`}::bigint[]) m(id) where s.id = m.id`,
    );
  }
  for (const [id, observation] of kept) await tx.update(staged).set({ observation }).where(eq(staged.id, id));
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

interface MatchedRow extends Seen {
  readonly id: number;
  readonly recordId: string;
}

async function matchedRows(context: RunContext, tx: Tx, ids: readonly string[]): Promise<MatchedRow[]> {
  const rows = await tx
    .select()
    .from(staged)
    .where(and(among(staged.recordId, ids), eq(staged.flow, context.flow.id), eq(staged.state, 'matched')))
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
