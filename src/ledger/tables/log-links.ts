import { bigint, index, integer, pgTable, text } from 'drizzle-orm/pg-core';
import { instant } from './columns.ts';

/**
 * The chain over what the ledger says happened: each link covers some lines of one table, and holds the hash of the link before it.
 * Nothing ever changes or deletes a link. How a link is made and what it proves is in `ledger/chain/link.ts`.
 */
export const logLinks = pgTable(
  'log_links',
  {
    /** 1, 2, 3 … with no gap, over all tables. */
    n: bigint('n', { mode: 'number' }).primaryKey(),
    /** A name in `ledger/chain/sources.ts`. */
    source: text('source').notNull(),
    firstId: bigint('first_id', { mode: 'number' }).notNull(),
    lastId: bigint('last_id', { mode: 'number' }).notNull(),
    lines: integer('lines').notNull(),
    /** The lines' own times: of the earliest and the latest. */
    from: instant('from_at').notNull(),
    to: instant('to_at').notNull(),
    /** When it was linked. */
    at: instant('at').notNull(),
    /** Each line's id and print, packed. */
    entries: text('entries').notNull(),
    /** The link from which on every one is signed with a key that was known when the next was; null = this one is not signed. */
    signedFrom: bigint('signed_from', { mode: 'number' }),
    /** Hash of the link before; '' of the first. */
    before: text('before').notNull(),
    hash: text('hash').notNull(),
    /** Which key signed the hash; null where the process had none. */
    key: text('key'),
    signature: text('signature'),
  },
  (t) => [index('log_links_by_source').on(t.source, t.lastId)],
);

/**
 * What is wrong with the log. `changed`, `taken`, `added`: lines of a source. `link`: links of the chain itself. `key`: who wrote the
 * chain from there on did not have the key with which it is signed before. `cut`: it ended otherwise when it was checked last.
 */
export type FaultKind = 'changed' | 'taken' | 'added' | 'link' | 'key' | 'cut';

export interface Fault {
  readonly kind: FaultKind;
  /** A name in `ledger/chain/sources.ts`. */
  readonly source: string;
  /** Ids of the first and the last line, or the numbers of the links. */
  readonly first: number;
  readonly last: number;
  readonly count: number;
  /** The time of what was chained there, ISO 8601. */
  readonly from: string;
  readonly to: string;
  /** When a check found it last, ISO 8601; older versions did not say. */
  readonly found?: string;
}
