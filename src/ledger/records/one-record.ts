import { and, desc, eq, inArray, isNotNull, isNull, or, type SQL, sql } from 'drizzle-orm';
import type { DbOrTx, Tx } from '../db.ts';
import { passOnFormer } from '../sealing/former-values.ts';
import { likenesses, links, records } from '../tables/index.ts';

/** A person said that two are one, a run made them one, and none has taken them apart since. */
const isJoined = and(
  eq(likenesses.state, 'same'),
  isNotNull(likenesses.joined),
  or(isNull(likenesses.undoneAt), isNull(likenesses.apartAt)),
) as SQL;

const kept = sql<string>`${likenesses.joined} ->> 'kept'`;
const taken = sql<string>`${likenesses.joined} ->> 'taken'`;

/** What went into another, and has found a place of its own since, is that other no longer. */
const isNowhere = sql`not exists (select 1 from ${links} where ${links.recordId} = ${records.id})`;

/** A record that stood alone turned out to be another: that is where its past is, and it is found by what either was known by. */
export async function goInto(tx: Tx, { from, to }: { from: string; to: string }): Promise<void> {
  await tx.update(records).set({ wentInto: to }).where(eq(records.id, from));
  await passOnFormer(tx, { from, to });
}

/** Records that went into this one, or that a person said were this one, and those that these had taken in before: their past is its past. */
export async function takenInto(db: DbOrTx, recordId: string): Promise<string[]> {
  const found = new Set([recordId]);
  for (let open = [recordId]; open.length > 0; ) {
    const said = await db
      .select({ id: taken })
      .from(likenesses)
      .where(and(isJoined, inArray(kept, open)));
    const went = await db
      .select({ id: records.id })
      .from(records)
      .where(and(inArray(records.wentInto, open), isNowhere));
    open = [...new Set([...said, ...went].map(({ id }) => id))].filter((id) => !found.has(id));
    for (const id of open) found.add(id);
  }
  found.delete(recordId);
  return [...found];
}

/** The record that goes on where this one was made one with another; else itself. */
export async function goesOnAs(db: DbOrTx, recordId: string): Promise<string> {
  const passed = new Set<string>();
  for (let id = recordId; ; ) {
    passed.add(id);
    const next = await nextOf(db, id);
    if (next === null || passed.has(next)) return id;
    id = next;
  }
}

async function nextOf(db: DbOrTx, recordId: string): Promise<string | null> {
  const [said] = await db
    .select({ id: kept })
    .from(likenesses)
    .where(and(isJoined, eq(taken, recordId)))
    .orderBy(desc(likenesses.id))
    .limit(1);
  if (said) return said.id;
  const [went] = await db
    .select({ id: records.wentInto })
    .from(records)
    .where(and(eq(records.id, recordId), isNowhere));
  return went?.id ?? null;
}

/** Whether some of these are one only until a run takes them apart. */
export async function isComingApart(db: DbOrTx, recordIds: readonly string[]): Promise<boolean> {
  const ids = [...recordIds];
  const undone = and(isJoined, isNotNull(likenesses.undoneAt));
  return (await db.$count(likenesses, and(undone, or(inArray(kept, ids), inArray(taken, ids))))) > 0;
}
