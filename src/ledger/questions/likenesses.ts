import { and, asc, desc, eq, inArray, isNotNull, isNull, or, type SQL, sql } from 'drizzle-orm';
import { tell } from '../changes/changes.ts';
import type { Db, DbOrTx, Tx } from '../db.ts';
import { announceCard, rank } from '../posts/outbox.ts';
import { changes, facts, likenesses, outbox } from '../tables/index.ts';
import type { Place } from '../tables/likenesses.ts';

export type Likeness = typeof likenesses.$inferSelect;

export const likenessSubject = (id: number): string => `likeness:${id}`;

export async function likenessById(db: DbOrTx, id: number): Promise<Likeness | null> {
  const [row] = await db.select().from(likenesses).where(eq(likenesses.id, id));
  return row ?? null;
}

/** A person's answer counts until it is undone. */
const isUndone = isNotNull(likenesses.undoneAt);
/** What a run still has to carry out: two that are one by a person's word, or that are two again. */
export const isToCarryOut = and(
  eq(likenesses.state, 'same'),
  or(
    and(isNull(likenesses.joined), isNull(likenesses.undoneAt)),
    and(isNotNull(likenesses.joined), isUndone, isNull(likenesses.apartAt)),
  ),
) as SQL;

/** All questions, answered or not, about any of these records, or about a place that one of them has now; oldest first. */
export function likenessesOf(
  db: DbOrTx,
  flow: string,
  {
    recordIds,
    externalIds,
  }: { readonly recordIds: readonly string[]; readonly externalIds: readonly string[] },
): Promise<Likeness[]> {
  if (recordIds.length === 0) return Promise.resolve([]);
  const ids = sql`array[${list(recordIds)}]::text[]`;
  const places = sql`array[${list([...externalIds, ''])}]::text[]`;
  return db
    .select()
    .from(likenesses)
    .where(
      and(
        eq(likenesses.flow, flow),
        sql`(${likenesses.leftRecord} = any(${ids}) or ${likenesses.rightRecord} = any(${ids}) or exists (
          select 1 from jsonb_array_elements(${likenesses.leftPlaces} || ${likenesses.rightPlaces}) p
          where p ->> 'externalId' = any(${places})))`,
      ),
    )
    .orderBy(asc(likenesses.id));
}

const list = (values: readonly string[]): SQL =>
  sql.join(
    values.map((value) => sql`${value}`),
    sql`, `,
  );

export interface Sides {
  readonly id: string;
  readonly places: readonly Pick<Place, 'connection' | 'externalId'>[];
}

/** Whether a question was about these two, in whichever order, and whatever records the places belong to by now. */
export function isAbout(row: Likeness, one: Sides, other: Sides): boolean {
  const has = (side: 'left' | 'right', { id, places }: Sides) =>
    row[`${side}Record`] === id ||
    row[`${side}Places`].some((known) =>
      places.some((place) => place.connection === known.connection && place.externalId === known.externalId),
    );
  return (has('left', one) && has('right', other)) || (has('left', other) && has('right', one));
}

/** What a person last said of two records: that they are two, and did not take it back; or that they are not one after all. */
export function lastAnswer(
  rows: readonly Likeness[],
  one: Sides,
  other: Sides,
): 'different' | 'not_same_after_all' | null {
  const last = rows.filter((row) => row.answeredAt !== null && isAbout(row, one, other)).at(-1);
  if (!last) return null;
  if (last.state === 'different') return last.undoneAt ? null : 'different';
  return last.state === 'same' && last.undoneAt ? 'not_same_after_all' : null;
}

export interface AnswerInput {
  readonly id: number;
  /** The revision of the message that was pressed. */
  readonly revision: number;
  readonly by: string;
  readonly now: Date;
}

export type AnswerResult =
  | { readonly kind: 'taken'; readonly likeness: Likeness }
  | {
      readonly kind: 'already';
      readonly by: string;
      readonly what: 'same' | 'different' | 'undone';
      readonly at: Date;
    }
  | { readonly kind: 'outdated'; readonly at: Date }
  | { readonly kind: 'closed' };

/**
 * One person's answer, at most once whoever presses and however often: the question's row is locked. It is only put down here;
 * two that are one are made one by the next run, which alone moves records.
 */
export function answerLikeness(
  db: Db,
  { id, revision, by, now, answer }: AnswerInput & { readonly answer: 'same' | 'different' },
): Promise<AnswerResult> {
  return db.transaction(async (tx) => {
    const row = await lock(tx, id);
    if (!row || row.state === 'withdrawn') return { kind: 'closed' };
    if (row.undoneAt) return { kind: 'already', by: row.undoneBy ?? '', what: 'undone', at: row.undoneAt };
    if (row.state !== 'open')
      return { kind: 'already', by: row.answeredBy ?? '', what: row.state, at: row.answeredAt ?? now };
    if (revision < row.revision) return { kind: 'outdated', at: row.checkedAt };
    return put(tx, row, { state: answer, answeredBy: by, answeredAt: now }, { kind: answer, by, now });
  });
}

/** Takes an answer back. What was made one is taken apart by the next run; what was said to be two may be asked about again. */
export function undoLikeness(db: Db, { id, revision, by, now }: AnswerInput): Promise<AnswerResult> {
  return db.transaction(async (tx) => {
    const row = await lock(tx, id);
    if (!row || (row.state !== 'same' && row.state !== 'different')) return { kind: 'closed' };
    if (row.undoneAt) return { kind: 'already', by: row.undoneBy ?? '', what: 'undone', at: row.undoneAt };
    if (revision < row.revision) return { kind: 'outdated', at: row.checkedAt };
    return put(tx, row, { undoneBy: by, undoneAt: now }, { kind: 'undone', by, now });
  });
}

async function lock(tx: Tx, id: number): Promise<Likeness | undefined> {
  const [row] = await tx.select().from(likenesses).where(eq(likenesses.id, id)).for('update');
  return row;
}

async function put(
  tx: Tx,
  row: Likeness,
  set: Partial<Likeness>,
  {
    kind,
    by,
    now,
  }: { readonly kind: 'same' | 'different' | 'undone'; readonly by: string; readonly now: Date },
): Promise<AnswerResult> {
  const [likeness] = await tx
    .update(likenesses)
    .set({ ...set, revision: row.revision + 1 })
    .where(eq(likenesses.id, row.id))
    .returning();
  if (!likeness) return { kind: 'closed' };
  await tellBoth(tx, row, { kind, by, now });
  await announceLikeness(tx, row, now);
  return { kind: 'taken', likeness };
}

/** Puts a line into the story of what is open of either record: what it is about is the other one. */
export async function tellBoth(
  tx: Tx,
  row: Pick<Likeness, 'leftRecord' | 'rightRecord' | 'leftTitle' | 'rightTitle'>,
  {
    kind,
    by,
    now,
    data,
  }: {
    readonly kind: 'same' | 'different' | 'undone' | 'held';
    readonly by: string | null;
    readonly now: Date;
    readonly data?: (other: string) => Readonly<Record<string, unknown>>;
  },
): Promise<void> {
  const open = await tx
    .select({ id: changes.id, recordId: changes.recordId })
    .from(changes)
    .where(and(inArray(changes.recordId, [row.leftRecord, row.rightRecord]), isNull(changes.closedAt)))
    .orderBy(asc(changes.id));
  await tell(
    tx,
    open.map(({ id, recordId }) => {
      const other =
        recordId === row.leftRecord
          ? { id: row.rightRecord, title: row.rightTitle }
          : { id: row.leftRecord, title: row.leftTitle };
      return {
        changeId: id,
        at: now,
        kind,
        actor: by,
        data: data?.(other.title) ?? { reason: `the other is “${other.title}”` },
        others: [other],
      };
    }),
  );
}

export const announceLikeness = (
  db: DbOrTx,
  { id, flow }: Pick<Likeness, 'id' | 'flow'>,
  now: Date,
): Promise<void> => announceCard(db, { subject: likenessSubject(id), flow, rank: rank.decision, now });

/** Open questions of a flow: which are shown, which wait in line (outbox keys, the best evidence first), and since when. */
export async function likenessLine(
  db: DbOrTx,
  flow: string,
): Promise<{ shown: number; waiting: readonly string[]; oldest: Date | null }> {
  const rows = await db
    .select({ key: outbox.key, ts: outbox.ts, askedAt: likenesses.askedAt })
    .from(likenesses)
    .innerJoin(outbox, eq(outbox.key, sql`'card:likeness:' || ${likenesses.id}`))
    .where(and(eq(likenesses.flow, flow), eq(likenesses.state, 'open')))
    .orderBy(desc(likenesses.points), asc(likenesses.id));
  const oldest = rows.map((row) => row.askedAt.getTime()).sort((a, b) => a - b)[0];
  return {
    shown: rows.filter((row) => row.ts !== null).length,
    waiting: rows.filter((row) => row.ts === null).map((row) => row.key),
    oldest: oldest === undefined ? null : new Date(oldest),
  };
}

/** How many questions of a flow nobody has answered. */
export const countOpenLikenesses = (db: DbOrTx, flow: string): Promise<number> =>
  db.$count(likenesses, and(eq(likenesses.flow, flow), eq(likenesses.state, 'open')));

/** Up to when the records that wait were held against the others. */
export interface Examined {
  readonly at: Date;
  /** When all of them were, not only those that had moved. */
  readonly all: Date;
}

const examinedFact = (flow: string) => `likeness:${flow}`;

export async function examinedOf(db: DbOrTx, flow: string): Promise<Examined | null> {
  const [row] = await db
    .select()
    .from(facts)
    .where(eq(facts.name, examinedFact(flow)));
  const all = (row?.value as { all?: string } | undefined)?.all;
  return row && all ? { at: row.at, all: new Date(all) } : null;
}

export async function noteExamined(db: DbOrTx, flow: string, { at, all }: Examined): Promise<void> {
  const row = { value: { all: all.toISOString() }, at };
  await db
    .insert(facts)
    .values({ name: examinedFact(flow), ...row })
    .onConflictDoUpdate({ target: facts.name, set: row });
}
