import { and, eq, inArray, isNotNull, isNull, sql } from 'drizzle-orm';
import type { DbOrTx, Tx } from '../db.ts';
import { announceRollback } from '../rollback/rollbacks.ts';
import { hintRecords } from '../runs/hints.ts';
import { changes, fieldHolds, links, rollbacks } from '../tables/index.ts';
import { tell } from './changes.ts';

export type FieldHold = typeof fieldHolds.$inferSelect;

/** The fields of these records that are put aside. */
export async function fieldHoldsOf(db: DbOrTx, recordIds: readonly string[]): Promise<FieldHold[]> {
  if (recordIds.length === 0) return [];
  return db
    .select()
    .from(fieldHolds)
    .where(inArray(fieldHolds.recordId, [...recordIds]));
}

/** Puts fields aside; one that is already is from now on as this says. */
export async function putAside(tx: Tx, holds: readonly (typeof fieldHolds.$inferInsert)[]): Promise<void> {
  if (holds.length === 0) return;
  const excluded = (column: string) => sql.raw(`excluded.${column}`);
  await tx
    .insert(fieldHolds)
    .values([...holds])
    .onConflictDoUpdate({
      target: [fieldHolds.recordId, fieldHolds.field],
      set: {
        reason: excluded('reason'),
        found: excluded('found'),
        since: excluded('since'),
        by: excluded('by'),
        rollbackId: excluded('rollback_id'),
        releasedAt: null,
        releasedBy: null,
      },
    });
}

export async function removeFieldHolds(tx: Tx, holds: readonly FieldHold[]): Promise<void> {
  for (const { recordId, field } of holds) {
    await tx.delete(fieldHolds).where(and(eq(fieldHolds.recordId, recordId), eq(fieldHolds.field, field)));
  }
}

/** Ends what was put aside, since it was decided anew, and says so where it is shown. */
export async function endFieldHolds(
  tx: Tx,
  ended: readonly FieldHold[],
  { flow, now }: { readonly flow: string; readonly now: Date },
): Promise<void> {
  if (ended.length === 0) return;
  await removeFieldHolds(tx, ended);
  const open = await tx
    .select({ id: changes.id, recordId: changes.recordId })
    .from(changes)
    .where(
      and(
        inArray(
          changes.recordId,
          ended.map((one) => one.recordId),
        ),
        eq(changes.flow, flow),
        isNull(changes.closedAt),
      ),
    );
  await tell(
    tx,
    ended.flatMap(({ recordId, field, reason, releasedBy }) => {
      const change = open.find((one) => one.recordId === recordId);
      if (!change) return [];
      return [
        {
          changeId: change.id,
          at: now,
          kind: 'released' as const,
          field,
          actor: releasedBy,
          data: { reason },
        },
      ];
    }),
  );
  const ids = new Set(ended.flatMap(({ rollbackId }) => rollbackId ?? []));
  for (const id of ids) await announceRollback(tx, { id, flow }, now);
}

/** What was put aside of a record that is another one's by now stays put aside with that one. */
export async function moveFieldHolds(
  tx: Tx,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<void> {
  const moving = await fieldHoldsOf(tx, [from]);
  if (moving.length === 0) return;
  await removeFieldHolds(tx, moving);
  await tx
    .insert(fieldHolds)
    .values(moving.map((hold) => ({ ...hold, recordId: to })))
    .onConflictDoNothing();
}

/** Records of a flow of which something was released, and not decided anew yet. */
export async function releasedRecords(db: DbOrTx, flow: string): Promise<string[]> {
  const rows = await db
    .selectDistinct({ id: fieldHolds.recordId })
    .from(fieldHolds)
    .innerJoin(rollbacks, eq(rollbacks.id, fieldHolds.rollbackId))
    .where(and(eq(rollbacks.flow, flow), isNotNull(fieldHolds.releasedAt)));
  return rows.map((row) => row.id);
}

/**
 * Lets the sync go on with all that a rollback put aside: once, whoever presses and however often. Each of these fields is read
 * and decided anew by the next run. Returns how many there were.
 */
export async function releaseFieldHolds(
  tx: Tx,
  { rollbackId, flow, by, now }: { rollbackId: string; flow: string; by: string; now: Date },
): Promise<number> {
  const released = await tx
    .update(fieldHolds)
    .set({ releasedAt: now, releasedBy: by })
    .where(and(eq(fieldHolds.rollbackId, rollbackId), isNull(fieldHolds.releasedAt)))
    .returning({ recordId: fieldHolds.recordId });
  if (released.length === 0) return 0;
  const ids = [...new Set(released.map((row) => row.recordId))];
  await tx.update(links).set({ print: null }).where(inArray(links.recordId, ids));
  await hintRecords(tx, ids, { now });
  await announceRollback(tx, { id: rollbackId, flow }, now);
  return released.length;
}

/** How much of a flow is put aside, and by which rollbacks, the newest first. */
export async function putAsideIn(
  db: DbOrTx,
  flow: string,
): Promise<{ readonly fields: number; readonly records: number; readonly rollbacks: readonly string[] }> {
  const rows = await db
    .select({
      id: rollbacks.id,
      fields: sql<number>`count(*)::int`,
      records: sql<string[]>`array_agg(distinct ${fieldHolds.recordId})`,
    })
    .from(fieldHolds)
    .innerJoin(rollbacks, eq(rollbacks.id, fieldHolds.rollbackId))
    .where(and(eq(rollbacks.flow, flow), isNull(fieldHolds.releasedAt)))
    .groupBy(rollbacks.id)
    .orderBy(sql`max(${fieldHolds.since}) desc`, sql`${rollbacks.id} desc`);
  return {
    fields: rows.reduce((sum, row) => sum + row.fields, 0),
    records: new Set(rows.flatMap((row) => row.records)).size,
    rollbacks: rows.map((row) => row.id),
  };
}
