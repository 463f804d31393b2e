import { randomUUID } from 'node:crypto';
import { onlyKeys } from '../../practice.ts';
import type { Card, Screen } from '../../vendor.ts';
import type { Json } from '../write.ts';
import { planAllocation, planCredit, saveAllocations } from './credits.ts';
import { today } from './dates.ts';
import { atDecimals, dollars } from './figures.ts';
import { planInvoice } from './invoices.ts';
import { right } from './items.ts';
import { lineFields, splitLines, typedLines } from './line-fields.ts';
import { planPayment, savePayment } from './payments.ts';
import { cardOf } from './screen-card.ts';
import type { Books, Credit, Invoice, LockDates } from './state.ts';
import { creditLeft, paymentsOf, standing } from './sums.ts';

/** What people do with invoices. Amounts are in dollars, days as `2026-11-21`; what is left out is all of it, and today. */
export interface InvoiceHands extends Screen {
  /** A draft made by hand; lines as Xero's API takes them. Returns its id. */
  make(element: Json): string;
  /** Puts other lines in place of those that it has. */
  rewrite(invoiceId: string, lines: readonly Json[]): void;
  approve(invoiceId: string): void;
  submit(invoiceId: string): void;
  void(invoiceId: string): void;
  delete(invoiceId: string): void;
  /** What is more than the amount due becomes an overpayment of the customer. Returns the payment's id. */
  pay(invoiceId: string, more?: { readonly amount?: number; readonly on?: string }): string;
  /** Takes every payment of it back. */
  unpay(invoiceId: string): void;
  /** Makes a credit note for the amount, and sets it off. Returns the credit note's id. */
  credit(invoiceId: string, amount?: number): string;
  /** Sets what the customer paid too much off against it. */
  useOverpayment(invoiceId: string): void;
  /** Closes the books up to a day, that day included; null opens them. */
  lock(dates: Partial<LockDates>): void;
}

const invoiceLabels = {
  InvoiceNumber: 'Invoice number',
  Contact: 'To',
  Reference: 'Reference',
  Date: 'Issue date',
  DueDate: 'Due date',
  Status: 'Status',
  Total: 'Total',
  TotalTax: 'GST',
  AmountDue: 'Amount due',
  AmountPaid: 'Paid',
  AmountCredited: 'Credited',
  Url: 'Link',
} as const;

function invoiceCard(invoice: Invoice, books: Books): Card {
  const { subTotal: _, total, tax, due, paid, credited } = standing(invoice, books);
  const money = (cents: number) => dollars(cents).toFixed(2);
  const { InvoiceNumber, Reference, DueDate, Status, Url } = invoice;
  const held = {
    ...{ InvoiceNumber, Reference, DueDate, Status, Url },
    Date: invoice.Date,
    Contact: books.contacts.get(invoice.contactId)?.texts.Name ?? '',
    Total: money(total),
    TotalTax: money(tax),
    AmountDue: money(due),
    AmountPaid: money(paid),
    AmountCredited: money(credited),
  };
  const { InvoiceID: externalId, updatedAt } = invoice;
  const card = cardOf(invoiceLabels, held, { externalId, title: InvoiceNumber, updatedAt, typable });
  return { ...card, fields: [...card.fields, ...lineFields(invoice.lines)] };
}

const typable = ['InvoiceNumber', 'Reference', 'Date', 'DueDate'];

export function invoiceHands(books: Books): InvoiceHands {
  const how = { createOnly: false, decimals: 4, madeBy: null };
  const put = (element: Json, createOnly = false): string =>
    books.together(() => {
      const planned = planInvoice(element, books, { ...how, createOnly });
      return books.invoices.save(right(planned), planned.quietly ? 'quietly' : undefined).InvoiceID;
    });
  const become = (Status: string) => (InvoiceID: string) => void put({ InvoiceID, Status });
  const invoiceOf = (id: string): Invoice => {
    const found = books.invoices.get(id);
    if (!found) throw new Error(`Xero has no invoice ${id}`);
    return found;
  };
  return {
    cards: () => books.invoices.all().map((invoice) => invoiceCard(invoice, books)),
    card: (id) => {
      const invoice = books.invoices.get(id);
      return invoice ? invoiceCard(invoice, books) : null;
    },
    edit: (InvoiceID, values) => {
      const { ofItself, ofLines } = splitLines(values);
      onlyKeys('Xero invoice', typable, ofItself);
      const lines = Object.keys(ofLines).length > 0 ? typedLines(invoiceOf(InvoiceID).lines, ofLines) : null;
      put({ InvoiceID, ...ofItself, ...(lines ? { LineItems: lines } : {}) });
    },
    add: ({ Contact = '', ...values }) => {
      onlyKeys('Xero invoice', typable, values);
      return put({ Type: 'ACCREC', Contact: { Name: Contact }, ...values }, true);
    },
    make: (element) => put({ Type: 'ACCREC', ...element }, true),
    rewrite: (InvoiceID, LineItems) => void put({ InvoiceID, LineItems }),
    approve: (InvoiceID) => {
      const { DueDate } = invoiceOf(InvoiceID);
      put({ InvoiceID, Status: 'AUTHORISED', ...(DueDate === '' ? { DueDate: today(books.now()) } : {}) });
    },
    submit: become('SUBMITTED'),
    void: become('VOIDED'),
    delete: become('DELETED'),
    pay: (id, more = {}) => payInvoice(invoiceOf(id), more, books),
    unpay: (id) =>
      books.together(() => {
        for (const payment of paymentsOf(invoiceOf(id), books)) {
          savePayment(right(planPayment({ PaymentID: payment.PaymentID, Status: 'DELETED' }, books)), books);
        }
      }),
    credit: (id, amount) => creditInvoice(invoiceOf(id), amount, books),
    useOverpayment: (id) => useOverpayment(invoiceOf(id), books),
    lock: (dates) => books.lock({ ...books.locks(), ...dates }),
  };
}

const owed = (invoice: Invoice, books: Books) => dollars(standing(invoice, books).due);

function payInvoice(invoice: Invoice, how: { amount?: number; on?: string }, books: Books): string {
  const due = owed(invoice, books);
  const { amount = due, on = today(books.now()) } = how;
  const { InvoiceID, contactId } = invoice;
  const element = {
    Invoice: { InvoiceID },
    Account: { Code: '090' },
    Date: on,
    Amount: Math.min(amount, due),
  };
  return books.together(() => {
    const payment = savePayment(right(planPayment(element, books)), books);
    const rest = atDecimals(amount - due, 2) ?? '0';
    if (amount > due) books.credits.save({ ...overpayment(contactId, rest, on), updatedAt: '' });
    return payment.PaymentID;
  });
}

const overpayment = (contactId: string, amount: string, on: string): Omit<Credit, 'updatedAt'> => ({
  CreditNoteID: randomUUID(),
  kind: 'overpayment',
  CreditNoteNumber: '',
  contactId,
  Date: on,
  Status: 'AUTHORISED',
  LineAmountTypes: 'NoTax',
  lines: [
    {
      ...{ LineItemID: randomUUID(), Description: 'Overpayment', ItemCode: '', AccountCode: '610' },
      ...{ TaxType: 'NONE', Quantity: '1', UnitAmount: amount, DiscountRate: '', DiscountAmount: '' },
      givenTax: null,
    },
  ],
  Reference: '',
  CurrencyCode: 'AUD',
  allocations: [],
});

function creditInvoice(invoice: Invoice, amount: number | undefined, books: Books): string {
  const { contactId: ContactID, InvoiceNumber } = invoice;
  const UnitAmount = amount ?? owed(invoice, books);
  const line = { Description: `Credit of ${InvoiceNumber}`, Quantity: 1, UnitAmount, AccountCode: '200' };
  const element = {
    Type: 'ACCRECCREDIT',
    Contact: { ContactID },
    Status: 'AUTHORISED',
    LineAmountTypes: 'Inclusive',
    LineItems: [{ ...line, TaxType: 'OUTPUT' }],
  };
  return books.together(() => {
    const credit = books.credits.save(right(planCredit(element, books, { createOnly: true, decimals: 4 })));
    return setOff(credit, invoice, UnitAmount, books).CreditNoteID;
  });
}

function useOverpayment(invoice: Invoice, books: Books): void {
  const spare = books.credits
    .all()
    .find(
      ({ kind, contactId, Status }) =>
        kind === 'overpayment' && contactId === invoice.contactId && Status === 'AUTHORISED',
    );
  if (!spare) throw new Error('This customer has paid nothing too much.');
  const amount = Math.min(owed(invoice, books), dollars(creditLeft(spare)));
  books.together(() => setOff(spare, invoice, amount, books));
}

function setOff(credit: Credit, { InvoiceID }: Invoice, Amount: number, books: Books): Credit {
  const allocation = right(planAllocation({ Invoice: { InvoiceID }, Amount }, credit, books));
  return saveAllocations(credit, [...credit.allocations, allocation], books);
}
