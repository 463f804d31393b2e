import { and, asc, eq, ilike, inArray, or, type SQL, sql } from 'drizzle-orm';
import type { DbOrTx } from '../db.ts';
import { wasKnownBy } from '../sealing/former-values.ts';
import { bases, changes, links, records } from '../tables/index.ts';

export interface KnownRecord {
  readonly id: string;
  readonly entity: string;
  readonly title: string;
}

/**
 * The records that somebody may mean: by the reference of a change, by their key, by an id or an e-mail address in a system, by
 * their name; else by what they were known by before, or by a part of the name. At most six.
 */
export async function recordsMeant(
  db: DbOrTx,
  { words, reference, entities }: { words: string; reference: string | null; entities: readonly string[] },
): Promise<KnownRecord[]> {
  if (entities.length === 0 || words.trim() === '') return [];
  const find = (condition: SQL | undefined) =>
    db
      .select({ id: records.id, entity: records.entity, title: records.title })
      .from(records)
      .where(and(inArray(records.entity, [...entities]), condition))
      .orderBy(asc(records.title), asc(records.id))
      .limit(6);
  const byChange = db
    .select({ id: changes.recordId })
    .from(changes)
    .where(eq(changes.id, reference ?? ''));
  const byPlace = db.select({ id: links.recordId }).from(links).where(eq(links.externalId, words));
  const address = sql`lower(${bases.fields} #>> '{email,value}')`;
  const byAddress = db
    .select({ id: bases.recordId })
    .from(bases)
    .where(eq(address, words.trim().toLowerCase()));
  const exact = await find(
    or(
      inArray(records.id, byChange),
      inArray(records.id, byPlace),
      ...(words.includes('@') ? [inArray(records.id, byAddress)] : []),
      inArray(records.keyValue, keysIn(words)),
      sql`lower(${records.title}) = lower(${words})`,
    ),
  );
  if (exact.length > 0) return exact;
  return find(or(ilike(records.title, `%${words.replace(/[\\%_]/g, '\\$&')}%`), wasKnownBy(db, words)));
}

/** A key as people type it: an ABN with its spaces, a SKU in small letters. */
function keysIn(words: string): string[] {
  const plain = words.trim();
  const closed = plain.replace(/\s/g, '');
  return [...new Set([plain, closed, plain.toUpperCase(), closed.toUpperCase()])];
}

/** A record of one of these entities, or null. */
export async function knownRecord(
  db: DbOrTx,
  id: string,
  entities: readonly string[],
): Promise<KnownRecord | null> {
  if (entities.length === 0) return null;
  const [record] = await db
    .select({ id: records.id, entity: records.entity, title: records.title })
    .from(records)
    .where(and(eq(records.id, id), inArray(records.entity, [...entities])));
  return record ?? null;
}
