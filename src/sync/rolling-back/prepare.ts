import { and, asc, eq, inArray, isNull } from 'drizzle-orm';
import { same } from '../../entities/field.ts';
import { isActive } from '../../ledger/agreement/agreements.ts';
import { type Told, tell } from '../../ledger/changes/changes.ts';
import { fieldHoldsOf, putAside } from '../../ledger/changes/field-holds.ts';
import type { Tx } from '../../ledger/db.ts';
import { announceCards, rank } from '../../ledger/posts/outbox.ts';
import { moveBases } from '../../ledger/records/bases.ts';
import { loadRecords, type RecordState } from '../../ledger/records/records.ts';
import type { Rollback, RollbackItem } from '../../ledger/rollback/rollbacks.ts';
import { approvedItems } from '../../ledger/rollback/writes.ts';
import { closeItems } from '../../ledger/sealing/evidence.ts';
import { changes, conflicts, intents, pending, rollbackItems } from '../../ledger/tables/index.ts';
import type { RunContext } from '../context.ts';
import type { DecidedItem } from './decide-rollback.ts';
import { type Looked, lookAt, type Readings } from './look.ts';
import { isItem, type Judged, type SentBack, storeBack } from './store-back.ts';

/**
 * Compare and set, the ledger's part of it: what is no longer as it was found is left alone and said so; the fields of the rest are
 * put aside before anything is written to them, what was still on its way elsewhere is dropped, and what is about to be sent is
 * stored. Returns that; null where another agreement counts by now, and nothing was done.
 */
export async function prepare(
  context: RunContext,
  tx: Tx,
  { rollback, ids, readings }: { rollback: Rollback; ids: readonly string[]; readings: Readings },
): Promise<SentBack[] | null> {
  if (!(await isActive(tx, context.agreement.version))) return null;
  await lockChanges(tx, ids);
  const states = await loadRecords(tx, ids, context.flow.id);
  const approved = await approvedItems(tx, rollback.id, ids);
  const ours = new Set(approved.flatMap((item) => item.backIntentId ?? []));
  const looked = await lookAt(context, tx, rollback, states, readings, ours);
  const open = approved.filter((item) => item.outcome === null && !looked.isUnread(item.connection));
  const found = new Map(looked.items.map((one) => [fieldKey(one), one]));
  const judged = open.flatMap((item): Judged[] => {
    const now = found.get(fieldKey(item));
    return now ? [{ item, now: asApproved(context, item, now) }] : [];
  });
  const goes = judged.filter(({ now }) => now.verdict === 'goes_back');
  const there = judged.filter(({ now }) => now.verdict === 'as_before');
  await noteMoved(
    tx,
    judged.filter(({ now }) => now.verdict !== 'goes_back' && now.verdict !== 'as_before'),
  );
  await keepAside(context, tx, rollback, [...goes, ...there]);
  await dropPending(context, tx, { rollback, states, judged: [...goes, ...there] });
  await noteThere(context, tx, { rollback, there, looked });
  return storeBack(context, tx, { states, goes, looked });
}

/** A click on a message of theirs either came before, and is seen, or waits until this is through. */
export async function lockChanges(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx
    .select({ id: changes.id })
    .from(changes)
    .where(and(inArray(changes.recordId, [...ids]), isNull(changes.closedAt)))
    .orderBy(asc(changes.id))
    .for('update');
}

const fieldKey = ({ recordId, connection, field }: Pick<RollbackItem, 'recordId' | 'connection' | 'field'>) =>
  `${recordId}/${connection}/${field}`;

/** What a person approved is one value for another: where the same writes mean others by now, it is not that any more. */
function asApproved({ entity }: RunContext, item: RollbackItem, now: DecidedItem): DecidedItem {
  const field = entity.fields.find(({ name }) => name === item.field);
  const isSame = field && same(field, item.before, now.before) && same(field, item.written, now.written);
  return isSame ? now : { ...now, verdict: 'changed_since', why: null, changedBy: null };
}

async function noteMoved(tx: Tx, moved: readonly Judged[]): Promise<void> {
  const closed = await closeItems(
    tx,
    moved.map(({ item, now }) => ({ ...item, found: now.found })),
  );
  for (const [i, { item, now }] of moved.entries()) {
    const { written, before, found, sealed } = closed[i] ?? {};
    await tx
      .update(rollbackItems)
      .set({ outcome: 'moved', why: now.why, written, before, found, sealed, changedBy: now.changedBy })
      .where(isItem(item));
  }
}

/** Until it is done, nothing ends this: what the owner is seen with may be from before or from after. */
const whileUnderWay = {};

async function keepAside(
  context: RunContext,
  tx: Tx,
  { id, flow, by }: Rollback,
  judged: readonly Judged[],
): Promise<void> {
  const now = context.clock.now();
  const fields = new Map(judged.map(({ item }) => [`${item.recordId}/${item.field}`, item]));
  const before = (await fieldHoldsOf(tx, [...new Set(judged.map(({ item }) => item.recordId))])).filter(
    ({ recordId, field }) => fields.has(`${recordId}/${field}`),
  );
  const others = new Set(
    before.flatMap(({ rollbackId }) => (rollbackId && rollbackId !== id ? [rollbackId] : [])),
  );
  const subjects = [...others].map((other) => `rollback:${other}`);
  await announceCards(tx, { subjects, flow, rank: rank.decision, now });
  await putAside(
    tx,
    [...fields.values()].map(({ recordId, field }) => ({
      recordId,
      field,
      reason: 'rolled_back' as const,
      found: whileUnderWay,
      since: now,
      by,
      rollbackId: id,
    })),
  );
}

interface Dropping {
  readonly rollback: Rollback;
  readonly states: readonly RecordState[];
  readonly judged: readonly Judged[];
}

/** A value that is undone does not go on to the systems that it has not reached yet; who decided it sees that it was undone. */
async function dropPending(
  context: RunContext,
  tx: Tx,
  { rollback, states, judged }: Dropping,
): Promise<void> {
  const now = context.clock.now();
  const fields = new Map(judged.map(({ item }) => [`${item.recordId}/${item.field}`, item]));
  for (const { recordId, field } of fields.values()) {
    const state = states.find(({ record }) => record.id === recordId);
    const waiting = state?.pending.get(field);
    if (!state || !waiting) continue;
    const { changeId } = waiting;
    await tx.delete(pending).where(and(eq(pending.recordId, recordId), eq(pending.field, field)));
    await tx
      .update(rollbackItems)
      .set({ tookPending: true })
      .where(
        and(
          eq(rollbackItems.rollbackId, rollback.id),
          eq(rollbackItems.recordId, recordId),
          eq(rollbackItems.field, field),
        ),
      );
    const question = state.conflicts.get(field);
    if (question && question.state !== 'open') {
      const note = `undone by ${rollback.id}`;
      await tx
        .update(conflicts)
        .set({ state: 'withdrawn', closedAt: now, note })
        .where(eq(conflicts.id, question.id));
    }
    const reason = 'it was undone before it was everywhere';
    await tell(tx, [{ changeId, at: now, kind: 'withdrawn', field, actor: rollback.by, data: { reason } }]);
  }
}

interface There {
  readonly rollback: Rollback;
  readonly there: readonly Judged[];
  readonly looked: Looked;
}

/** The old value is there already, be it by an earlier try of ours that nobody heard the answer of: nothing is sent. */
async function noteThere(
  context: RunContext,
  tx: Tx,
  { rollback, there, looked: { reading } }: There,
): Promise<void> {
  const now = context.clock.now();
  const places = Map.groupBy(there, ({ item }) => JSON.stringify([item.recordId, item.connection]));
  for (const list of places.values()) {
    const [{ item }] = list as [Judged];
    const read = reading(item.recordId, item.connection);
    if (!read) continue;
    const names = new Set(list.map((one) => one.item.field));
    const fields = Object.fromEntries(
      Object.entries(read.observation.fields).filter(([name]) => names.has(name)),
    );
    const { recordId, connection } = item;
    const { observation, exchangeId } = read;
    const move = { recordId, connection, observation, fields, exchangeId };
    await moveBases(tx, [move], { origin: 'read_back', runId: context.run.id, now });
    for (const one of list)
      await tx.update(rollbackItems).set({ outcome: 'put_back' }).where(isItem(one.item));
    const put = list.map((one) => one.item);
    await noteOurs(tx, rollback, put, now);
  }
}

/** It is there by a write of ours that nobody heard the answer of. */
async function noteOurs(
  tx: Tx,
  rollback: Rollback,
  items: readonly RollbackItem[],
  now: Date,
): Promise<void> {
  const ours = items.flatMap((item) =>
    item.backIntentId && item.backChangeId ? [{ ...item, changeId: item.backChangeId }] : [],
  );
  if (ours.length === 0) return;
  const keys = ours.flatMap((item) => item.backIntentId ?? []);
  await tx
    .update(intents)
    .set({ state: 'done', finishedAt: now })
    .where(and(inArray(intents.id, keys), inArray(intents.state, ['in_flight', 'unknown'])));
  await tell(tx, linesOf(ours, rollback, now));
}

/** The story of what was put back, in the change that did it. */
export function linesOf(
  back: readonly Pick<RollbackItem, 'changeId' | 'connection' | 'field' | 'before'>[],
  { id, by }: Rollback,
  now: Date,
): Told[] {
  return back.flatMap(({ changeId, connection, field, before }): Told[] => {
    const line = { changeId, at: now, connection };
    const data = { value: before, reason: `reference ${id}` };
    return [
      { ...line, kind: 'read_back', data: { fields: [field] } },
      { ...line, kind: 'rolled_back', field, actor: by, data },
    ];
  });
}
