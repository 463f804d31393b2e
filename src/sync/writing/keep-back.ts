import { and, eq, inArray, isNull } from 'drizzle-orm';
import { same } from '../../entities/field.ts';
import { moveChanges, type Told, tell } from '../../ledger/changes/changes.ts';
import { announceHolders } from '../../ledger/changes/held-up.ts';
import type { Tx } from '../../ledger/db.ts';
import { among } from '../../ledger/many.ts';
import { announceCards, rank } from '../../ledger/posts/outbox.ts';
import { noteStandings, type Standing } from '../../ledger/records/needs.ts';
import { loadRecords, type RecordState, underWay } from '../../ledger/records/records.ts';
import type { ChangeState, HoldReason } from '../../ledger/tables/changes.ts';
import { changes } from '../../ledger/tables/index.ts';
import { heldValue } from '../compare.ts';
import { commit, connectorOf, type RunContext } from '../context.ts';
import { missingIn } from '../identity/alone.ts';
import { waitsToBeMade } from '../making/wait-to-be-made.ts';
import { type Barred, barredOf, type Fresh, labelsIn, readOf, type Target } from './barriers.ts';
import { barrierWords, neededRecords } from './decide-order.ts';
import { getsField } from './gets.ts';
import type { Sent } from './intents.ts';

/** Holds of what is decided and must not be written yet. */
const ours: readonly HoldReason[] = ['locked', 'waits_for_other'];
/** Holds that these take the place of; beside any other one, such as that it is gone from a system, it waits without a word of its own. */
const yields: readonly (HoldReason | null)[] = [null, ...ours, ...waitsToBeMade];
const chunk = 200;

/**
 * Records without the systems that must not be written to, as far as the ledger knows: those that lock them, and those in which
 * something is missing that they refer to. A record of which nothing is left to write is held, and not read again for nothing.
 */
export async function withoutBarred(
  context: RunContext,
  states: readonly RecordState[],
): Promise<readonly RecordState[]> {
  const some = states.filter(({ links }) =>
    links.some(({ locked, needs }) => locked !== null || needs.length > 0),
  );
  if (some.length === 0) return states;
  const targets = some.flatMap((state) => targetsOf(context, state));
  const barred = await barredOf(context, context.db, targets);
  if (barred.length === 0) return states;
  await hold(context, toHold(barred, targets));
  const byRecord = Map.groupBy(barred, ({ state }) => state.record.id);
  return states.flatMap((state) => {
    const here = new Set((byRecord.get(state.record.id) ?? []).map(({ connection }) => connection));
    if (here.size === 0) return [state];
    const rest = { ...state, links: state.links.filter(({ connection }) => !here.has(connection)) };
    return targetsOf(context, rest).length > 0 ? [rest] : [];
  });
}

/** As {@link withoutBarred}, of writes that are about to be sent, by what was just read: a lock may have come since the last look. */
export async function keepBack(
  context: RunContext,
  states: readonly RecordState[],
  planned: readonly Sent[],
  fresh: Fresh,
): Promise<readonly Sent[]> {
  const byId = new Map(states.map((state) => [state.record.id, state]));
  const targets = planned.flatMap(({ recordId, connection, fields }): Target[] => {
    const state = byId.get(recordId);
    return state ? [{ state, connection, fields: Object.keys(fields) }] : [];
  });
  const barred = await barredOf(context, context.db, targets, fresh);
  if (barred.length === 0) return planned;
  await hold(context, toHold(barred, targets), fresh);
  const isBarred = new Set(barred.map(({ state, connection }) => `${state.record.id} ${connection}`));
  return planned.filter(({ recordId, connection }) => !isBarred.has(`${recordId} ${connection}`));
}

/**
 * Lets go on what was held and need not be any more: what it waits for has come, the lock has gone, or its value went back by itself.
 * Asked once a run; where nothing is held it costs one look.
 */
export async function releaseFreed(context: RunContext): Promise<void> {
  const rows = await context.db
    .select({ id: changes.recordId })
    .from(changes)
    .where(
      and(
        eq(changes.flow, context.flow.id),
        inArray(changes.hold, [...ours]),
        eq(changes.state, 'held'),
        isNull(changes.closedAt),
      ),
    );
  const ids = rows.flatMap(({ id }) => id ?? []);
  for (let at = 0; at < ids.length; at += chunk) {
    const states = await loadRecords(context.db, ids.slice(at, at + chunk), context.flow.id);
    const targets = states.flatMap((state) => targetsOf(context, state));
    const barred = await barredOf(context, context.db, targets);
    const isBarred = new Set(barred.map(({ state }) => state.record.id));
    await hold(context, toHold(barred, targets));
    await release(
      context,
      states.filter((state) => !isBarred.has(state.record.id) && !waitsToBeMadeStill(context, state)),
    );
  }
}

/** It is held because it cannot be made somewhere yet: that is looked at when records are made. */
const waitsToBeMadeStill = (context: RunContext, state: RecordState): boolean =>
  state.pending.size === 0 && missingIn(context, state).length > 0;

/** Where a decided value is not what the system was last seen with. */
function targetsOf(context: RunContext, state: RecordState): Target[] {
  return state.links.flatMap((link) => {
    const { connection } = link;
    const fields = [...state.pending.values()].flatMap(({ field: name, value }) => {
      const field = context.entity.fields.find((candidate) => candidate.name === name);
      if (!field || !getsField(context, state, link, name)) return [];
      const held = heldValue(state.bases.get(connection)?.[name]);
      return same(field, held, connectorOf(context, connection).project(name, value).value) ? [] : [name];
    });
    return fields.length > 0 ? [{ state, connection, fields }] : [];
  });
}

interface ToHold {
  readonly state: RecordState;
  readonly barred: readonly Barred[];
  /** What else of it goes on. */
  readonly goesOn: ChangeState;
}

function toHold(barred: readonly Barred[], targets: readonly Target[]): ToHold[] {
  const all = Map.groupBy(targets, ({ state }) => state.record.id);
  return [...Map.groupBy(barred, ({ state }) => state.record.id).values()].flatMap((mine): ToHold[] => {
    const [first] = mine;
    if (!first) return [];
    const { state } = first;
    const asks = underWay(state) === 'asking';
    const writes = (all.get(state.record.id)?.length ?? 0) > mine.length;
    return [{ state, barred: mine, goesOn: asks ? 'asking' : writes ? 'writing' : 'held' }];
  });
}

/** A record that is held from now on, or otherwise than before. */
type Held = ReturnType<typeof newsOf>[number];

/** What is to be held, and what is to be said of it: once. What failed elsewhere stays failed, for that is what people are to see to. */
function newsOf(context: RunContext, all: readonly ToHold[]) {
  return all.flatMap((one) => {
    const isLocked = one.barred.some(({ barrier }) => barrier.kind === 'locked');
    const hold: HoldReason = isLocked ? 'locked' : 'waits_for_other';
    const holdDetail = one.barred.map((each) => wordsOf(context, each)).join('; ');
    const { change } = one.state;
    if (!change || change.state === 'failed' || !yields.includes(change.hold)) return [];
    const isTold = change.hold === hold && change.holdDetail === holdDetail;
    return isTold && change.state === one.goesOn ? [] : [{ ...one, change, hold, holdDetail, isTold }];
  });
}

/** Holds records, in one transaction with why. */
async function hold(context: RunContext, all: readonly ToHold[], fresh?: Fresh): Promise<void> {
  const news = newsOf(context, all);
  if (news.length === 0) return;
  await commit(context, async (tx) => {
    const same = await unmoved(
      tx,
      news.map(({ change }) => change),
    );
    const held = news.filter(({ change }) => same.has(change.id));
    const now = context.clock.now();
    if (fresh) await noteStandings(tx, standingsOf(held, fresh), now);
    await tell(
      tx,
      held.flatMap((one) => linesOf(context, one, now)),
    );
    await moveChanges(
      tx,
      held.map(({ change: { id }, goesOn: state, hold, holdDetail }) => ({
        id,
        state,
        hold,
        holdDetail,
        now,
      })),
    );
    const subjects = held.map(({ change }) => `change:${change.id}`);
    await announceCards(tx, { subjects, flow: context.flow.id, rank: rank.decision, now });
    const waiting = held.flatMap(({ state, hold }) => (hold === 'waits_for_other' ? [state.record.id] : []));
    await announceHolders(tx, { flows: Object.values(context.agreement.flows), waiting, now });
  });
  await context.at?.('parked');
}

const wordsOf = (context: RunContext, { connection, barrier }: Barred): string =>
  barrierWords(connection, barrier, {
    labels: labelsIn(context),
    timeZone: context.agreement.timeZone,
  });

const linesOf = (context: RunContext, { change, barred, isTold }: Held, at: Date): Told[] =>
  (isTold ? [] : barred).map((one) => ({
    changeId: change.id,
    at,
    kind: 'held',
    connection: one.connection,
    data: { reason: one.barrier.kind, detail: wordsOf(context, one), fields: one.fields },
    others: one.barrier.kind === 'locked' ? [] : neededRecords(one.barrier.needs),
  }));

const standingsOf = (held: readonly Held[], fresh: Fresh): Standing[] =>
  held.flatMap(({ state }) =>
    state.links.flatMap((link) => {
      const read = readOf(link, fresh);
      return read ? [{ recordId: state.record.id, connection: link.connection, ...read }] : [];
    }),
  );

/** Those of these changes that are as they were loaded, locked from here on: what a person pressed meanwhile is the next run's. */
async function unmoved(
  tx: Tx,
  known: readonly { readonly id: string; readonly revision: number }[],
): Promise<ReadonlySet<string>> {
  const rows = await tx
    .select({ id: changes.id, revision: changes.revision })
    .from(changes)
    .where(
      among(
        changes.id,
        known.map(({ id }) => id),
      ),
    )
    .orderBy(changes.id)
    .for('update');
  const now = new Map(rows.map(({ id, revision }) => [id, revision]));
  return new Set(known.filter(({ id, revision }) => now.get(id) === revision).map(({ id }) => id));
}

async function release(context: RunContext, states: readonly RecordState[]): Promise<void> {
  const freed = states.flatMap(({ change }) => change ?? []);
  if (freed.length === 0) return;
  const now = context.clock.now();
  await commit(context, async (tx) => {
    const same = await unmoved(tx, freed);
    const go = freed.filter(({ id }) => same.has(id));
    await tell(
      tx,
      go.map(({ id, hold }) => ({
        changeId: id,
        at: now,
        kind: 'released' as const,
        data: { reason: hold },
      })),
    );
    await moveChanges(
      tx,
      go.map(({ id }) => ({ id, state: 'writing', now })),
    );
    const subjects = go.map(({ id }) => `change:${id}`);
    await announceCards(tx, { subjects, flow: context.flow.id, rank: rank.decision, now });
  });
}
