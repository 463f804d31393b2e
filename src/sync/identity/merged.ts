import { and, eq, isNull, ne } from 'drizzle-orm';
import type { ReadItem } from '../../connectors/connector.ts';
import { moveChange, openChange, tell } from '../../ledger/changes/changes.ts';
import type { Tx } from '../../ledger/db.ts';
import { announceCard, rank } from '../../ledger/posts/outbox.ts';
import { type Likeness, likenessesOf } from '../../ledger/questions/likenesses.ts';
import { confirmAbsences, goneAway } from '../../ledger/records/absences.ts';
import { renameNeed } from '../../ledger/records/needs.ts';
import { goInto } from '../../ledger/records/one-record.ts';
import { type Link, loadRecords, type RecordState, underWay } from '../../ledger/records/records.ts';
import { addHints } from '../../ledger/runs/hints.ts';
import type { NamedRecord } from '../../ledger/sealing/named-records.ts';
import { bases, changes, conflicts, links, pending, staged } from '../../ledger/tables/index.ts';
import type { Place } from '../../ledger/tables/likenesses.ts';
import { commit, connectorOf, type RunContext } from '../context.ts';
import { askOfMerged, isUnfinished } from './ask-if-same.ts';
import { isAt, letGo } from './link-book.ts';

/** What a link says of itself once its record was merged away: it stays, so that the record is not made there again. */
export const mergedAway = 'merged';

/**
 * A vendor merged one of its records into another. Our link follows to the record that lives on. Where that one belongs to
 * another record of ours, the vendor has one where we and the other systems have two: the merged one is let go there, nothing is
 * written to it or made in its place, and what follows elsewhere is asked, or goes by the agreement's rule. Idempotent.
 */
export async function followMerge(
  context: RunContext,
  tx: Tx,
  connection: string,
  { externalId, into }: ReadItem & { readonly kind: 'merged' },
): Promise<void> {
  const { role } = connectorOf(context, connection);
  const link = await linkTo(tx, { connection, role, externalId });
  if (!link || link.how === mergedAway || link.how === goneAway) return;
  const winner = await linkTo(tx, { connection, role, externalId: into });
  // Where it lives on it was not read yet.
  const named = { connection, entity: context.entity.name, externalIds: [into] };
  await addHints(tx, { ...named, now: context.clock.now() });
  await dropStaged(tx, connection, externalId);
  if (!winner) return followTo(context, tx, link, into);
  const [loser, keeper] = await Promise.all([stateOf(tx, link.recordId), stateOf(tx, winner.recordId)]);
  if (keeper.record.keyValue === null && keeper.links.length === 1) {
    // It stood alone and nobody knew whose it was; now it is this one.
    await tx.delete(bases).where(eq(bases.recordId, keeper.record.id));
    await tx.delete(links).where(eq(links.recordId, keeper.record.id));
    await tx.update(staged).set({ recordId: link.recordId }).where(eq(staged.recordId, keeper.record.id));
    await goInto(tx, { from: keeper.record.id, to: link.recordId });
    await followTo(context, tx, link, into);
    return close(context, tx, keeper, loser.record);
  }
  await letGoOf(context, tx, loser, link, keeper.record);
}

/** What was last seen stays the base: whatever the merge changed is a change like any other. */
async function followTo({ entity }: RunContext, tx: Tx, link: Link, externalId: string): Promise<void> {
  await tx.update(links).set({ externalId, vendorAt: null }).where(here(link));
  const { connection, externalId: from } = link;
  await renameNeed(tx, { entity: entity.name, connection, from, to: externalId });
}

async function letGoOf(
  context: RunContext,
  tx: Tx,
  loser: RecordState,
  link: Link,
  winner: RecordState['record'],
): Promise<void> {
  const others = loser.links.filter(
    ({ connection, how }) => connection !== link.connection && how !== mergedAway && how !== goneAway,
  );
  if (others.length === 0) {
    await letGo(tx, loser.record.id, link.connection, 'merged into another record');
    await goInto(tx, { from: loser.record.id, to: winner.id });
    return close(context, tx, loser, winner);
  }
  await tx.delete(bases).where(and(eq(bases.recordId, link.recordId), eq(bases.connection, link.connection)));
  await tx.update(links).set({ how: mergedAway, archived: true, print: null }).where(here(link));
  const now = context.clock.now();
  const { label } = connectorOf(context, link.connection);
  const change = await openChange(tx, {
    recordId: loser.record.id,
    flow: context.flow.id,
    subject: loser.record.title,
    runId: context.run.id,
    agreementVersion: context.agreement.version,
    now,
  });
  const happened = `${label} merged it into “${winner.title}”`;
  const line = { changeId: change.id, at: now, connection: link.connection, others: [winner] };
  await tell(tx, [{ ...line, kind: 'gone', data: { reason: happened } }]);
  const pair = { loser: loser.record.id, keeper: winner.id, mergedIn: label };
  if (await askOfMerged(context, tx, pair)) {
    const detail = `${happened}; a person is asked whether they are one elsewhere too`;
    await tell(tx, [{ ...line, kind: 'held', data: { reason: 'merged', detail } }]);
    // What is asked about it, or on its way to the other systems, is still right there.
    const rest = underWay(loser);
    const state = rest === 'writing' && change.state === 'failed' ? 'held' : (rest ?? 'held');
    await moveChange(tx, change.id, { state, hold: 'merged', holdDetail: detail, now });
    const subject = `change:${change.id}`;
    await announceCard(tx, { subject, flow: context.flow.id, rank: rank.decision, now });
    return;
  }
  await takeAsGone(context, tx, link, winner.title);
}

/** The others have two where this system has one: what follows there is what follows from any record that is gone. */
const takeAsGone = (context: RunContext, tx: Tx, link: Link, mergedInto: string): Promise<void> =>
  confirmAbsences(tx, { flow: context.flow.id, gone: [link], mergedInto, now: context.clock.now() });

/**
 * A record that waits because it was merged away somewhere waits no longer once nothing has it in use, or once another record has
 * come into its place there. Where a person said that the two are not one, what follows is what follows from one that is gone.
 */
export async function releaseMerged(context: RunContext): Promise<void> {
  const waiting = await context.db
    .select({ id: changes.recordId })
    .from(changes)
    .where(and(eq(changes.flow, context.flow.id), eq(changes.hold, 'merged'), isNull(changes.closedAt)));
  const ids = waiting.flatMap(({ id }) => id ?? []);
  const rows = await likenessesOf(context.db, context.flow.id, { recordIds: ids, externalIds: [] });
  const asked = new Set(rows.filter(isUnfinished).flatMap((row) => [row.leftRecord, row.rightRecord]));
  for (const id of ids.filter((one) => !asked.has(one)))
    await commit(context, (tx) => release(context, tx, id, rows));
}

async function release(
  context: RunContext,
  tx: Tx,
  recordId: string,
  rows: readonly Likeness[],
): Promise<void> {
  await tx
    .select({ id: changes.id })
    .from(changes)
    .where(and(eq(changes.recordId, recordId), isNull(changes.closedAt)))
    .orderBy(changes.id)
    .for('update');
  const [state] = await loadRecords(tx, [recordId], context.flow.id);
  if (state?.change?.hold !== 'merged') return;
  const now = context.clock.now();
  const { id } = state.change;
  const isInUse = state.links.some((link) => !link.archived);
  for (const link of state.links.filter(({ how }) => isInUse && how === mergedAway)) {
    const row = rows.find((one) => one.leftRecord === recordId || one.rightRecord === recordId);
    const winner = row?.leftRecord === recordId ? row.rightTitle : (row?.leftTitle ?? 'another record');
    await takeAsGone(context, tx, link, winner);
  }
  await tell(tx, [{ changeId: id, at: now, kind: 'released', data: { reason: 'merged' } }]);
  await moveChange(tx, id, { state: underWay(state) ?? 'withdrawn', now });
  const subject = `change:${id}`;
  await announceCard(tx, { subject, flow: context.flow.id, rank: rank.decision, now });
}

/** Nothing is left of it anywhere: what it waited for has gone with it. */
async function close(
  context: RunContext,
  tx: Tx,
  { change, record }: RecordState,
  winner: NamedRecord,
): Promise<void> {
  if (!change) return;
  const now = context.clock.now();
  const reason = `merged into “${winner.title}”`;
  await tx.delete(pending).where(eq(pending.recordId, record.id));
  await tx
    .update(conflicts)
    .set({ state: 'withdrawn', closedAt: now, note: reason })
    .where(and(eq(conflicts.recordId, record.id), isNull(conflicts.closedAt)));
  await tell(tx, [{ changeId: change.id, at: now, kind: 'withdrawn', data: { reason }, others: [winner] }]);
  await moveChange(tx, change.id, { state: 'withdrawn', now });
  await announceCard(tx, { subject: `change:${change.id}`, flow: context.flow.id, rank: rank.decision, now });
}

const here = ({ recordId, connection }: Link) =>
  and(eq(links.recordId, recordId), eq(links.connection, connection));

async function linkTo(tx: Tx, place: Place): Promise<Link | undefined> {
  const [link] = await tx.select().from(links).where(isAt(place));
  return link;
}

async function stateOf(tx: Tx, recordId: string): Promise<RecordState> {
  const [state] = await loadRecords(tx, [recordId]);
  if (!state) throw new Error(`record ${recordId} has a link and is gone`);
  return state;
}

async function dropStaged(tx: Tx, connection: string, externalId: string): Promise<void> {
  await tx
    .update(staged)
    .set({ state: 'dropped', reason: 'merged into another record' })
    .where(
      and(eq(staged.connection, connection), eq(staged.externalId, externalId), ne(staged.state, 'done')),
    );
}
