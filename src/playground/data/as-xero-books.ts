import { today } from '../vendors/xero/books/dates.ts';
import { cents } from '../vendors/xero/books/figures.ts';
import type { BooksSeed, Credit, Invoice, Item, Line, Payment } from '../vendors/xero/books/state.ts';
import { paperSums } from '../vendors/xero/books/sums.ts';
import type { ContactSeed } from '../vendors/xero/state.ts';
import { taxTypes } from './as-xero.ts';
import type { PracticeDealLine } from './deals.ts';
import { idFor } from './ids.ts';
import { type PracticeInvoice, practiceInvoices } from './invoices.ts';
import { productsIn } from './products.ts';

const dayMs = 86_400_000;
const threeWeeksMs = 21 * dayMs;
const minuteMs = 60_000;

/** What the practice company's Xero has beside its contacts, last touched three weeks before `now` or earlier. The same every time. */
export function xeroBooks(contacts: readonly ContactSeed[], now: Date): BooksSeed {
  const papers = practiceInvoices.flatMap((told) => {
    const contact = contacts.find(({ texts }) => texts.Name?.startsWith(told.customer));
    return contact ? [papersOf(told, contact.ContactID, now)] : [];
  });
  return {
    items: productsIn('xero').map((product, place) =>
      asItem(product, new Date(now.getTime() - threeWeeksMs - place * minuteMs)),
    ),
    invoices: papers.map(({ invoice }) => invoice),
    payments: papers.flatMap(({ payments }) => payments),
    credits: papers.flatMap(({ credits }) => credits),
    locks: { period: lastLodged(now), year: null },
  };
}

/** The end of the newest quarter that is over by ten weeks: its BAS is lodged, and the bookkeeper has locked it. */
function lastLodged(now: Date): string {
  const [year = 0, month = 0] = today(new Date(now.getTime() - 70 * dayMs))
    .split('-')
    .map(Number);
  return new Date(Date.UTC(year, Math.floor((month - 1) / 3) * 3, 0)).toISOString().slice(0, 10);
}

function asItem(product: ReturnType<typeof productsIn>[number], at: Date): Item {
  const { sku, name, description, sellPrice, cost, tax } = product;
  return {
    ItemID: idFor('xero item', sku),
    Code: sku,
    Name: name,
    Description: description,
    PurchaseDescription: '',
    IsSold: true,
    IsPurchased: cost !== '',
    SalesDetails: { UnitPrice: sellPrice, AccountCode: '200', ...(tax ? { TaxType: taxTypes[tax] } : {}) },
    PurchaseDetails: cost === '' ? {} : { UnitPrice: cost, AccountCode: '310', TaxType: 'INPUT' },
    updatedAt: at.toISOString(),
  };
}

const daysBefore = (now: Date, days: number) => new Date(now.getTime() - days * dayMs);
const dayBefore = (now: Date, days: number) => today(daysBefore(now, days));

/** An invoice with what was paid of it and set off against it, in the order in which the practice data tells it. */
function papersOf(told: PracticeInvoice, contactId: string, now: Date) {
  const { number, status } = told;
  const invoice = asInvoice(told, contactId, now);
  let due = paperSums(invoice).total;
  const part = (amount: string | null): number => {
    const taken = amount === null ? due : Number(cents(amount));
    due -= taken;
    return taken;
  };
  const credits = told.credits.map((one): Credit => asCredit(one, part(one.amount), { invoice, now }));
  const payments = told.payments.map(
    ({ daysAgo, amount }, place): Payment => ({
      PaymentID: idFor('xero payment', `${number} ${place}`),
      invoiceId: invoice.InvoiceID,
      Date: dayBefore(now, daysAgo),
      cents: part(amount),
      accountCode: '090',
      Reference: '',
      Status: 'AUTHORISED',
      updatedAt: daysBefore(now, daysAgo).toISOString(),
    }),
  );
  const isPaid = status === 'AUTHORISED' && due === 0;
  return { invoice: isPaid ? { ...invoice, Status: 'PAID' as const } : invoice, credits, payments };
}

function asInvoice(told: PracticeInvoice, contactId: string, now: Date): Invoice {
  const { number, issuedDaysAgo, dueAfterDays, isBill = false, payments, credits } = told;
  const touched = Math.min(issuedDaysAgo, ...[...payments, ...credits].map(({ daysAgo }) => daysAgo));
  return {
    contactId,
    LineAmountTypes: 'Exclusive',
    CurrencyCode: 'AUD',
    updatedAt: daysBefore(now, touched).toISOString(),
    InvoiceID: idFor('xero invoice', number),
    Type: isBill ? 'ACCPAY' : 'ACCREC',
    InvoiceNumber: number,
    Date: dayBefore(now, issuedDaysAgo),
    DueDate: dayBefore(now, issuedDaysAgo - dueAfterDays),
    Status: told.status,
    lines: told.lines.map((line, place) =>
      asLine(line, { id: idFor('xero line', `${number} ${place}`), isBill }),
    ),
    Reference: told.reference,
    Url: '',
    SentToContact: told.status === 'AUTHORISED',
    madeBy: null,
  };
}

function asCredit(
  { number, daysAgo }: PracticeInvoice['credits'][number],
  amount: number,
  { invoice, now }: { readonly invoice: Invoice; readonly now: Date },
): Credit {
  const on = dayBefore(now, daysAgo);
  const line = asLine(
    {
      sku: null,
      name: `Credit of ${invoice.InvoiceNumber}`,
      quantity: '1',
      price: (amount / 100).toFixed(2),
    },
    { id: idFor('xero line', number), isBill: false },
  );
  return {
    CreditNoteID: idFor('xero credit note', number),
    kind: 'credit_note',
    CreditNoteNumber: number,
    contactId: invoice.contactId,
    Date: on,
    Status: 'PAID',
    LineAmountTypes: 'Inclusive',
    lines: [line],
    Reference: '',
    CurrencyCode: 'AUD',
    allocations: [
      {
        AllocationID: idFor('xero allocation', number),
        invoiceId: invoice.InvoiceID,
        cents: amount,
        Date: on,
      },
    ],
    updatedAt: daysBefore(now, daysAgo).toISOString(),
  };
}

function asLine(
  { sku, name, quantity, price, percentOff = '' }: PracticeDealLine,
  { id, isBill }: { readonly id: string; readonly isBill: boolean },
): Line {
  const product = productsIn('xero').find((one) => one.sku === sku);
  if (sku !== null && !product) throw new Error(`Xero has no item ${sku}`);
  return {
    LineItemID: id,
    Description: name ?? product?.name ?? '',
    ItemCode: sku ?? '',
    AccountCode: isBill ? '425' : '200',
    TaxType: isBill ? 'INPUT' : taxTypes[product?.tax ?? 'gst'],
    Quantity: quantity,
    UnitAmount: price ?? product?.sellPrice ?? '',
    DiscountRate: percentOff,
    DiscountAmount: '',
    givenTax: null,
  };
}
