import { and, eq, gt, inArray, isNotNull, isNull, sql } from 'drizzle-orm';
import type { FieldValue } from '../../entities/field.ts';
import type { DbOrTx } from '../db.ts';
import { type Intent, openIntents, openItems, openSettlements } from '../sealing/evidence.ts';
import { intents, rollbackItems, runs, settlements } from '../tables/index.ts';
import type { Rollback, RollbackItem } from './rollbacks.ts';

type Target = Pick<Rollback, 'scope' | 'target'>;

/** What went out, or may have: what a vendor refused, or never got, is nothing to be put back. */
const wentOut = sql`(${intents.state} = 'done' or (${intents.kind} = 'update' and ${intents.state} in ('in_flight', 'unknown')))`;

function within({ scope, target }: Target) {
  switch (scope) {
    case 'change':
      return eq(intents.changeId, target);
    case 'write': {
      const at = target.indexOf('/');
      return and(eq(intents.changeId, target.slice(0, at)), eq(intents.connection, target.slice(at + 1)));
    }
    case 'run':
      return sql`${intents.runId} = (select id from ${runs} where correlation_id = ${target})`;
    case 'rollback':
      return sql`${intents.id} in (select back_intent_id from ${rollbackItems} where rollback_id = ${target} and outcome = 'put_back')`;
  }
}

/** The records that were written. */
export async function recordsWritten(db: DbOrTx, target: Target): Promise<string[]> {
  const rows = await db
    .selectDistinct({ id: intents.recordId })
    .from(intents)
    .where(and(within(target), wentOut))
    .orderBy(intents.recordId);
  return rows.map((row) => row.id);
}

/** True iff a run or a change wrote anything that could be looked at for undoing. */
export async function hasWritten(db: DbOrTx, target: Target): Promise<boolean> {
  const rows = await db
    .select({ id: intents.id })
    .from(intents)
    .where(and(within(target), wentOut, eq(intents.kind, 'update')))
    .limit(1);
  return rows.length > 0;
}

/** The writes to some of them. Of a rollback, only the fields that it put back. */
export async function writesTo(db: DbOrTx, target: Target, recordIds: readonly string[]): Promise<Intent[]> {
  const found = await db
    .select()
    .from(intents)
    .where(and(within(target), wentOut, inArray(intents.recordId, [...recordIds])));
  const rows = await openIntents(db, found);
  if (target.scope !== 'rollback') return rows;
  const items = await db
    .select({ intentId: rollbackItems.backIntentId, field: rollbackItems.field })
    .from(rollbackItems)
    .where(
      and(
        eq(rollbackItems.rollbackId, target.target),
        eq(rollbackItems.outcome, 'put_back'),
        inArray(rollbackItems.recordId, [...recordIds]),
      ),
    );
  const putBack = new Set(items.map(({ intentId, field }) => `${intentId}/${field}`));
  const only = <T>({ id }: Intent, values: Readonly<Record<string, T>>) =>
    Object.fromEntries(Object.entries(values).filter(([field]) => putBack.has(`${id}/${field}`)));
  return rows.map((row) => ({ ...row, fields: only(row, row.fields), before: only(row, row.before) }));
}

export interface Later {
  readonly changeId: string;
  readonly value: FieldValue | null;
}

/**
 * What Truce wrote to these records after the writes in question, by record, connection and field: the newest, unless it was put
 * back since. What a rollback wrote is no write of this kind: it and its reversal leave everything as it was.
 */
export async function laterWrites(
  db: DbOrTx,
  recordIds: readonly string[],
  writes: readonly Pick<Intent, 'id' | 'recordId' | 'connection' | 'fields' | 'committedAt'>[],
): Promise<(recordId: string, connection: string, field: string) => Later | null> {
  const found = await db
    .select({ intent: intents, backId: rollbackItems.backIntentId })
    .from(intents)
    .leftJoin(rollbackItems, eq(rollbackItems.backIntentId, intents.id))
    .where(
      and(inArray(intents.recordId, [...recordIds]), eq(intents.kind, 'update'), eq(intents.state, 'done')),
    );
  const backOf = new Map(found.map(({ intent, backId }) => [intent.id, backId]));
  const sent = await openIntents(
    db,
    found.map(({ intent }) => intent),
  );
  const rows = sent.map((intent) => ({ intent, backId: backOf.get(intent.id) }));
  const own = new Set(writes.map(({ id }) => id));
  const ownAt = Map.groupBy(writes, placeKey);
  const others = Map.groupBy(
    rows.filter(({ intent }) => !own.has(intent.id)),
    ({ intent }) => placeKey(intent),
  );
  return (recordId, connection, field) => {
    const place = placeKey({ recordId, connection });
    const there = (others.get(place) ?? []).filter(({ intent }) => field in intent.fields);
    const times = (list: readonly Pick<Intent, 'committedAt'>[]) =>
      Math.max(Number.NEGATIVE_INFINITY, ...list.map((one) => one.committedAt.getTime()));
    const last = times((ownAt.get(place) ?? []).filter((one) => field in one.fields));
    const back = times(there.flatMap(({ intent, backId }) => (backId ? [intent] : [])));
    const later = there
      .flatMap(({ intent, backId }) => (backId ? [] : [intent]))
      .filter((one) => one.committedAt.getTime() > Math.max(last, back));
    const newest = later.toSorted((a, b) => b.committedAt.getTime() - a.committedAt.getTime())[0];
    return newest ? { changeId: newest.changeId, value: newest.fields[field] ?? null } : null;
  };
}

/** A record in one system. */
export const placeKey = ({
  recordId,
  connection,
}: {
  readonly recordId: string;
  readonly connection: string;
}): string => `${recordId}/${connection}`;

/** Records of a rollback with something left to put back, after this one, in the order of their ids. */
export async function openRecords(
  db: DbOrTx,
  rollbackId: string,
  after: string,
  limit: number,
): Promise<string[]> {
  const rows = await db
    .selectDistinct({ id: rollbackItems.recordId })
    .from(rollbackItems)
    .where(
      and(
        eq(rollbackItems.rollbackId, rollbackId),
        eq(rollbackItems.verdict, 'goes_back'),
        isNull(rollbackItems.outcome),
        gt(rollbackItems.recordId, after),
      ),
    )
    .orderBy(rollbackItems.recordId)
    .limit(limit);
  return rows.map((row) => row.id);
}

/** Records of which all is put back that can be, and of which nobody wrote down yet what follows. */
export async function recordsToConclude(db: DbOrTx, rollbackId: string, limit: number): Promise<string[]> {
  const rows = await db
    .select({ id: rollbackItems.recordId })
    .from(rollbackItems)
    .where(
      and(
        eq(rollbackItems.rollbackId, rollbackId),
        eq(rollbackItems.verdict, 'goes_back'),
        isNull(rollbackItems.concludedAt),
      ),
    )
    .groupBy(rollbackItems.recordId)
    .having(sql`bool_and(${rollbackItems.outcome} is not null)`)
    .orderBy(rollbackItems.recordId)
    .limit(limit);
  return rows.map((row) => row.id);
}

/** What was approved to go back, of some records. */
export async function approvedItems(
  db: DbOrTx,
  rollbackId: string,
  recordIds: readonly string[],
): Promise<RollbackItem[]> {
  const rows = await db
    .select()
    .from(rollbackItems)
    .where(
      and(
        eq(rollbackItems.rollbackId, rollbackId),
        eq(rollbackItems.verdict, 'goes_back'),
        inArray(rollbackItems.recordId, [...recordIds]),
      ),
    );
  // Of a write that nobody can read any more there is nothing to put back.
  return (await openItems(db, rows)).filter(({ isLost }) => !isLost);
}

/**
 * What was agreed on a field of a record before a change settled it, null where nothing was; undefined where the change settled
 * nothing of it.
 */
export async function agreedBefore(
  db: DbOrTx,
  { recordId, field, changeId }: { recordId: string; field: string; changeId: string },
): Promise<FieldValue | null | undefined> {
  const found = await db
    .select()
    .from(settlements)
    .where(and(eq(settlements.recordId, recordId), isNotNull(sql`${settlements.fields} -> ${field}::text`)))
    .orderBy(settlements.id);
  const rows = await openSettlements(db, found);
  const at = rows.findIndex((row) => row.changeId === changeId);
  return at < 0 ? undefined : (rows[at - 1]?.fields[field] ?? null);
}
