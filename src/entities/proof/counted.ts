import { counts, totalOf, worthOf } from './invoiced-parts.ts';
import type { Sale } from './sale.ts';

/** An amount and the day on which it counts; null where there is nothing to count. */
export interface Counted {
  readonly minor: number;
  readonly on: string;
}

/** What was sold, by the deal's own lines; the tax rounded once. */
export const soldOf = ({ deal }: Sale): Counted | null =>
  deal?.isWon ? { minor: worthOf(deal), on: deal.on } : null;

/** What a customer was asked for: an invoice counts once it is approved. */
export const invoicedOf = ({ invoice }: Sale): Counted | null =>
  invoice && counts(invoice) ? { minor: totalOf(invoice), on: invoice.on } : null;

export const paidOf = ({ payments }: Sale): Counted | null =>
  payments && payments.paid !== 0 ? { minor: payments.paid, on: payments.on } : null;
