import { pgTable, text } from 'drizzle-orm/pg-core';
import { instant } from './columns.ts';

/**
 * The key of each record, under which what the ledger keeps of its past values is encrypted; itself encrypted with
 * `TRUCE_SECRET_KEY`. Erasing a record takes its key away, and leaves the rows that nobody can read any more.
 * One row is of no record: the key of the hashes in `former_values`.
 */
export const recordKeys = pgTable('record_keys', {
  /** No reference to the record, as to look at it for each row took most of the time of storing one; nothing ever deletes a record. */
  recordId: text('record_id').primaryKey(),
  /**
   * As in `tokens`; several with spaces between them, where the first one's secret key was missing for a time. Null = it was
   * destroyed.
   */
  sealed: text('sealed'),
  erasedAt: instant('erased_at'),
  /** Slack user id. */
  erasedBy: text('erased_by'),
});
