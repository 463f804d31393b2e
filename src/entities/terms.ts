import type { Field, FieldValue } from './field.ts';
import { fold, textOf } from './text.ts';

/** When an invoice is due: `days` (whole, 0 or more) after its date, or after the end of the month it is dated in. */
type PaymentTerms = { readonly days: number; readonly from: 'invoice_date' | 'end_of_month' };

/** The terms in a value, or null where there are none to read. Takes the days as text as well. */
function read(value: FieldValue): PaymentTerms | null {
  if (typeof value !== 'object' || value === null) return null;
  const { days, from } = value;
  const whole = typeof days === 'string' && /^\s*\d+\s*$/.test(days) ? Number(days) : days;
  if (typeof whole !== 'number' || !Number.isSafeInteger(whole) || whole < 0) return null;
  return from === 'invoice_date' || from === 'end_of_month' ? { days: whole, from } : null;
}

function show(value: FieldValue): string {
  const terms = read(value);
  if (!terms) return textOf(value);
  const { days, from } = terms;
  if (days === 0) return from === 'invoice_date' ? 'On the invoice date' : 'At the end of the month';
  const after = from === 'invoice_date' ? 'the invoice date' : 'the end of the month';
  return `${days} ${days === 1 ? 'day' : 'days'} after ${after}`;
}

export const paymentTerms: Field = {
  name: 'payment_terms',
  label: 'Payment terms',
  class: 'open',
  normal(value) {
    const terms = read(value);
    return terms ? `${terms.days} ${terms.from}` : fold(textOf(value));
  },
  show,
  problem(value) {
    const terms = read(value);
    if (!terms)
      return 'Payment terms need a number of days, and whether they count from the invoice date or the end of the month.';
    return terms.days > 365 ? `Payment terms of ${terms.days} days are more than a year.` : null;
  },
};
