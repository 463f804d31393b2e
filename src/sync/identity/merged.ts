import { and, eq, isNull, ne } from 'drizzle-orm';
import type { ReadItem } from '../../connectors/connector.ts';
import { moveChange, openChange, tell } from '../../ledger/changes.ts';
import type { Tx } from '../../ledger/db.ts';
import { addHints } from '../../ledger/hints.ts';
import { announceCard, rank } from '../../ledger/outbox.ts';
import { type Link, loadRecords, type RecordState, underWay } from '../../ledger/records.ts';
import { bases, conflicts, links, pending, staged } from '../../ledger/tables/index.ts';
import { connectorOf, type RunContext } from '../context.ts';
import { letGo } from './link-book.ts';

/** What a link says of itself once its record was merged away: it stays, so that the record is not made there again. */
export const mergedAway = 'merged';

/**
 * A vendor merged one of its records into another. Our link follows to the record that lives on. Where that one belongs to
 * another record of ours, the vendor has one where we and the other systems have two: the merged one is let go there, its
 * record says so and waits for a person, and nothing is written to it or made in its place. Idempotent.
 */
export async function followMerge(
  context: RunContext,
  tx: Tx,
  connection: string,
  { externalId, into }: ReadItem & { readonly kind: 'merged' },
): Promise<void> {
  const link = await linkTo(tx, connection, externalId);
  if (!link || link.how === mergedAway) return;
  const winner = await linkTo(tx, connection, into);
  // Where it lives on it was not read yet.
  await addHints(tx, { connection, externalIds: [into], now: context.clock.now() });
  await dropStaged(tx, connection, externalId);
  if (!winner) return followTo(tx, link, into);
  const [loser, keeper] = await Promise.all([stateOf(tx, link.recordId), stateOf(tx, winner.recordId)]);
  if (keeper.record.keyValue === null && keeper.links.length === 1) {
    // It stood alone and nobody knew whose it was; now it is this one.
    await tx.delete(bases).where(eq(bases.recordId, keeper.record.id));
    await tx.delete(links).where(eq(links.recordId, keeper.record.id));
    await tx.update(staged).set({ recordId: link.recordId }).where(eq(staged.recordId, keeper.record.id));
    await followTo(tx, link, into);
    return close(context, tx, keeper, loser.record.title);
  }
  await letGoOf(context, tx, loser, link, keeper.record.title);
}

/** What was last seen stays the base: whatever the merge changed is a change like any other. */
async function followTo(tx: Tx, link: Link, externalId: string): Promise<void> {
  await tx.update(links).set({ externalId, vendorAt: null }).where(here(link));
}

async function letGoOf(
  context: RunContext,
  tx: Tx,
  loser: RecordState,
  link: Link,
  winner: string,
): Promise<void> {
  const others = loser.links.filter(
    (other) => other.connection !== link.connection && other.how !== mergedAway,
  );
  if (others.length === 0) {
    await letGo(tx, loser.record.id, link.connection, 'merged into another record');
    return close(context, tx, loser, winner);
  }
  await tx.delete(bases).where(and(eq(bases.recordId, link.recordId), eq(bases.connection, link.connection)));
  await tx.update(links).set({ how: mergedAway, archived: true }).where(here(link));
  const now = context.clock.now();
  const change = await openChange(tx, {
    recordId: loser.record.id,
    flow: context.flow.id,
    subject: loser.record.title,
    runId: context.run.id,
    agreementVersion: context.agreement.version,
    now,
  });
  const detail = `${connectorOf(context, link.connection).label} merged it into “${winner}”`;
  const line = { changeId: change.id, at: now, connection: link.connection };
  await tell(tx, [{ ...line, kind: 'held', data: { reason: 'merged', detail } }]);
  // What is asked about it, or on its way to the other systems, is still right there.
  const rest = underWay(loser);
  const state = rest === 'writing' && change.state === 'failed' ? 'held' : (rest ?? 'held');
  await moveChange(tx, change.id, { state, hold: 'merged', holdDetail: detail, now });
  await announceCard(tx, { subject: `change:${change.id}`, flow: context.flow.id, rank: rank.decision, now });
}

/** Nothing is left of it anywhere: what it waited for has gone with it. */
async function close(
  context: RunContext,
  tx: Tx,
  { change, record }: RecordState,
  winner: string,
): Promise<void> {
  if (!change) return;
  const now = context.clock.now();
  const reason = `merged into “${winner}”`;
  await tx.delete(pending).where(eq(pending.recordId, record.id));
  await tx
    .update(conflicts)
    .set({ state: 'withdrawn', closedAt: now, note: reason })
    .where(and(eq(conflicts.recordId, record.id), isNull(conflicts.closedAt)));
  await tell(tx, [{ changeId: change.id, at: now, kind: 'withdrawn', data: { reason } }]);
  await moveChange(tx, change.id, { state: 'withdrawn', now });
  await announceCard(tx, { subject: `change:${change.id}`, flow: context.flow.id, rank: rank.decision, now });
}

const here = ({ recordId, connection }: Link) =>
  and(eq(links.recordId, recordId), eq(links.connection, connection));

async function linkTo(tx: Tx, connection: string, externalId: string): Promise<Link | undefined> {
  const [link] = await tx
    .select()
    .from(links)
    .where(and(eq(links.connection, connection), eq(links.externalId, externalId)));
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
