import type { z } from 'zod';
import { type CallContext, VendorError } from '../../connector.ts';
import type { Answer } from '../../http/call.ts';
import { sortOut } from '../../records.ts';
import { type Lost, setAside } from '../../set-aside.ts';
import { pageSize } from '../calls.ts';
import { type availabilityAnswer, type Row, row } from './schema.ts';

type Listed = Answer<z.infer<typeof availabilityAnswer>>;

/** Every row of a list that was read to its end. */
export interface Rows {
  readonly good: readonly Row[];
  /** Rows that cannot be read, by product. */
  readonly bad: ReadonlyMap<string, string>;
  /** The first answer of which anything was missing, or else nothing. */
  readonly lost: Lost;
  readonly exchangeId: number;
}

/** Pages shift while others sell and count: then the list is read once more. */
const triesMost = 3;

/**
 * Reads the list to its end. What is not on it is nothing, so that half a list would empty shelves: one that broke off, that moved
 * under our eyes three times, or that has rows of nobody knows which product is none. Throws VendorError.
 */
export async function rowsOf(
  list: (page: number) => Promise<Listed>,
  connection: string,
  { signal }: CallContext,
): Promise<Rows> {
  const none = (why: string) =>
    new VendorError('nonsense', connection, `Cin7 Core’s list of stock ${why}: nothing was taken from it`);
  for (let tries = 0; tries < triesMost; tries += 1) {
    const read = await listOnce(list, signal);
    if (read.brokeOff) throw none('broke off before its end');
    if (read.moved) continue;
    const { records, lost } = setAside(read.rows, 'ProductAvailabilityList[]', read.drifts);
    const { good, bad } = sortOut(records, row, ({ ID }) => ID);
    if (bad.some(({ externalId }) => externalId === null)) throw none('has rows without a product');
    const reasons = bad.map(({ externalId, reason }) => [externalId ?? '', reason] as const);
    return { good, bad: new Map(reasons), lost, exchangeId: read.exchangeId };
  }
  throw none(`changed ${triesMost} times while it was read`);
}

async function listOnce(list: (page: number) => Promise<Listed>, signal: AbortSignal | undefined) {
  const rows: unknown[] = [];
  const keys = new Set<string>();
  let moved = false;
  let first: Listed | null = null;
  for (let page = 1; ; page += 1) {
    signal?.throwIfAborted();
    const answer = await list(page);
    first ??= answer;
    const { Total: total, ProductAvailabilityList: listed } = answer.data;
    const here = listed.map(keyOf);
    moved ||= total !== first.data.Total || here.some((key) => keys.has(key));
    for (const key of here) keys.add(key);
    rows.push(...listed);
    const isLast = listed.length === 0 || (rows.length >= total && listed.length < pageSize);
    if (!isLast) continue;
    // With a total that moved, nobody knows how many there ought to be: read again.
    const brokeOff = !moved && rows.length < total;
    return { rows, moved, brokeOff, drifts: first.drifts, exchangeId: answer.exchangeId };
  }
}

const parts = ['ID', 'Location', 'Bin', 'Batch', 'ExpiryDate'];

/** What tells two rows apart, as far as it is there; the same one on a second page was pushed there. */
function keyOf(value: unknown): string {
  const held = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  const isWhole = parts.every((part) => part in held);
  return JSON.stringify(isWhole ? parts.map((part) => held[part]) : value);
}
