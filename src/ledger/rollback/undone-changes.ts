import { and, eq, inArray, isNotNull, isNull } from 'drizzle-orm';
import type { DbOrTx } from '../db.ts';
import { openItems } from '../sealing/evidence.ts';
import { conflicts, fieldHolds, rollbackItems, rollbacks } from '../tables/index.ts';
import type { Rollback, RollbackItem } from './rollbacks.ts';
import { laterWrites, placeKey, writesTo } from './writes.ts';

/** What became of putting a change back. */
export interface UndoneChange {
  /** The newest one that something of it was put back by, or is being. */
  readonly rollback: Rollback;
  /** What is back as it was before, and has not been taken back since. */
  readonly back: readonly RollbackItem[];
  /** What was left as it is, by the newest one. */
  readonly left: readonly RollbackItem[];
  /** Fields that are put aside by it now. */
  readonly aside: readonly string[];
}

/** What of a change was put back, be it alone, by one system, or with its whole run; null where nothing is, or not any more. */
export async function undoneChange(db: DbOrTx, changeId: string): Promise<UndoneChange | null> {
  const found = await db
    .select({ rollback: rollbacks, item: rollbackItems })
    .from(rollbackItems)
    .innerJoin(rollbacks, eq(rollbacks.id, rollbackItems.rollbackId))
    .where(and(eq(rollbackItems.changeId, changeId), isNotNull(rollbacks.approvedAt)))
    .orderBy(rollbacks.approvedAt, rollbackItems.field, rollbackItems.connection);
  const items = await openItems(
    db,
    found.map(({ item }) => item),
  );
  const rows = found.flatMap(({ rollback }, i) => (items[i] ? [{ rollback, item: items[i] }] : []));
  const again = await takenBack(db, [...new Set(rows.map(({ rollback }) => rollback.id))]);
  const isBack = ({ outcome, ...item }: RollbackItem) => outcome === 'put_back' && !again.has(itemKey(item));
  const newest = rows.findLast(
    ({ rollback, item }) => isBack(item) || rollback.state === 'under_way',
  )?.rollback;
  if (!newest) return null;
  const ids = [...new Set(rows.map(({ rollback }) => rollback.id))];
  const recordIds = [...new Set(rows.map(({ item }) => item.recordId))];
  const holds = await db
    .select({ field: fieldHolds.field })
    .from(fieldHolds)
    .where(
      and(
        inArray(fieldHolds.rollbackId, ids),
        inArray(fieldHolds.recordId, recordIds),
        isNull(fieldHolds.releasedAt),
      ),
    );
  const isLeft = ({ verdict, outcome }: RollbackItem) =>
    verdict === 'changed_since' || verdict === 'cannot' || outcome === 'moved' || outcome === 'refused';
  return {
    rollback: newest,
    back: rows.flatMap(({ item }) => (isBack(item) ? [item] : [])),
    left: rows.flatMap(({ rollback, item }) => (rollback.id === newest.id && isLeft(item) ? [item] : [])),
    aside: [...new Set(holds.map(({ field }) => field))],
  };
}

/** Undoings that were undone themselves: by rollback, record, system and field. */
async function takenBack(db: DbOrTx, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const rows = await db
    .select({ target: rollbacks.target, item: rollbackItems })
    .from(rollbackItems)
    .innerJoin(rollbacks, eq(rollbacks.id, rollbackItems.rollbackId))
    .where(
      and(
        eq(rollbacks.scope, 'rollback'),
        inArray(rollbacks.target, [...ids]),
        eq(rollbackItems.outcome, 'put_back'),
      ),
    );
  return new Set(rows.map(({ target, item }) => itemKey({ ...item, rollbackId: target })));
}

const itemKey = ({
  rollbackId,
  field,
  ...place
}: Pick<RollbackItem, 'rollbackId' | 'recordId' | 'connection' | 'field'>): string =>
  `${rollbackId}/${placeKey(place)}/${field}`;

/**
 * The fields that a change wrote last, in one system at least, and about which nothing is asked now: as far as the ledger knows they
 * can be put back. What is in the systems themselves is read when somebody asks for it.
 */
export async function undoableFields(
  db: DbOrTx,
  { id: changeId, recordId }: { readonly id: string; readonly recordId: string | null },
): Promise<ReadonlySet<string>> {
  if (recordId === null) return new Set();
  const writes = (await writesTo(db, { scope: 'change', target: changeId }, [recordId])).filter(
    ({ kind }) => kind === 'update',
  );
  if (writes.length === 0) return new Set();
  const later = await laterWrites(db, [recordId], writes);
  const asked = await db
    .select({ field: conflicts.field })
    .from(conflicts)
    .where(and(eq(conflicts.recordId, recordId), eq(conflicts.state, 'open'), isNull(conflicts.closedAt)));
  const isAsked = new Set(asked.map(({ field }) => field));
  return new Set(
    writes
      .flatMap(({ connection, fields }) => Object.keys(fields).map((field) => ({ connection, field })))
      .filter(({ connection, field }) => !isAsked.has(field) && later(recordId, connection, field) === null)
      .map(({ field }) => field),
  );
}
