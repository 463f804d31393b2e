import { and, asc, eq, inArray, isNull } from 'drizzle-orm';
import type { Tx } from '../../ledger/db.ts';
import { isToCarryOut, type Likeness, likenessById } from '../../ledger/questions/likenesses.ts';
import { changes, intents, likenesses, links } from '../../ledger/tables/index.ts';
import type { Place } from '../../ledger/tables/likenesses.ts';
import { commit, type RunContext } from '../context.ts';
import { join } from './join.ts';
import { isAt } from './link-book.ts';
import { withdraw } from './recheck-likenesses.ts';
import { takeApart } from './take-apart.ts';

/**
 * Makes two records one, or takes them apart again, where a person said so. Only a run does it, in the flow's lease: so a press
 * never meets a run that is in the middle of one of them. Returns the records that have to be compared anew.
 */
export async function carryOutAnswers(context: RunContext): Promise<void> {
  const rows = await context.db
    .select({ id: likenesses.id })
    .from(likenesses)
    .where(and(eq(likenesses.flow, context.flow.id), isToCarryOut))
    .orderBy(asc(likenesses.answeredAt), asc(likenesses.id));
  for (const { id } of rows) {
    await commit(context, (tx) => carryOutOne(context, tx, id));
    await context.at?.('answered');
  }
}

async function carryOutOne(context: RunContext, tx: Tx, id: number): Promise<void> {
  await tx.select({ id: likenesses.id }).from(likenesses).where(eq(likenesses.id, id)).for('update');
  const row = await likenessById(tx, id);
  if (row?.state !== 'same') return;
  const { joined, undoneAt, apartAt } = row;
  const ids = joined ? [joined.kept, joined.taken] : await recordsOf(tx, row);
  await lockChanges(tx, ids);
  // What was sent and not answered yet is found out about first, and by the record that sent it.
  if (await isBeingWritten(tx, ids)) return;
  if (joined && undoneAt && !apartAt) return takeApart(context, tx, row, joined);
  if (joined || undoneAt) return;
  const [left, right] = ids;
  if (!left || !right || left === right) return withdraw(context, tx, row, 'they are one by now');
  await join(context, tx, row, [left, right]);
}

/** The records to which the places belong by now; one that was linked otherwise since is another. */
async function recordsOf(tx: Tx, row: Likeness): Promise<string[]> {
  const left = await ownerOf(tx, row.leftPlaces);
  const right = await ownerOf(tx, row.rightPlaces);
  return [left ?? row.leftRecord, right ?? row.rightRecord];
}

async function ownerOf(tx: Tx, places: readonly Place[]): Promise<string | null> {
  for (const place of places) {
    const [link] = await tx.select({ recordId: links.recordId }).from(links).where(isAt(place));
    if (link) return link.recordId;
  }
  return null;
}

/** As a comparison does: a press on one of their messages comes wholly before this or wholly after. */
async function lockChanges(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx
    .select({ id: changes.id })
    .from(changes)
    .where(and(inArray(changes.recordId, [...ids]), isNull(changes.closedAt)))
    .orderBy(asc(changes.id))
    .for('update');
}

async function isBeingWritten(tx: Tx, ids: readonly string[]): Promise<boolean> {
  const open = and(inArray(intents.recordId, [...ids]), inArray(intents.state, ['in_flight', 'unknown']));
  return (await tx.$count(intents, open)) > 0;
}
