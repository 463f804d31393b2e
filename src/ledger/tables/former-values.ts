import { pgTable, primaryKey, text } from 'drizzle-orm/pg-core';

/** By which values a record was known before, as keyed hashes: found by who types one of them, read by nobody. */
export const formerValues = pgTable(
  'former_values',
  {
    /** HMAC-SHA-256 of the value's plainest form, base64url; its key is the ledger's own (`record_keys`). */
    hash: text('hash').notNull(),
    recordId: text('record_id').notNull(),
  },
  (t) => [primaryKey({ columns: [t.hash, t.recordId] })],
);
