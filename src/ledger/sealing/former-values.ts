import { inArray, type SQL, sql } from 'drizzle-orm';
import type { FieldValue } from '../../entities/field.ts';
import type { DbOrTx, Tx } from '../db.ts';
import { insertMany } from '../many.ts';
import { formerValues, records } from '../tables/index.ts';
import { findersOf } from './vault.ts';

/** A name, an address or a number by which a record was known in some system, and is not any more. */
export interface FormerValue {
  readonly recordId: string;
  readonly value: FieldValue | null;
}

/** Keeps by what records were known, as keyed hashes alone; nothing where there is no secret key. */
export async function noteFormer(tx: Tx, former: readonly FormerValue[]): Promise<void> {
  const [hashOf] = findersOf(tx);
  if (!hashOf) return;
  const rows = former.flatMap(({ recordId, value }) =>
    typeof value === 'string' && plainest(value) !== '' ? [{ hash: hashOf(plainest(value)), recordId }] : [],
  );
  if (rows.length > 0) await tx.execute(sql`${insertMany(formerValues, rows)} on conflict do nothing`);
}

/** That a record was known by these words, whichever of the secret keys there was then; undefined where nobody can say. */
export function wasKnownBy(db: DbOrTx, words: string): SQL | undefined {
  const hashes = findersOf(db).map((hashOf) => hashOf(plainest(words)));
  if (hashes.length === 0) return undefined;
  const ids = db
    .select({ id: formerValues.recordId })
    .from(formerValues)
    .where(inArray(formerValues.hash, hashes));
  return inArray(records.id, ids);
}

/** Two records turned out to be one: it is found by what either was known by. */
export async function passOnFormer(tx: Tx, { from, to }: { from: string; to: string }): Promise<void> {
  await tx.execute(sql`
    with gone as (delete from ${formerValues} where record_id = ${from} returning hash)
    insert into ${formerValues} (hash, record_id) select hash, ${to} from gone on conflict do nothing`);
}

/** As people may type it: capitals and spaces say nothing. */
const plainest = (value: string): string => value.toLowerCase().replace(/\s/g, '');
