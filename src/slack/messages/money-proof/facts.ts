import type { ProofFound } from '../../../ledger/tables/money-proofs.ts';

/** One morning's look at deals, invoices and payments, for people. */
export interface MoneyProofFacts {
  readonly id: number;
  readonly drawing: number;
  readonly flowId: string;
  readonly flowName: string;
  readonly at: Date;
  readonly zone: string;
  readonly found: ProofFound;
  /** How many of its findings the newest look still has, where it is not the newest itself. */
  readonly still: number | null;
  readonly command: string;
}
