import type { FieldValue, Observed } from '../../../entities/field.ts';
import { amountOf } from '../../../entities/money/amount.ts';
import { showAmount } from '../../../entities/money/fields.ts';
import type { Drift, Observation, Projection } from '../../connector.ts';
import { notRead, observedText } from '../../observed.ts';
import { invoicePage, observedAmount } from '../invoices/map.ts';
import type { Invoice } from '../invoices/schema.ts';
import { dayOf, timeOf } from '../schema.ts';

const supported = ['number', 'payment_status', 'amount_paid', 'amount_credited', 'paid_on', 'credit_notes'];

export const supportsPaymentField = (field: string): boolean => supported.includes(field);

/** What was paid of an invoice, from the invoice itself: Xero keeps the sums there, to the cent. */
export function paymentObservation(
  invoice: Invoice,
  { drift }: { readonly drift: readonly Drift[] },
): Observation {
  const lost = new Set(drift.map(({ field }) => field));
  const keep = (field: string, observed: Observed) => (lost.has(field) ? notRead : observed);
  return {
    externalId: invoice.InvoiceID,
    role: 'invoice_payment',
    url: invoicePage(invoice.InvoiceID),
    vendorAt: timeOf(invoice.UpdatedDateUTC),
    archived: false,
    marker: null,
    also: [],
    fields: {
      number: keep('number', observedText(invoice.InvoiceNumber)),
      payment_status: observedPayment(invoice),
      amount_paid: observedAmount(invoice.AmountPaid, invoice),
      amount_credited: observedAmount(invoice.AmountCredited, invoice),
      paid_on: keep('paid_on', observedText(dayOf(invoice.FullyPaidOnDate))),
      credit_notes: observedText(creditWords(invoice)),
    },
    editors: {},
    drift,
  };
}

/** Our fields → the keys that they are made of. Sums that are not there are not read in any case. */
export const paymentMapped: Readonly<Record<string, readonly string[]>> = {
  number: ['InvoiceNumber'],
  payment_status: ['AmountDue'],
  amount_paid: ['AmountPaid'],
  amount_credited: ['AmountCredited'],
  paid_on: ['FullyPaidOnDate'],
};

/**
 * By the money that came, which is not what was set off against credit notes: those have a sum of their own. Whole when nothing is due;
 * then credited where no money came. What was paid too much is a matter of the customer, not of the invoice.
 */
function observedPayment(invoice: Invoice): Observed {
  const { Status, CurrencyCode, AmountPaid, AmountCredited, AmountDue } = invoice;
  const status = (value: string): Observed => ({ state: 'value', value });
  if (Status === 'VOIDED') return status('voided');
  const [paid, credited, due] = [AmountPaid, AmountCredited, AmountDue].map((sum) =>
    typeof sum === 'number' && CurrencyCode ? (amountOf(sum, CurrencyCode)?.minor ?? null) : null,
  );
  if (typeof paid !== 'number' || typeof credited !== 'number' || typeof due !== 'number') return notRead;
  const isApproved = Status === 'AUTHORISED' || Status === 'PAID';
  const hasMoney = paid > 0 || (credited > 0 && isMoneyAmong(invoice));
  if (isApproved && due === 0) return status(credited > 0 && !hasMoney ? 'credited' : 'paid');
  return status(hasMoney ? 'part_paid' : 'unpaid');
}

/** Xero counts among what was credited also what the customer had paid too much elsewhere, or ahead. */
const isMoneyAmong = ({ Overpayments, Prepayments }: Invoice): boolean =>
  [...(Overpayments ?? []), ...(Prepayments ?? [])].length > 0;

/** "CN-0012 $110.00; CN-0014 $20.50", sorted; what was paid too much elsewhere, or ahead, is called by its kind. */
function creditWords({ CreditNotes, Overpayments, Prepayments, CurrencyCode }: Invoice): string {
  const currency = CurrencyCode ?? '';
  const named = (CreditNotes ?? []).map((one) =>
    words(one.CreditNoteNumber || 'Credit note', one.AppliedAmount, currency),
  );
  const over = (Overpayments ?? []).map(({ AppliedAmount }) => words('Overpayment', AppliedAmount, currency));
  const ahead = (Prepayments ?? []).map(({ AppliedAmount }) => words('Prepayment', AppliedAmount, currency));
  return [...named, ...over, ...ahead].sort().join('; ');
}

function words(name: string, sum: number | null | undefined, currency: string): string {
  const amount = typeof sum === 'number' && currency ? amountOf(sum, currency) : null;
  return amount ? `${name} ${showAmount(amount)}` : name;
}

/** Nothing is ever written here, and all that is compared is held as it is. */
export const projectPayment = (field: string, value: FieldValue | null): Projection =>
  supportsPaymentField(field) ? { value, lossy: false } : { value: null, lossy: value !== null };
