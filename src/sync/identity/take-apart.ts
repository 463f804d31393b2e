import { and, eq, inArray, isNull } from 'drizzle-orm';
import { moveChange, tell } from '../../ledger/changes/changes.ts';
import type { Tx } from '../../ledger/db.ts';
import { announceCard, rank } from '../../ledger/posts/outbox.ts';
import { announceLikeness, type Likeness } from '../../ledger/questions/likenesses.ts';
import { loadRecords, type RecordState } from '../../ledger/records/records.ts';
import { conflicts, likenesses, links, records } from '../../ledger/tables/index.ts';
import type { Joined } from '../../ledger/tables/likenesses.ts';
import type { RunContext } from '../context.ts';
import { movePlaces, readAnew } from './move-places.ts';

/**
 * Takes two records apart again that a person had said were one: the links that came go back, with what was last seen there,
 * and the strong key. What was written meanwhile stays where it is; a rollback puts it back.
 */
export async function takeApart(
  context: RunContext,
  tx: Tx,
  row: Likeness,
  { kept, taken, keptKey, takenRecord, moved, gaveWay }: Joined,
): Promise<void> {
  const now = context.clock.now();
  const [state] = await loadRecords(tx, [kept], context.flow.id);
  const held = await tx.select().from(links).where(eq(links.recordId, kept));
  const away = await tx.select({ connection: links.connection }).from(links).where(eq(links.recordId, taken));
  const occupied = new Set(away.map((link) => link.connection));
  // One that was archived or merged since, and gave way to another record, is no longer ours to move.
  const moving = moved.filter(
    (place) =>
      !occupied.has(place.connection) &&
      held.some((link) => link.connection === place.connection && link.externalId === place.externalId),
  );
  await movePlaces(tx, { from: kept, to: taken, moving, how: null, bases: 'go_along' });
  await takeBack(tx, kept, gaveWay, now);
  const keyOf = state?.record.keyValue ?? null;
  if (keyOf === (keptKey ?? takenRecord.keyValue)) {
    await tx.update(records).set({ keyValue: keptKey }).where(eq(records.id, kept));
  }
  await giveKeyBack(tx, taken, takenRecord.keyValue);
  if (state) await withdrawQuestions(context, tx, state, row);
  await tx
    .update(likenesses)
    .set({ apartAt: now, revision: row.revision + 1 })
    .where(eq(likenesses.id, row.id));
  await readAnew(tx, [kept, taken], now);
  await announceLikeness(tx, row, now);
  context.log.info(
    { event: 'taken_apart', flow: context.flow.id, likeness: row.id },
    `${context.flow.name}: “${row.leftTitle}” and “${row.rightTitle}” are two again, as a person said`,
  );
}

/** What had given way to one in use is there again, unless another record has come into its place. */
async function takeBack(tx: Tx, recordId: string, gaveWay: Joined['gaveWay'], now: Date): Promise<void> {
  if (gaveWay.length === 0) return;
  const rows = gaveWay.map((place) => ({ ...place, recordId, linkedAt: now, archived: true }));
  await tx.insert(links).values(rows).onConflictDoNothing();
}

/** Unless another record has it by now. */
async function giveKeyBack(tx: Tx, recordId: string, keyValue: string | null): Promise<void> {
  if (keyValue === null) return;
  const [record] = await tx.select().from(records).where(eq(records.id, recordId));
  const other = await tx
    .select({ id: records.id })
    .from(records)
    .where(and(eq(records.entity, record?.entity ?? ''), eq(records.keyValue, keyValue)));
  if (other.length === 0) await tx.update(records).set({ keyValue }).where(eq(records.id, recordId));
}

/** What was asked between them is no question between two: what is left is compared anew. What a person decided stays decided. */
async function withdrawQuestions(
  context: RunContext,
  tx: Tx,
  { record, change, conflicts: asked }: RecordState,
  row: Likeness,
): Promise<void> {
  if (!change) return;
  const now = context.clock.now();
  const reason = 'two again: it was undone that they are one';
  const open = [...asked.values()].filter((conflict) => conflict.state === 'open');
  await tx
    .update(conflicts)
    .set({ state: 'withdrawn', closedAt: now, note: reason })
    .where(
      and(eq(conflicts.recordId, record.id), isNull(conflicts.closedAt), inArray(conflicts.state, ['open'])),
    );
  await tell(tx, [
    ...open.map(({ field }) => ({
      changeId: change.id,
      at: now,
      kind: 'withdrawn' as const,
      field,
      data: { reason, likeness: row.id },
    })),
  ]);
  const hold = change.hold ? { hold: change.hold, holdDetail: change.holdDetail } : {};
  await moveChange(tx, change.id, { state: 'open', ...hold, now });
  await announceCard(tx, { subject: `change:${change.id}`, flow: context.flow.id, rank: rank.decision, now });
}
