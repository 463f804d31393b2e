import { and, eq, isNotNull, sql } from 'drizzle-orm';
import type { Db } from '../db.ts';
import { recordKeys, records } from '../tables/index.ts';
import {
  between,
  closeKey,
  finderOf,
  giveKeys,
  isSealing,
  keyParts,
  newKey,
  type Vault,
  vaultOf,
} from './vault.ts';

const atOnce = 1000;

/**
 * Sees to it that whatever is put down from now on can be sealed: gives records of an older version their keys, and those whose keys
 * none of the process's secret keys opens another one; encrypts with the first secret key what another encrypted, so that the other
 * can be taken away. In pieces, each by itself. Returns of how many records a part of the past cannot be read.
 */
export async function tendKeys(db: Db): Promise<number> {
  await giveMissingKeys(db);
  const lost = await renewKeys(db);
  await openFinders(db);
  return lost;
}

async function giveMissingKeys(db: Db): Promise<void> {
  if (!isSealing(db)) return;
  let after = '';
  for (;;) {
    const rows = await db
      .select({ id: records.id })
      .from(records)
      .leftJoin(recordKeys, eq(recordKeys.recordId, records.id))
      .where(sql`${records.id} > ${after} and ${recordKeys.recordId} is null`)
      .orderBy(records.id)
      .limit(atOnce);
    const last = rows.at(-1)?.id;
    if (last === undefined) return;
    after = last;
    const ids = rows.map(({ id }) => id);
    await giveKeys(db, ids);
  }
}

/** What stands where the records do: the keys of the hashes by which former values are found. */
const finderRow = 'former values';

/**
 * Hashes by the ledger's own random key, which outlasts every secret key. Those that are derived from secret keys, by which older
 * versions hashed, are kept beside it, so that what they hashed is found when the secret key has changed.
 */
async function openFinders(db: Db): Promise<void> {
  const vault = vaultOf(db);
  if (!vault?.canClose) return;
  const close = (key: Uint8Array) => closeKey(vault, finderRow, key);
  await db
    .insert(recordKeys)
    .values({ recordId: finderRow, sealed: close(newKey()) })
    .onConflictDoNothing();
  const [row] = await db.select().from(recordKeys).where(eq(recordKeys.recordId, finderRow));
  const keys = keyParts(vault, finderRow, row?.sealed ?? null).flatMap(({ key }) => key ?? []);
  const known = new Set(keys.map(textOf));
  const further = vault.derivedKeys.filter((key) => !known.has(textOf(key)));
  vault.finders = [...keys, ...further].map(finderOf);
  if (further.length === 0 || !row?.sealed) return;
  const sealed = [row.sealed, ...further.map(close)].join(between);
  // Where another replica was quicker, it has put down what we would have, or does so at the next start.
  await db
    .update(recordKeys)
    .set({ sealed })
    .where(and(eq(recordKeys.recordId, finderRow), eq(recordKeys.sealed, row.sealed)));
}

const textOf = (key: Uint8Array): string => Buffer.from(key).toString('base64url');

async function renewKeys(db: Db): Promise<number> {
  const vault = vaultOf(db);
  if (!vault) return 0;
  let [after, lost] = ['', 0];
  for (;;) {
    const rows = await db
      .select({ recordId: recordKeys.recordId, sealed: recordKeys.sealed })
      .from(recordKeys)
      .where(sql`${isNotNull(recordKeys.sealed)} and ${recordKeys.recordId} > ${after}
        and not (starts_with(${recordKeys.sealed}, ${vault.master.prefix}) and strpos(${recordKeys.sealed}, ${between}) = 0)`)
      .orderBy(recordKeys.recordId)
      .limit(atOnce);
    const last = rows.at(-1)?.recordId;
    if (last === undefined) return lost;
    after = last;
    const judged = rows.map(({ recordId, sealed }) => ({
      id: recordId,
      old: sealed,
      ...renewed(vault, recordId, sealed),
    }));
    lost += judged.filter(({ id, isLost }) => isLost && id !== finderRow).length;
    // Erased meanwhile, or encrypted afresh by another replica: then it stays as that left it.
    await db.execute(sql`
      update ${recordKeys} k set sealed = n.next
      from jsonb_to_recordset(${JSON.stringify(judged.filter(({ old, next }) => next !== old))}::text::jsonb)
        as n(id text, old text, next text)
      where k.record_id = n.id and k.sealed = n.old`);
  }
}

/** The keys of a record as the process keeps them from now on: one at least that opens, and the lost ones, as their secret key may come back. */
function renewed(vault: Vault, recordId: string, sealed: string | null) {
  const parts = keyParts(vault, recordId, sealed);
  const isLost = parts.some(({ key }) => !key);
  if (!vault.canClose) return { isLost, next: sealed };
  const kept = parts.map((part) =>
    part.key && !vault.master.isCurrent(part.sealed) ? closeKey(vault, recordId, part.key) : part.sealed,
  );
  const isUsable = parts.some(({ key }) => key);
  const next = isUsable ? kept : [closeKey(vault, recordId, newKey()), ...kept];
  return { isLost, next: next.join(between) };
}

/** Of how many records a part of the past cannot be read, as its key is encrypted with a secret key that the process does not have. */
export async function lostKeys(db: Db): Promise<number> {
  const [row] = await db.execute<{ lost: string }>(sql`
    select count(*)::text as lost from ${recordKeys} k where k.sealed is not null and k.record_id <> ${finderRow}
      and exists (select 1 from unnest(string_to_array(k.sealed, ${between})) part
        where not exists (select 1 from jsonb_array_elements_text(${JSON.stringify(vaultOf(db)?.prefixes ?? [])}::text::jsonb) known
          where starts_with(part, known)))`);
  return Number(row?.lost ?? 0);
}
