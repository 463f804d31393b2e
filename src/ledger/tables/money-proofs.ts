import { integer, pgTable, serial, text, uniqueIndex } from 'drizzle-orm/pg-core';
import type { MoneyProof } from '../../entities/proof/money-proof.ts';
import type { NumberFindings } from '../../entities/proof/numbers.ts';
import { instant, jsonb } from './columns.ts';

/** What one morning's look at deals, invoices and payments found. */
export interface ProofFound extends NumberFindings {
  /** One for each span and currency: the quarter so far, and all before it where that has anything to say. */
  readonly proofs: readonly MoneyProof[];
}

/** Deals held against invoices and payments, once for each time at which it was due. */
export const moneyProofs = pgTable(
  'money_proofs',
  {
    id: serial('id').primaryKey(),
    flow: text('flow').notNull(),
    slot: instant('slot').notNull(),
    at: instant('at').notNull(),
    found: jsonb('found').$type<ProofFound>().notNull(),
    /** Findings that the proof before did not have; 0 = there is nothing to tell. */
    fresh: integer('fresh').notNull(),
  },
  (t) => [uniqueIndex('money_proofs_slot').on(t.flow, t.slot)],
);
