import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { Db, DbOrTx } from '../db.ts';
import { among, insertMany } from '../many.ts';
import { recordKeys } from '../tables/index.ts';
import { CannotOpen, createSeal, type Seal } from './seal.ts';

/** What closes and opens the past of some records, by record; one without a key is not in it. */
export type Seals = ReadonlyMap<string, Seal>;

/** The keyed hash of a text. */
type Finder = (text: string) => string;

export interface Vault {
  /** Of the process's secret keys: closes the records' own. */
  readonly master: Seal;
  readonly canClose: boolean;
  /** What each of the secret keys' texts begins with. */
  readonly prefixes: readonly string[];
  /** With which older versions hashed words by which records are found, and whoever has not read the ledger's own key yet. */
  readonly derivedKeys: readonly Uint8Array[];
  /** What hashes such words; the first for what is kept now. */
  finders: readonly Finder[];
  /** The newest used. Only ever closes: what opens is asked of the ledger, so that a destroyed key opens nothing anywhere. */
  readonly known: Map<string, Seal>;
}

/** By open database: a transaction has the same schema object, so that whoever has one of the two finds the keys. */
const vaults = new WeakMap<object, Vault>();
const keyBytes = 32;
const knownAtMost = 20_000;

/** From here on what is put down in this ledger for ever is encrypted, record by record. Without a secret key it stands there plain. */
export function openVault(db: Db, secretKeys: readonly Uint8Array[]): void {
  const derivedKeys = secretKeys.map(
    (secret) => new Uint8Array(hkdfSync('sha256', secret, '', 'truce former values', keyBytes)),
  );
  vaults.set(db._.fullSchema, {
    master: createSeal(secretKeys),
    canClose: secretKeys.length > 0,
    prefixes: secretKeys.map((key) => createSeal([key]).prefix),
    derivedKeys,
    finders: derivedKeys.map(finderOf),
    known: new Map(),
  });
}

export const finderOf =
  (key: Uint8Array): Finder =>
  (text) =>
    createHmac('sha256', key).update(text).digest('base64url');

export const vaultOf = (db: DbOrTx): Vault | undefined => vaults.get(db._.fullSchema);

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
  const keys = new Map(recordIds.map((id) => [id, newKey()]));
  const rows = [...keys].map(([recordId, key]) => ({ recordId, sealed: closeKey(vault, recordId, key) }));
  const given = await tx.execute<{ id: string }>(
    sql`${insertMany(recordKeys, rows)} on conflict do nothing returning record_id as id`,
  );
  // What another process has given a key to meanwhile has that one.
  for (const { id } of given) {
    const key = keys.get(id);
    if (key) remember(vault, id, createSeal([key]));
  }
}

export const newKey = (): Uint8Array => randomBytes(keyBytes);

const aboutKey = (recordId: string): string => `record key ${recordId}`;

export const closeKey = ({ master }: Vault, recordId: string, key: Uint8Array): string =>
  master.close(Buffer.from(key).toString('base64url'), aboutKey(recordId));

/** One of the keys of a record, as it is kept; undefined where none of the process's secret keys opens it. */
export interface KeyPart {
  readonly sealed: string;
  readonly key: Uint8Array | undefined;
}

/** Between keys of one record. */
export const between = ' ';

/**
 * The keys of a record, in order; of an erased one none. It has several where the secret key of the first one was missing for a
 * time: the first that opens is used for what is put down now.
 */
export const keyParts = ({ master }: Vault, recordId: string, sealed: string | null): KeyPart[] =>
  (sealed?.split(between) ?? []).map((part) => {
    const text = unlessLost(() => master.open(part, aboutKey(recordId)));
    return { sealed: part, key: text === undefined ? undefined : Buffer.from(text, 'base64url') };
  });

function remember({ known }: Vault, recordId: string, seal: Seal): void {
  for (const [oldest] of known) {
    if (known.size < knownAtMost) break;
    known.delete(oldest);
  }
  known.set(recordId, seal);
}

/** What closes values of these records. A record without a key was erased, or {@link tendKeys} has not come to it: its values stay plain. */
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
      const keys = keyParts(vault, recordId, sealed).flatMap(({ key }) => key ?? []);
      return keys.length > 0 ? [[recordId, createSeal(keys)] as const] : [];
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
