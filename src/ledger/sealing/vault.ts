import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { eq, isNotNull, sql } from 'drizzle-orm';
import type { Db, DbOrTx } from '../db.ts';
import { among, insertMany } from '../many.ts';
import { recordKeys, records } from '../tables/index.ts';
import { CannotOpen, createSeal, type Seal } from './seal.ts';

/** What closes and opens the past of some records, by record; one without a key is not in it. */
export type Seals = ReadonlyMap<string, Seal>;

/** The keyed hash of a text. */
type Finder = (text: string) => string;

interface Vault {
  /** Of the process's secret keys: closes the records' own. */
  readonly master: Seal;
  readonly canClose: boolean;
  /** What hashes words by which records are found, by each of the process's secret keys: the first for what is kept now. */
  readonly finders: readonly Finder[];
  /** The newest used. Only ever closes: what opens is asked of the ledger, so that a destroyed key opens nothing anywhere. */
  readonly known: Map<string, Seal>;
}

/** By open database: a transaction has the same schema object, so that whoever has one of the two finds the keys. */
const vaults = new WeakMap<object, Vault>();
const keyBytes = 32;
const knownAtMost = 20_000;
const atOnce = 1000;

/** From here on what is put down in this ledger for ever is encrypted, record by record. Without a secret key it stands there plain. */
export function openVault(db: Db, secretKeys: readonly Uint8Array[]): void {
  const finders = secretKeys.map(finderOf);
  const vault = {
    master: createSeal(secretKeys),
    canClose: secretKeys.length > 0,
    finders,
    known: new Map(),
  };
  vaults.set(db._.fullSchema, vault);
}

function finderOf(secret: Uint8Array): Finder {
  const key = new Uint8Array(hkdfSync('sha256', secret, '', 'truce former values', 32));
  return (text) => createHmac('sha256', key).update(text).digest('base64url');
}

const vaultOf = (db: DbOrTx): Vault | undefined => vaults.get(db._.fullSchema);

/** What hashes words by which records are found; none without a secret key. */
export const findersOf = (db: DbOrTx): readonly Finder[] => vaultOf(db)?.finders ?? [];

/** True iff what is put down now is encrypted. */
export const isSealing = (db: DbOrTx): boolean => vaultOf(db)?.canClose === true;

/**
 * Gives new records their keys, in the transaction that makes the records: no key outlives a record that came to nothing, as its
 * id is given once.
 */
export async function giveKeys(tx: DbOrTx, recordIds: readonly string[]): Promise<void> {
  const vault = vaultOf(tx);
  if (!vault?.canClose || recordIds.length === 0) return;
  const keys = new Map(recordIds.map((id) => [id, randomBytes(keyBytes)]));
  const rows = [...keys].map(([recordId, key]) => ({
    recordId,
    sealed: vault.master.close(key.toString('base64url'), aboutKey(recordId)),
  }));
  const given = await tx.execute<{ id: string }>(
    sql`${insertMany(recordKeys, rows)} on conflict do nothing returning record_id as id`,
  );
  // What another process has given a key to meanwhile has that one.
  for (const { id } of given) {
    const key = keys.get(id);
    if (key) remember(vault, id, createSeal([key]));
  }
}

const aboutKey = (recordId: string): string => `record key ${recordId}`;

function remember({ known }: Vault, recordId: string, seal: Seal): void {
  for (const [oldest] of known) {
    if (known.size < knownAtMost) break;
    known.delete(oldest);
  }
  known.set(recordId, seal);
}

/** What closes values of these records. A record without a key is one of an older version, or was erased: its values stay plain, or unsaid. */
export async function sealsOf(db: DbOrTx, recordIds: Iterable<string>): Promise<Seals> {
  const vault = vaultOf(db);
  if (!vault?.canClose) return new Map();
  const wanted = [...new Set(recordIds)];
  const missing = wanted.filter((id) => !vault.known.has(id));
  for (const [id, seal] of await openersOf(db, missing)) remember(vault, id, seal);
  return new Map(
    wanted.flatMap((id) => {
      const seal = vault.known.get(id);
      return seal ? [[id, seal] as const] : [];
    }),
  );
}

/** What opens values of these records, as the ledger has it now. */
export async function openersOf(db: DbOrTx, recordIds: Iterable<string>): Promise<Seals> {
  const vault = vaultOf(db);
  const wanted = [...new Set(recordIds)];
  if (!vault || wanted.length === 0) return new Map();
  const rows = await db
    .select({ recordId: recordKeys.recordId, sealed: recordKeys.sealed })
    .from(recordKeys)
    .where(among(recordKeys.recordId, wanted));
  return new Map(
    rows.flatMap(({ recordId, sealed }) => {
      const key = sealed && unlessLost(() => vault.master.open(sealed, aboutKey(recordId)));
      return key ? [[recordId, createSeal([Buffer.from(key, 'base64url')])] as const] : [];
    }),
  );
}

/** Values of a record as they are kept; null = it has no key, and they stay plain. */
export function closed(seals: Seals, recordId: string, values: unknown): string | null {
  return seals.get(recordId)?.close(JSON.stringify(values), recordId) ?? null;
}

/** The values again; undefined where nobody can read them any more. */
export function opened(seals: Seals, recordId: string, sealed: string): unknown {
  const text = unlessLost(() => seals.get(recordId)?.open(sealed, recordId));
  return text === undefined ? undefined : JSON.parse(text);
}

function unlessLost<T>(open: () => T): T | undefined {
  try {
    return open();
  } catch (error) {
    if (error instanceof CannotOpen) return undefined;
    throw error;
  }
}

/** A record's key is gone, for good; call it with the transaction that erases it. */
export async function destroyKeys(
  tx: DbOrTx,
  recordIds: readonly string[],
  { by, now }: { readonly by: string; readonly now: Date },
): Promise<void> {
  const rows = recordIds.map((recordId) => ({ recordId, sealed: null, erasedAt: now, erasedBy: by }));
  await tx.execute(sql`${insertMany(recordKeys, rows)} on conflict (record_id) do update
    set sealed = null, erased_at = excluded.erased_at, erased_by = excluded.erased_by`);
  for (const id of recordIds) vaultOf(tx)?.known.delete(id);
}

/** Gives a key to each record of an older version, in pieces, each by itself. */
export async function giveMissingKeys(db: Db): Promise<void> {
  if (!isSealing(db)) return;
  for (;;) {
    const rows = await db
      .select({ id: records.id })
      .from(records)
      .leftJoin(recordKeys, eq(recordKeys.recordId, records.id))
      .where(sql`${recordKeys.recordId} is null`)
      .limit(atOnce);
    if (rows.length === 0) return;
    await giveKeys(
      db,
      rows.map(({ id }) => id),
    );
  }
}

/**
 * Encrypts with the first secret key what an older one encrypted, so that the older one can be taken away. Returns how many records'
 * keys none of ours opens: of those the past cannot be read.
 */
export async function resealKeys(db: Db): Promise<number> {
  const vault = vaultOf(db);
  if (!vault) return 0;
  let [after, lost] = ['', 0];
  for (;;) {
    const rows = await db
      .select({ recordId: recordKeys.recordId, sealed: recordKeys.sealed })
      .from(recordKeys)
      .where(sql`${isNotNull(recordKeys.sealed)} and ${recordKeys.recordId} > ${after}
        and not starts_with(${recordKeys.sealed}, ${vault.master.prefix})`)
      .orderBy(recordKeys.recordId)
      .limit(atOnce);
    const last = rows.at(-1)?.recordId;
    if (last === undefined) return lost;
    after = last;
    const renewed = rows.flatMap(({ recordId, sealed }) => {
      const about = aboutKey(recordId);
      const key = unlessLost(() => vault.master.open(sealed ?? '', about));
      return key && vault.canClose
        ? [{ id: recordId, old: sealed, next: vault.master.close(key, about) }]
        : [];
    });
    lost += rows.length - renewed.length;
    // Erased meanwhile, or encrypted afresh by another replica: then it stays as that left it.
    await db.execute(sql`
      update ${recordKeys} k set sealed = n.next
      from jsonb_to_recordset(${JSON.stringify(renewed)}::text::jsonb) as n(id text, old text, next text)
      where k.record_id = n.id and k.sealed = n.old`);
  }
}
