import type { TaxCodes } from '../../../agreement/agreement.ts';
import type { FieldValue, Observed } from '../../../entities/field.ts';
import { amountOf } from '../../../entities/money/amount.ts';
import type { Drift, Needed, Observation, Projection } from '../../connector.ts';
import { cutTo, notRead, observedText } from '../../observed.ts';
import { type BookRules, lockWords } from '../books.ts';
import { dayOf, timeOf } from '../schema.ts';
import { observedLines } from './lines.ts';
import { type Origin, originOf } from './origin.ts';
import type { Invoice } from './schema.ts';

const supported = [
  ...['source', 'number', 'reference', 'issued_on', 'due_on', 'lines', 'total', 'tax', 'amount_due'],
  ...['invoice_status', 'invoice_link', 'deal_link'],
] as const;

export const supportsInvoiceField = (field: string): boolean =>
  (supported as readonly string[]).includes(field);

/** What Xero gives each new invoice; of the dates the agreement may say otherwise. */
export const givenInvoiceFields: readonly string[] = [
  ...['number', 'issued_on', 'due_on', 'total', 'tax', 'amount_due', 'invoice_status', 'invoice_link'],
];

const states = {
  DRAFT: 'draft',
  SUBMITTED: 'submitted',
  AUTHORISED: 'authorised',
  PAID: 'paid',
  VOIDED: 'voided',
} as const;

export const isSale = ({ Type }: Pick<Invoice, 'Type'>): boolean => Type === 'ACCREC';
/** A draft that was thrown away: Xero keeps it, and shows it to nobody. */
export const isDeleted = ({ Status }: Pick<Invoice, 'Status'>): boolean => Status === 'DELETED';
/** Nobody has approved it yet: only such an invoice is ever written to. */
export const isOpen = ({ Status }: Pick<Invoice, 'Status'>): boolean =>
  Status === 'DRAFT' || Status === 'SUBMITTED';

export const invoicePage = (id: string): string =>
  `https://go.xero.com/AccountsReceivable/View.aspx?InvoiceID=${id}`;

export function invoiceObservation(
  invoice: Invoice,
  {
    drift,
    taxCodes,
    rules,
  }: { readonly drift: readonly Drift[]; readonly taxCodes: TaxCodes; readonly rules: BookRules | null },
): Observation {
  const lost = new Set(drift.map(({ field }) => field));
  const origin = originOf(invoice.Url);
  const locked = lockedWords(invoice, rules);
  const fields = fieldsOf(invoice, origin, taxCodes);
  return {
    externalId: invoice.InvoiceID,
    role: 'invoice',
    url: invoicePage(invoice.InvoiceID),
    vendorAt: timeOf(invoice.UpdatedDateUTC),
    archived: false,
    marker: origin?.marker ?? null,
    also: [],
    needs: needsOf(invoice),
    ...(locked ? { locked } : {}),
    fields: Object.fromEntries(
      Object.entries(fields).map(([field, observed]) => [field, lost.has(field) ? notRead : observed]),
    ),
    editors: {},
    drift,
  };
}

function fieldsOf(invoice: Invoice, origin: Origin | null, taxCodes: TaxCodes): Record<string, Observed> {
  const { Total, TotalTax, AmountDue } = invoice;
  return {
    source: observedText(origin?.source),
    number: observedText(invoice.InvoiceNumber),
    reference: observedText(invoice.Reference),
    issued_on: observedText(dayOf(invoice.Date)),
    due_on: observedText(dayOf(invoice.DueDate)),
    lines: observedLines(invoice, taxCodes),
    total: observedAmount(Total, invoice),
    tax: observedAmount(TotalTax, invoice),
    amount_due: observedAmount(AmountDue, invoice),
    invoice_status: observedStatus(invoice.Status),
    invoice_link: { state: 'value', value: invoicePage(invoice.InvoiceID) },
    deal_link: observedText(origin?.link),
  };
}

/** Why nothing may be written to it; null where it may. An issued invoice is never rewritten. */
export function lockedWords(
  { Status, Date: date }: Pick<Invoice, 'Status' | 'Date'>,
  rules: BookRules | null,
): string | null {
  if (Status === 'AUTHORISED') return 'it is approved';
  if (Status === 'PAID') return 'it is paid';
  if (Status === 'VOIDED') return 'it is voided';
  if (!isOpen({ Status })) return `it is ${Status.toLowerCase()} in Xero`;
  return rules && lockWords(dayOf(date), rules);
}

/** A sum as whole cents; one that the currency has no coins for, or without a currency, is not read. */
export function observedAmount(
  sum: number | null | undefined,
  { CurrencyCode }: Pick<Invoice, 'CurrencyCode'>,
): Observed {
  const value = typeof sum === 'number' && CurrencyCode ? amountOf(sum, CurrencyCode) : null;
  return value ? { state: 'value', value } : notRead;
}

const observedStatus = (status: string): Observed =>
  Object.hasOwn(states, status) ? { state: 'value', value: states[status as keyof typeof states] } : notRead;

/** Its customer. Not the items of its lines: one that a bookkeeper adds in Xero alone keeps nobody from hearing what is due. */
function needsOf({ Contact }: Invoice): Needed[] {
  const customer = Contact?.ContactID?.toLowerCase();
  return customer ? [{ entity: 'customer', externalId: customer }] : [];
}

export function projectInvoice(field: string, value: FieldValue | null): Projection {
  if (!supportsInvoiceField(field)) return { value: null, lossy: value !== null };
  if (field !== 'reference' || value === null) return { value, lossy: false };
  const held = cutTo(String(value), 255);
  return { value: held, lossy: held !== value };
}

/** Our fields → the keys that they are made of and that Xero sends of an invoice; dates it may leave out. */
export const invoiceMapped: Readonly<Record<string, readonly string[]>> = {
  number: ['InvoiceNumber'],
  issued_on: ['Date'],
  due_on: ['DueDate'],
  lines: ['LineItems'],
  total: ['Total'],
  tax: ['TotalTax'],
  amount_due: ['AmountDue'],
};
