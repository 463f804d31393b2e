import { and, asc, eq, gte, lt, sql } from 'drizzle-orm';
import type { FieldValue } from '../../entities/field.ts';
import type { DbOrTx, Tx } from '../db.ts';
import { announceCard, rank } from '../posts/outbox.ts';
import { openStory } from '../sealing/story-values.ts';
import { changes, facts, story } from '../tables/index.ts';

/** A value that did not last: where it was, and who had put it there, where the system tells. */
export interface Undone {
  readonly connection: string;
  readonly value: FieldValue | null;
  readonly by: string | null;
}

/** For so long what is put back is told by one message, in ms; the next one tells what comes after. */
const gatheredFor = 3_600_000;

/** Says that something was put back that nobody should change elsewhere: however much it is, by one new message an hour and flow. */
export async function announcePutBacks(
  tx: Tx,
  { flow, now }: { readonly flow: string; readonly now: Date },
): Promise<void> {
  const name = `put_backs:${flow}`;
  const [row] = await tx.select({ at: facts.at }).from(facts).where(eq(facts.name, name));
  const isOpen = row !== undefined && now.getTime() - row.at.getTime() < gatheredFor;
  const since = isOpen ? row.at : now;
  if (!isOpen) {
    const set = { value: {}, at: now };
    await tx
      .insert(facts)
      .values({ name, ...set })
      .onConflictDoUpdate({ target: facts.name, set });
  }
  await announceCard(tx, { subject: `put_back:${flow}/${since.toISOString()}`, flow, rank: rank.other, now });
}

export interface PutBack {
  readonly changeId: string;
  readonly title: string;
  readonly field: string;
  readonly at: Date;
  /** What it was put back to. */
  readonly value: FieldValue | null;
  readonly undone: readonly Undone[];
  /** How often, with this the last time. */
  readonly times: number;
}

/** What one message tells: of each field of each change the last time that it was put back, oldest first. */
export async function putBacksSince(db: DbOrTx, flow: string, since: Date): Promise<PutBack[]> {
  const told = await db
    .select({
      changeId: changes.id,
      recordId: changes.recordId,
      title: changes.subject,
      field: story.field,
      at: story.at,
      data: story.data,
    })
    .from(changes)
    .innerJoin(story, eq(story.changeId, changes.id))
    .where(
      and(
        eq(changes.flow, flow),
        gte(changes.updatedAt, since),
        eq(story.kind, 'ruled'),
        eq(story.actor, 'rule:read_only'),
        sql`${story.data} ->> 'putBack' = 'true'`,
        gte(story.at, since),
        lt(story.at, new Date(since.getTime() + gatheredFor)),
      ),
    )
    .orderBy(asc(story.id));
  const rows = await openStory(db, told);
  const byField = Map.groupBy(rows, ({ recordId, field }) => `${recordId}/${field}`);
  return [...byField.values()].flatMap((list) => {
    const last = list.at(-1);
    if (!last?.field) return [];
    const { changeId, title, field, at, data } = last;
    const value = (data.value ?? null) as FieldValue | null;
    const undone = (data.undone ?? []) as Undone[];
    return [{ changeId, title, field, at, value, undone, times: list.length }];
  });
}
