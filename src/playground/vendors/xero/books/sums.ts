import { percentOf } from '../tax-rates.ts';
import { lineCents, type Sums, sumsOf, taxCents } from './figures.ts';
import type { Books, Credit, Invoice, Line } from './state.ts';

type Paper = Pick<Invoice, 'lines' | 'LineAmountTypes'>;

/** What one line comes to, and its tax, in cents. */
export function lineSums(line: Line, types: Invoice['LineAmountTypes']) {
  const amount = lineCents(line);
  const tax =
    line.givenTax === null ? taxCents(amount, percentOf(line.TaxType), types) : BigInt(line.givenTax);
  return { amount, tax: types === 'NoTax' ? 0n : tax };
}

export const paperSums = ({ lines, LineAmountTypes }: Paper): Sums =>
  sumsOf(
    lines.map((line) => lineSums(line, LineAmountTypes)),
    LineAmountTypes,
  );

/** What was set off against an invoice. */
export const creditsOf = (
  { InvoiceID }: Invoice,
  books: Books,
): readonly { readonly credit: Credit; readonly cents: number; readonly on: string }[] =>
  books.credits
    .all()
    .flatMap((credit) =>
      credit.allocations
        .filter(({ invoiceId }) => invoiceId === InvoiceID)
        .map(({ cents, Date: on }) => ({ credit, cents, on })),
    );

export const paymentsOf = ({ InvoiceID }: Invoice, books: Books) =>
  books.payments.all().filter(({ invoiceId, Status }) => invoiceId === InvoiceID && Status === 'AUTHORISED');

/** Where an invoice stands, in cents. `clearedOn` = the last day on which something was paid or set off. */
export function standing(invoice: Invoice, books: Books) {
  const sums = paperSums(invoice);
  const payments = paymentsOf(invoice, books);
  const credits = creditsOf(invoice, books);
  const paid = payments.reduce((sum, { cents }) => sum + cents, 0);
  const credited = credits.reduce((sum, { cents }) => sum + cents, 0);
  const isDead = invoice.Status === 'VOIDED' || invoice.Status === 'DELETED';
  const days = [...payments.map((payment) => payment.Date), ...credits.map(({ on }) => on)].sort();
  const due = isDead ? 0 : sums.total - paid - credited;
  return { ...sums, paid, credited, due, payments, credits, clearedOn: days.at(-1) ?? invoice.Date };
}

/** What of a credit is not set off yet, in cents. */
export const creditLeft = (credit: Credit): number =>
  paperSums(credit).total - credit.allocations.reduce((sum, { cents }) => sum + cents, 0);

/** An approved invoice on which nothing is due is paid, and is approved again when something is. */
export function settledStatus(invoice: Invoice, books: Books): Invoice['Status'] {
  if (invoice.Status !== 'AUTHORISED' && invoice.Status !== 'PAID') return invoice.Status;
  return standing(invoice, books).due === 0 ? 'PAID' : 'AUTHORISED';
}
