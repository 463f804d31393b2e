import { and, eq, isNull, ne } from 'drizzle-orm';
import type { ReadItem } from '../../connectors/connector.ts';
import { archiveElsewhere, goneAway } from '../../ledger/absences.ts';
import { moveChange, openChange, tell } from '../../ledger/changes.ts';
import type { Tx } from '../../ledger/db.ts';
import { addHints } from '../../ledger/hints.ts';
import { announceCard, rank } from '../../ledger/outbox.ts';
import { type Link, loadRecords, type RecordState, underWay } from '../../ledger/records.ts';
import { bases, changes, conflicts, links, pending, staged } from '../../ledger/tables/index.ts';
import { decideGone } from '../absence/decide-gone.ts';
import { commit, connectorOf, type RunContext } from '../context.ts';
import { statusField } from '../status.ts';
import { getsField } from '../writing/gets.ts';
import { askOfMerged } from './ask-if-same.ts';
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
  await letGoOf(context, tx, loser, link, keeper.record);
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
  winner: RecordState['record'],
): Promise<void> {
  const others = loser.links.filter(
    ({ connection, how }) => connection !== link.connection && how !== mergedAway && how !== goneAway,
  );
  if (others.length === 0) {
    await letGo(tx, loser.record.id, link.connection, 'merged into another record');
    return close(context, tx, loser, winner.title);
  }
  await tx.delete(bases).where(and(eq(bases.recordId, link.recordId), eq(bases.connection, link.connection)));
  await tx.update(links).set({ how: mergedAway, archived: true, print: null }).where(here(link));
  const { label } = connectorOf(context, link.connection);
  const pair = { loser: loser.record.id, keeper: winner.id, mergedIn: label };
  const isAsked = await askOfMerged(context, tx, pair);
  const step = isAsked ? ({ kind: 'ask' } as const) : decideGone(goneInput(context, loser, link, others));
  await follow(context, tx, { loser, link, others, winner: winner.title, step: step.kind });
}

/** What follows elsewhere from a merge is what follows from any record that is gone: the agreement has one rule for both. */
function goneInput(
  context: RunContext,
  loser: RecordState,
  link: Link,
  others: readonly Link[],
): Parameters<typeof decideGone>[0] {
  const { flow } = context;
  const status = flow.fields[statusField];
  const inUse = others.filter((other) => !other.archived && flow.connections.includes(other.connection));
  const left = { ...loser, links: loser.links.filter((other) => other !== link) };
  return {
    whenGone: flow.whenGone,
    status: status ? { twoPeople: status.twoPeople } : null,
    inUse: inUse.map(({ connection }) => connection),
    takeStatus: inUse
      .filter((other) => getsField(context, left, other, statusField))
      .map(({ connection }) => connection),
    canBeMade: false,
  };
}

interface Followed {
  readonly loser: RecordState;
  readonly link: Link;
  readonly others: readonly Link[];
  readonly winner: string;
  readonly step: 'nothing' | 'archive' | 'ignore' | 'ask';
}

async function follow(
  context: RunContext,
  tx: Tx,
  { loser, link, others, winner, step }: Followed,
): Promise<void> {
  const now = context.clock.now();
  const change = await openChange(tx, {
    recordId: loser.record.id,
    flow: context.flow.id,
    subject: loser.record.title,
    runId: context.run.id,
    agreementVersion: context.agreement.version,
    now,
  });
  const { label } = connectorOf(context, link.connection);
  const happened = `${label} merged it into “${winner}”`;
  const line = { changeId: change.id, at: now, connection: link.connection };
  // What is asked about it, or on its way to the other systems, is still right there.
  const rest = underWay(loser);
  if (step === 'ask') {
    const detail = `${happened}. ${whatToDo(context, others)}`;
    await tell(tx, [{ ...line, kind: 'held', data: { reason: 'merged', detail } }]);
    const state = rest === 'writing' && change.state === 'failed' ? 'held' : (rest ?? 'held');
    await moveChange(tx, change.id, { state, hold: 'merged', holdDetail: detail, now });
  } else {
    await tell(tx, [{ ...line, kind: 'gone', data: { reason: `${happened}; ${followsWords[step]}` } }]);
    if (step === 'archive') {
      const absence = { recordId: loser.record.id, connection: link.connection };
      await archiveElsewhere(tx, { absence, changeId: change.id, by: 'rule:when_gone', now });
    }
    const after = step === 'archive' ? 'writing' : (rest ?? 'withdrawn');
    await moveChange(tx, change.id, { state: rest === 'asking' ? 'asking' : after, now });
  }
  await announceCard(tx, { subject: `change:${change.id}`, flow: context.flow.id, rank: rank.decision, now });
}

const followsWords = {
  archive: 'it is archived elsewhere, as the agreement says',
  ignore: 'nothing follows elsewhere, as the agreement says',
  nothing: 'no other system has it in use',
} as const;

/** One is left in one system where the others have two. */
function whatToDo(context: RunContext, others: readonly Link[]): string {
  const labels = context.flow.connections
    .filter((id) => others.some((other) => other.connection === id && !other.archived))
    .map((id) => connectorOf(context, id).label);
  const where = labels.length > 1 ? `${labels.slice(0, -1).join(', ')} and ${labels.at(-1)}` : labels[0];
  if (!where) return 'Nothing else has it in use.';
  return `${where} still ${labels.length > 1 ? 'have' : 'has'} both: merge or archive it there too, or run it again to keep it there`;
}

/**
 * A record that waits because it was merged away somewhere waits no longer once nothing has it in use any more, or once another
 * record has come into its place there.
 */
export async function releaseMerged(context: RunContext): Promise<void> {
  const waiting = await context.db
    .select({ id: changes.recordId })
    .from(changes)
    .where(and(eq(changes.flow, context.flow.id), eq(changes.hold, 'merged'), isNull(changes.closedAt)));
  const ids = waiting.flatMap(({ id }) => id ?? []);
  const over = (await loadRecords(context.db, ids, context.flow.id)).filter(isOver);
  if (over.length === 0) return;
  await commit(context, async (tx) => {
    for (const { record } of over) await release(context, tx, record.id);
  });
}

const isOver = ({ links: all }: RecordState): boolean =>
  all.every((link) => link.archived) || !all.some((link) => link.how === mergedAway);

async function release(context: RunContext, tx: Tx, recordId: string): Promise<void> {
  await tx
    .select({ id: changes.id })
    .from(changes)
    .where(and(eq(changes.recordId, recordId), isNull(changes.closedAt)))
    .for('update');
  const state = await stateOf(tx, recordId);
  if (state.change?.hold !== 'merged' || !isOver(state)) return;
  const now = context.clock.now();
  await tell(tx, [{ changeId: state.change.id, at: now, kind: 'released', data: { reason: 'merged' } }]);
  await moveChange(tx, state.change.id, { state: underWay(state) ?? 'withdrawn', now });
  const subject = `change:${state.change.id}`;
  await announceCard(tx, { subject, flow: context.flow.id, rank: rank.decision, now });
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
