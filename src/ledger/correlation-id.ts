import { sql } from 'drizzle-orm';
import type { DbOrTx } from './db.ts';

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const half = 1 << 25;
const prefix = 'tr-';

/**
 * The next correlation ID: `tr-` and ten Crockford base32 characters. A database sequence sent through a permutation of 50
 * bits, so that two can never be the same, whoever asks and however often, and neighbours do not look alike.
 */
export async function nextCorrelationId(db: DbOrTx): Promise<string> {
  const [id] = await nextCorrelationIds(db, 1);
  return id as string;
}

/** As {@link nextCorrelationId}, for several at once. */
export async function nextCorrelationIds(db: DbOrTx, count: number): Promise<string[]> {
  const rows = await db.execute<{ n: string }>(
    sql`select nextval('correlation_ids') as n from generate_series(1, ${count}::integer)`,
  );
  return rows.map((row) => referenceOf(Number(row.n)));
}

/** The correlation ID of a sequence number (1 to 2^50 - 1). Pure. */
export function referenceOf(n: number): string {
  let left = Math.floor(n / half) % half;
  let right = n % half;
  for (const key of [0x9e3779b1, 0x85ebca77, 0xc2b2ae3d, 0x27d4eb2f]) {
    [left, right] = [right, (left ^ scramble(right, key)) & (half - 1)];
  }
  let bits = left * half + right;
  let text = '';
  for (let i = 0; i < 10; i++) {
    text = alphabet[bits % 32] + text;
    bits = Math.floor(bits / 32);
  }
  return prefix + text;
}

function scramble(value: number, key: number): number {
  let x = Math.imul(value ^ (value >>> 13), key);
  x = Math.imul(x ^ (x >>> 15), 0x2c1b3c6d);
  return (x ^ (x >>> 12)) >>> 0;
}

/**
 * What a person typed or pasted, as the reference it means, or null. Takes any case, with or without `tr-`, long dashes,
 * quotes, back-ticks and a full stop that a phone added; O, I and L are read as 0, 1 and 1.
 */
export function parseReference(text: string): string | null {
  const bare = text
    .trim()
    .replace(/["'`“”‘’«».,;:!?()<>*_~\s]/g, '')
    .toUpperCase()
    .replace(/^TR[-‐‑‒–—―−]?(?=.{10}$)/, '')
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1');
  return bare.length === 10 && [...bare].every((c) => alphabet.includes(c)) ? prefix + bare : null;
}

/** The references that a text names, in their order. */
export const referencesIn = (text: string): string[] =>
  [...text.matchAll(/\btr-[0-9A-HJKMNP-TV-Z]{10}\b/g)].map(([reference]) => reference);
