import type { Vendors } from '../house.ts';
import { cents } from './deals.ts';

/** An invoice as Xero shows it. */
export interface Invoice {
  readonly id: string;
  readonly number: string;
  readonly status: string;
  readonly reference: string;
  /** '2026-11-21'. */
  readonly date: string;
  readonly due: string;
  readonly url: string;
  /** The contact's name. */
  readonly to: string;
  /** In cents. */
  readonly total: number;
  readonly tax: number;
  readonly owed: number;
  readonly paid: number;
  readonly credited: number;
  /** A line each: words, quantity, price and discount. */
  readonly lines: readonly string[];
}

function invoiceIn({ xero }: Vendors, id: string): Invoice | null {
  const card = xero.invoices.card(id);
  if (!card) return null;
  const held = (key: string) => card.fields.find((field) => field.key === key)?.value ?? '';
  const sum = (key: string) => cents(held(key)) ?? Number.NaN;
  const lines = Map.groupBy(
    card.fields.filter(({ key }) => key.includes('.')),
    ({ key }) => key.split('.')[0] ?? '',
  );
  return {
    id: card.externalId,
    number: held('InvoiceNumber'),
    status: held('Status'),
    reference: held('Reference'),
    date: held('Date'),
    due: held('DueDate'),
    url: held('Url'),
    to: held('Contact'),
    total: sum('Total'),
    tax: sum('TotalTax'),
    owed: sum('AmountDue'),
    paid: sum('AmountPaid'),
    credited: sum('AmountCredited'),
    lines: [...lines.values()].map((fields) => fields.map(({ value }) => value).join(' | ')),
  };
}

export const invoicesIn = (vendors: Vendors): Invoice[] =>
  vendors.xero.invoices.cards().flatMap(({ externalId }) => invoiceIn(vendors, externalId) ?? []);

/** Neither voided nor a draft that was thrown away. */
export const isLive = ({ status }: Invoice): boolean => status !== 'VOIDED' && status !== 'DELETED';

/** Nobody has approved it. */
export const isDraft = ({ status }: Invoice): boolean => status === 'DRAFT' || status === 'SUBMITTED';

/** Whether it was made of this deal: its link leads there. People cannot type links in Xero. */
export const isOf = ({ url }: Invoice, dealId: string): boolean => new RegExp(`\\b${dealId}\\b`).test(url);
