import { and, eq, inArray, isNull, or, sql } from 'drizzle-orm';
import type { DbOrTx, Tx } from '../../ledger/db.ts';
import { isToCarryOut, type Likeness, lastAnswer, type Sides } from '../../ledger/questions/likenesses.ts';
import { likenesses, links } from '../../ledger/tables/index.ts';
import type { Place } from '../../ledger/tables/likenesses.ts';
import type { RunContext } from '../context.ts';
import type { StagedRow } from './link-book.ts';

/** One reading of the answers serves a whole run: what is said meanwhile counts from the next one on. */
const books = new WeakMap<RunContext, readonly Likeness[]>();

/**
 * True where a person said of a vendor's record and of another one that they are two, or took back that they are one: then
 * the same strong key in both is a contradiction that only a person can end.
 */
export async function isSaidApart(
  context: RunContext,
  tx: Tx,
  row: Pick<StagedRow, 'connection' | 'externalId'>,
  { own, other }: { readonly own: string | null; readonly other: string },
): Promise<boolean> {
  const answers = await answersOf(context, tx);
  if (answers.length === 0) return false;
  const one: Sides = { id: own ?? '', places: [row] };
  const places = await tx
    .select({ connection: links.connection, externalId: links.externalId })
    .from(links)
    .where(eq(links.recordId, other));
  return lastAnswer(answers, one, { id: other, places }) !== null;
}

async function answersOf(context: RunContext, tx: Tx): Promise<readonly Likeness[]> {
  const known = books.get(context);
  if (known) return known;
  const rows = await tx
    .select()
    .from(likenesses)
    .where(
      and(
        eq(likenesses.flow, context.flow.id),
        or(eq(likenesses.state, 'different'), eq(likenesses.state, 'same')),
      ),
    )
    .orderBy(likenesses.id);
  const some = rows.some((row) => row.state === 'different' || row.undoneAt !== null) ? rows : [];
  books.set(context, some);
  return some;
}

/** True where a person's word made several vendors' records one: that they have no strong key, or not a valid one, is no question any more. */
export async function isOneByWord(tx: Tx, recordId: string): Promise<boolean> {
  const word = and(eq(links.recordId, recordId), eq(links.how, 'same'));
  return (await tx.$count(links, word)) > 0;
}

/** By record: those that a person said it is not, and those of which a person is asked whether it is one of them. */
export interface Said {
  readonly apart: ReadonlyMap<string, ReadonlySet<string>>;
  readonly perhaps: ReadonlyMap<string, readonly Other[]>;
}

export interface Other {
  readonly recordId: string;
  readonly title: string;
  /** Where it is in use. */
  readonly connections: ReadonlySet<string>;
}

/** What people said, or are asked, in a flow. */
export async function saidOf({ db, flow }: RunContext): Promise<Said> {
  const rows = await db
    .select()
    .from(likenesses)
    .where(
      and(
        eq(likenesses.flow, flow.id),
        isNull(likenesses.undoneAt),
        or(inArray(likenesses.state, ['open', 'different']), isToCarryOut),
      ),
    );
  const owners = await ownersOf(db, rows);
  const apart = new Map<string, ReadonlySet<string>>();
  const perhaps = new Map<string, readonly Other[]>();
  for (const row of rows) {
    const sides = (['left', 'right'] as const).map((side) => ({
      ids: new Set([
        row[`${side}Record`],
        ...row[`${side}Places`].flatMap((place) => owners.get(placeKey(place)) ?? []),
      ]),
      other: {
        recordId: row[`${side}Record`],
        title: row[`${side}Title`],
        connections: new Set(row[`${side}Places`].map((place) => place.connection)),
      },
    }));
    for (const [one, other] of [sides, sides.toReversed()]) {
      if (!one || !other) continue;
      for (const id of one.ids) {
        if (row.state === 'different') apart.set(id, (apart.get(id) ?? new Set()).union(other.ids));
        else perhaps.set(id, [...(perhaps.get(id) ?? []), other.other]);
      }
    }
  }
  return { apart, perhaps };
}

const placeKey = ({ connection, role, externalId }: Place) => `${connection} ${role} ${externalId}`;

/** To which record each place belongs by now. */
async function ownersOf(db: DbOrTx, rows: readonly Likeness[]): Promise<ReadonlyMap<string, string>> {
  const places = rows.flatMap((row) => [...row.leftPlaces, ...row.rightPlaces]);
  if (places.length === 0) return new Map();
  const ids = JSON.stringify([...new Set(places.map((place) => place.externalId))]);
  const owners = await db
    .select()
    .from(links)
    .where(sql`${links.externalId} in (select jsonb_array_elements_text(${ids}::text::jsonb))`);
  return new Map(owners.map((link) => [placeKey(link), link.recordId]));
}
