import { and, eq, inArray, isNotNull, isNull, or, type SQL, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { moveChanges, tell } from '../changes/changes.ts';
import type { Tx } from '../db.ts';
import { among } from '../many.ts';
import { announceCards, rank, redrawCards } from '../posts/outbox.ts';
import { withdrawApprovals } from '../questions/approvals.ts';
import {
  absences,
  agreed,
  approvals,
  bases,
  changes,
  conflicts,
  fieldHolds,
  formerValues,
  intents,
  likenesses,
  links,
  looks,
  outbox,
  pending,
  records,
  rollbackItems,
  staged,
  story,
} from '../tables/index.ts';
import { blankMentions, erasedTitle, stopsThatShow } from './mentions.ts';

interface About {
  readonly by: string;
  readonly now: Date;
  /** What they were called until now, and before. */
  readonly titles: readonly string[];
}

/**
 * Takes the values of erased records out of all that stands plain because runs compare it, or people are shown it: what was last
 * seen and agreed, what was under way, questions and their answers, names. Ids, times and who did what stay.
 */
export async function blankWorkingState(tx: Tx, ids: readonly string[], about: About): Promise<void> {
  await endQuestions(tx, ids, about);
  await blankQuestions(tx, ids);
  await blankLikenesses(tx, ids, about);
  await deleteState(tx, ids);
  await blankNames(tx, ids);
  const elsewhere = await blankMentions(tx, about.titles);
  await redraw(tx, ids, about);
  await redrawCards(tx, [...elsewhere, ...(await stopsThatShow(tx, ids))]);
}

const erasedNote = 'the record was erased';

/** Nobody has to decide anything of it any more. */
async function endQuestions(tx: Tx, ids: readonly string[], { by, now }: About): Promise<void> {
  const open = await tx
    .select()
    .from(conflicts)
    .where(and(among(conflicts.recordId, ids), isNull(conflicts.closedAt)));
  const asked = open.map(({ id }) => id);
  await withdrawApprovals(tx, asked, { because: 'over', now });
  if (asked.length > 0)
    await tx
      .update(conflicts)
      .set({ state: 'withdrawn', closedAt: now, note: erasedNote })
      .where(among(conflicts.id, asked));
  const under = await tx
    .select({ id: changes.id })
    .from(changes)
    .where(and(among(changes.recordId, ids), isNull(changes.closedAt)))
    .for('update');
  await tell(
    tx,
    under.map(({ id }) => ({
      changeId: id,
      at: now,
      kind: 'withdrawn' as const,
      actor: by,
      data: { reason: erasedNote },
    })),
  );
  await moveChanges(
    tx,
    under.map(({ id }) => ({ id, state: 'withdrawn' as const, now })),
  );
  await tx
    .update(absences)
    .set({ state: 'answered', ended: 'keep', endedBy: by, endedAt: now, doneAt: now })
    .where(and(among(absences.recordId, ids), inArray(absences.state, ['confirmed', 'asked'])));
}

/** The values that were to be chosen from, and what was chosen; not by whom. */
async function blankQuestions(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx.execute(sql`
    update ${conflicts} set agreed_before = null, note = case when note = ${erasedNote} then note end, chosen = chosen || '{"value": null}', options = coalesce((
      select jsonb_agg(o || '{"value": null, "changedBy": null}') from jsonb_array_elements(options) o), '[]')
    where ${among(conflicts.recordId, ids)}`);
  const own = tx.select({ id: conflicts.id }).from(conflicts).where(among(conflicts.recordId, ids));
  await tx.update(approvals).set({ value: null }).where(inArray(approvals.conflictId, own));
}

/** Questions whether it is the same as another: what was held against each other, with both names where they are its. */
async function blankLikenesses(tx: Tx, ids: readonly string[], { now }: About): Promise<void> {
  const rows = await tx
    .select()
    .from(likenesses)
    .where(
      or(
        among(likenesses.leftRecord, ids),
        among(likenesses.rightRecord, ids),
        sql`${likenesses.joined} ->> 'kept' in ${listOf(ids)}`,
        sql`${likenesses.joined} ->> 'taken' in ${listOf(ids)}`,
      ),
    );
  for (const row of rows) {
    const { id, leftRecord, rightRecord, evidence, joined, state } = row;
    const [isLeft, isRight] = [ids.includes(leftRecord), ids.includes(rightRecord)];
    const says = evidence.map(({ left, right, ...one }) => ({
      ...one,
      left: isLeft ? null : left,
      right: isRight ? null : right,
    }));
    const keys = { keptKey: null, takenRecord: { title: erasedTitle, keyValue: null } };
    await tx
      .update(likenesses)
      .set({
        evidence: says,
        ...(isLeft ? { leftTitle: erasedTitle } : {}),
        ...(isRight ? { rightTitle: erasedTitle } : {}),
        ...(joined ? { joined: { ...joined, ...keys } } : {}),
        ...(state === 'open' ? { state: 'withdrawn' as const, note: 'one of them was erased' } : {}),
        revision: row.revision + 1,
        checkedAt: now,
      })
      .where(eq(likenesses.id, id));
  }
}

const listOf = (ids: readonly string[]): SQL =>
  sql`(select jsonb_array_elements_text(${JSON.stringify(ids)}::text::jsonb))`;

async function deleteState(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx.delete(staged).where(
    sql`${among(staged.recordId, ids)} or (${staged.connection}, ${staged.externalId}) in (
        select l.connection, l.external_id from ${links} l where l.record_id in ${listOf(ids)})`,
  );
  const here = (column: PgColumn) => among(column, ids);
  await tx.delete(bases).where(here(bases.recordId));
  await tx.delete(agreed).where(here(agreed.recordId));
  await tx.delete(pending).where(here(pending.recordId));
  await tx.delete(fieldHolds).where(here(fieldHolds.recordId));
  await tx.delete(looks).where(here(looks.recordId));
  await tx.delete(formerValues).where(here(formerValues.recordId));
  // A hash of a telephone number is soon guessed.
  await tx.update(intents).set({ payloadHash: '' }).where(here(intents.recordId));
}

/** What it was called, wherever that stands. */
async function blankNames(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx.update(records).set({ title: erasedTitle, keyValue: null }).where(among(records.id, ids));
  await tx.update(links).set({ print: null }).where(among(links.recordId, ids));
  await tx
    .update(changes)
    .set({ subject: erasedTitle, holdDetail: null })
    .where(among(changes.recordId, ids));
  await tx.update(absences).set({ mergedInto: null }).where(among(absences.recordId, ids));
}

/** Every message in Slack that shows something of it is drawn anew. */
async function redraw(tx: Tx, ids: readonly string[], { now }: About): Promise<void> {
  const own = tx.select({ id: changes.id }).from(changes).where(among(changes.recordId, ids));
  const posted = await tx
    .select({ subject: outbox.subject, flow: outbox.flow })
    .from(outbox)
    .where(
      and(
        isNotNull(outbox.ts),
        eq(outbox.kind, 'card'),
        or(
          sql`${outbox.key} in (select 'card:change:' || c.id from ${changes} c where c.record_id in ${listOf(ids)})`,
          sql`${outbox.key} in (select 'card:likeness:' || l.id from ${likenesses} l
            where l.left_record in ${listOf(ids)} or l.right_record in ${listOf(ids)})`,
          sql`${outbox.key} in (select 'card:gone:' || a.id from ${absences} a where a.record_id in ${listOf(ids)})`,
          sql`${outbox.key} in (select 'card:rollback:' || i.rollback_id from ${rollbackItems} i
            where i.record_id in ${listOf(ids)})`,
        ),
      ),
    );
  const told = await tx
    .select({ at: story.at })
    .from(story)
    .where(
      and(inArray(story.changeId, own), eq(story.kind, 'ruled'), sql`${story.data} ->> 'putBack' = 'true'`),
    );
  const gathered = await tx
    .select({ subject: outbox.subject, flow: outbox.flow })
    .from(outbox)
    .where(and(isNotNull(outbox.ts), sql`${outbox.subject} like 'put_back:%'`));
  const putBack = told.length === 0 ? [] : gathered;
  for (const [flow, list] of Map.groupBy([...posted, ...putBack], (one) => one.flow))
    await announceCards(tx, { subjects: list.map(({ subject }) => subject), flow, rank: rank.other, now });
}
