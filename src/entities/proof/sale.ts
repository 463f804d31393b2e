import type { InvoiceLines } from '../invoice-lines.ts';

/**
 * One sale on its way from a deal that was won over its invoice to the money, as it was last seen in each system. Plain data. Amounts
 * in whole minor units of `currency`, days as "2026-06-30".
 */
export interface Sale {
  readonly recordId: string;
  readonly title: string;
  readonly currency: string;
  readonly deal: SaleDeal | null;
  readonly invoice: SaleInvoice | null;
  /** Null = nothing has been seen of payments. */
  readonly payments: SalePayments | null;
  /** What was agreed when the invoice was made, or last brought in step. */
  readonly agreedLines: InvoiceLines | null;
  /** Why there is no invoice yet, as it goes on after "waiting: "; null = nothing is known to hold it up. */
  readonly waitsFor: string | null;
  /** It was seen so lately that the next runs will make its invoice by themselves. */
  readonly isFresh: boolean;
}

export interface SaleDeal {
  /** False once it was lost after all, or thrown away. */
  readonly isWon: boolean;
  /** When it counts as sold. */
  readonly on: string;
  readonly lines: InvoiceLines | null;
  /** What the deal says of itself, lines or not; null = nothing. */
  readonly amount: number | null;
  /** The number of an invoice that the deal names. */
  readonly number: string | null;
}

export interface SaleInvoice {
  readonly number: string | null;
  /** draft, submitted, authorised, paid or voided. */
  readonly status: string;
  readonly on: string;
  readonly lines: InvoiceLines | null;
  /** With GST; null = not told. */
  readonly total: number | null;
  readonly due: number | null;
}

export interface SalePayments {
  readonly paid: number;
  readonly credited: number;
  /** What somebody kept of it on the way, such as a card company. */
  readonly fee: number;
  readonly on: string;
  /** They moved after the invoice was last read: the two are not of one moment. */
  readonly isNewer: boolean;
}

/** Days from which to which something counts, both included; without `from`, all before. */
export interface Span {
  readonly from: string | null;
  readonly to: string;
}

export const isIn = (day: string, { from, to }: Span): boolean => day <= to && (from === null || day >= from);

/** Why an amount of one step is not the amount of the next. */
export type Cause =
  /** Each line was rounded in one place, the whole in the other. */
  | 'rounding'
  | 'not_made'
  /** The deal has an amount alone: nobody can say what was sold for it, or under which GST code. */
  | 'no_lines'
  | 'no_tax_code'
  | 'names_invoice'
  | 'draft'
  | 'voided'
  | 'changed_by_hand'
  | 'deal_changed'
  | 'no_longer_won'
  | 'not_from_deal'
  | 'unpaid'
  | 'part_paid'
  | 'credited'
  | 'fee'
  | 'read_apart'
  /** Both are there, on days that count in different periods. */
  | 'timing';

/** From what was sold to what was invoiced, and from there to what came in. */
export type Step = 'invoiced' | 'paid';

/** GST code, one of our treatments → whole minor units with GST; null = what no code stands beside. */
export type ByCode = ReadonlyMap<string | null, number>;

/** So much of a difference, with its reason; below zero where the later step has more. */
export interface Part {
  readonly cause: Cause;
  readonly minor: number;
  /** What goes beyond the cause, in words: "no ABN". */
  readonly detail: string | null;
}

export const part = (cause: Cause, minor: number, detail: string | null = null): Part => ({
  cause,
  minor,
  detail,
});
