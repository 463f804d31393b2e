import { and, eq, inArray, isNull } from 'drizzle-orm';
import type { FieldValue } from '../../entities/field.ts';
import { moveChanges, type Told, tell } from '../../ledger/changes/changes.ts';
import {
  type FieldHold,
  fieldHoldsOf,
  putAside,
  removeFieldHolds,
} from '../../ledger/changes/field-holds.ts';
import type { Tx } from '../../ledger/db.ts';
import { announceCards, rank } from '../../ledger/posts/outbox.ts';
import { loadRecords, type RecordState } from '../../ledger/records/records.ts';
import type { Rollback, RollbackItem } from '../../ledger/rollback/rollbacks.ts';
import { agreedBefore, approvedItems } from '../../ledger/rollback/writes.ts';
import { intents, rollbackItems } from '../../ledger/tables/index.ts';
import { commit, projector, type RunContext } from '../context.ts';
import { heldByAll } from '../decide.ts';
import { type AgreedOn, agree } from '../deciding/agree.ts';
import { planRecord } from '../deciding/plan.ts';
import { planInput } from '../deciding/plan-input.ts';
import { lockChanges } from './prepare.ts';

/**
 * What follows for records of which all was put back that could be. Where the systems hold one value again, that is agreed, and the
 * sync goes on. Where they are apart, what was agreed before is agreed again, and the field is put aside: else the next run would
 * do again what a person has undone.
 */
export async function conclude(
  context: RunContext,
  rollback: Rollback,
  ids: readonly string[],
): Promise<void> {
  await commit(context, async (tx) => {
    await lockChanges(tx, ids);
    const [states, all, held] = await Promise.all([
      loadRecords(tx, ids, context.flow.id),
      approvedItems(tx, rollback.id, ids),
      fieldHoldsOf(tx, ids),
    ]);
    const ended: Ended[] = [];
    for (const state of states) {
      const items = all.filter((item) => item.recordId === state.record.id);
      const holds = held.filter((one) => one.recordId === state.record.id);
      for (const [field, list] of Map.groupBy(items, (item) => item.field)) {
        const hold = holds.find((one) => one.field === field && one.rollbackId === rollback.id);
        if (hold) ended.push(await endOf(context, tx, { rollback, state, field, items: list, hold }));
      }
    }
    await store(context, tx, ended);
    await closeChanges(context, tx, { rollback, states, items: all });
    await tx
      .update(rollbackItems)
      .set({ concludedAt: context.clock.now() })
      .where(
        and(
          eq(rollbackItems.rollbackId, rollback.id),
          inArray(rollbackItems.recordId, [...ids]),
          isNull(rollbackItems.concludedAt),
        ),
      );
  });
}

interface Ending {
  readonly rollback: Rollback;
  readonly state: RecordState;
  readonly field: string;
  readonly items: readonly RollbackItem[];
  readonly hold: FieldHold;
}

interface Ended {
  readonly agreed: AgreedOn | null;
  readonly hold: FieldHold;
  /** What each system holds, where the field stays put aside. */
  readonly apart: Readonly<Record<string, FieldValue | null>> | null;
}

async function endOf(
  context: RunContext,
  tx: Tx,
  { rollback, state, field, items, hold }: Ending,
): Promise<Ended> {
  const nothing = { putBacks: undefined, leftApart: undefined };
  const view = planRecord(planInput(context, state, [], nothing)).find(
    (planned) => planned.view.field.name === field,
  )?.view;
  const terms = context.flow.fields[field];
  const shared = view && terms ? heldByAll(view, { terms, project: projector(context) }) : undefined;
  const back = items.find((item) => item.outcome === 'put_back');
  const agreed = (value: FieldValue | null): AgreedOn => ({
    state,
    field,
    value,
    by: rollback.by,
    changeId: back?.backChangeId ?? null,
  });
  if (shared !== undefined) return { agreed: back ? agreed(shared) : null, hold, apart: null };
  const apart = Object.fromEntries((view?.participants ?? []).map((p) => [p.connection, p.value]));
  if (!back) return { agreed: null, hold, apart };
  // Of what was put back and then brought again by halves, nobody knows which of the two counts: it is asked about, or the owner's.
  const before =
    rollback.scope === 'rollback'
      ? null
      : await agreedBefore(tx, { recordId: state.record.id, field, changeId: back.changeId });
  return { agreed: before === undefined ? null : agreed(before), hold, apart };
}

async function store(context: RunContext, tx: Tx, ended: readonly Ended[]): Promise<void> {
  await agree(
    context,
    tx,
    ended.flatMap(({ agreed }) => agreed ?? []),
  );
  await putAside(
    tx,
    ended.flatMap(({ hold, apart }) => (apart ? [{ ...hold, found: { ...apart } }] : [])),
  );
  await removeFieldHolds(
    tx,
    ended.flatMap(({ hold, apart }) => (apart ? [] : [hold])),
  );
}

interface Closing {
  readonly rollback: Rollback;
  readonly states: readonly RecordState[];
  readonly items: readonly RollbackItem[];
}

/** A change of the rollback's own is done; one whose last value was dropped has nothing left to do. What was undone is told where it began. */
async function closeChanges(
  context: RunContext,
  tx: Tx,
  { rollback, states, items }: Closing,
): Promise<void> {
  const now = context.clock.now();
  const told: Told[] = [];
  const moves: { id: string; state: 'settled' | 'withdrawn'; now: Date }[] = [];
  const undone = items.filter((item) => item.outcome === 'put_back');
  for (const { changeId } of new Map(undone.map((item) => [item.changeId, item])).values()) {
    const reason = `reference ${rollback.id}`;
    told.push({ changeId, at: now, kind: 'undone', actor: rollback.by, data: { reason } });
  }
  for (const state of states) {
    const mine = items.filter((item) => item.recordId === state.record.id);
    const { change } = state;
    if (!change) continue;
    if (change.state === 'held' && change.hold === 'rolled_back') {
      const done = mine.some((item) => item.outcome === 'put_back') ? 'settled' : 'withdrawn';
      const data = done === 'settled' ? { systems: new Set(mine.map((item) => item.connection)).size } : {};
      told.push({ changeId: change.id, at: now, kind: done, data });
      moves.push({ id: change.id, state: done, now });
    } else if (mine.some((item) => item.tookPending) && (await isEmpty(tx, state))) {
      told.push({ changeId: change.id, at: now, kind: 'withdrawn', data: {} });
      moves.push({ id: change.id, state: 'withdrawn', now });
    }
  }
  await tell(tx, told);
  await moveChanges(tx, moves);
  const cards = new Set([...moves.map(({ id }) => id), ...undone.map(({ changeId }) => changeId)]);
  const subjects = [...cards].map((id) => `change:${id}`);
  await announceCards(tx, { subjects, flow: context.flow.id, rank: rank.decision, now });
}

/** Nothing of a change is asked, on its way, put aside or to be made any more. */
async function isEmpty(tx: Tx, { record, change, conflicts, pending }: RecordState): Promise<boolean> {
  if (!change || change.hold || pending.size > 0) return false;
  if ([...conflicts.values()].some((conflict) => conflict.state === 'open')) return false;
  const unmade = and(
    eq(intents.recordId, record.id),
    eq(intents.kind, 'create'),
    inArray(intents.state, ['in_flight', 'unknown', 'refused']),
  );
  return (await tx.$count(intents, unmade)) === 0;
}
