import { randomUUID } from 'node:crypto';
import { isObject } from '../../exchange.ts';
import { planElement } from '../element.ts';
import type { Json } from '../write.ts';
import { dateIn, inWords, today } from './dates.ts';
import type { How, Planned } from './items.ts';
import { readLines } from './lines.ts';
import type { Books, DocumentStatus, Invoice, LockDates } from './state.ts';
import { creditsOf, paymentsOf, settledStatus } from './sums.ts';

/** Who writes; null for a person. */
type By = How & { readonly madeBy: string | null };

/** What a document may become. `PAID` comes by itself. Source: Xero's page on invoices. */
const next: Readonly<Record<DocumentStatus, readonly DocumentStatus[]>> = {
  DRAFT: ['DRAFT', 'SUBMITTED', 'AUTHORISED', 'DELETED'],
  SUBMITTED: ['SUBMITTED', 'AUTHORISED', 'DRAFT', 'DELETED'],
  AUTHORISED: ['AUTHORISED', 'VOIDED'],
  PAID: ['PAID', 'AUTHORISED'],
  VOIDED: [],
  DELETED: [],
};
/** All that may change once something was paid or set off. */
const alwaysFree = [
  'InvoiceID',
  'InvoiceNumber',
  'Reference',
  'DueDate',
  'Url',
  'SentToContact',
  'Status',
  'Type',
];
/** An edit of nothing but these is not told by UpdatedDateUTC once something was paid. (M) */
const untold = ['InvoiceID', 'DueDate', 'SentToContact', 'Status', 'Type'];

export const invoiceByNumber = (number: unknown, books: Books): Invoice | undefined =>
  books.invoices
    .all()
    .find(
      ({ Type, InvoiceNumber }) =>
        Type === 'ACCREC' && InvoiceNumber.toLowerCase() === String(number).trim().toLowerCase(),
    );

export type PlannedInvoice = Planned<Invoice> & { readonly quietly?: boolean };

/**
 * What an element would make: of the invoice that it names by id, else, in a POST, **by its number**, which overwrites that one
 * without a word; else of a new one, which gets the next number. What it leaves out stays, but for the lines, which are replaced.
 */
export function planInvoice(element: Json, books: Books, by: By): PlannedInvoice {
  const id = element.InvoiceID === undefined ? null : String(element.InvoiceID).toLowerCase();
  const before = targetOf(element, id, books, by.createOnly);
  if (id && !before && !by.createOnly) {
    return { ok: false, id, messages: [`The invoice with the InvoiceID ${id} could not be found`] };
  }
  const messages: string[] = before ? changeProblems(before, element, books) : [];
  const target = before ?? blank(element, books, by);
  const Status = readStatus(element.Status, target.Status, messages);
  const record: Invoice = {
    ...target,
    ...readParts(element, target, messages),
    Status,
    contactId: readContact(element.Contact, target.contactId, books, messages),
    lines: Array.isArray(element.LineItems)
      ? linesOf(element.LineItems, { ...target, Status }, { books, decimals: by.decimals }, messages)
      : target.lines,
  };
  messages.push(...invoiceProblems(record, before, books));
  if (messages.length > 0) return { ok: false, id: before?.InvoiceID ?? null, messages };
  const quietly = before !== undefined && hasMoney(before, books) && only(element, untold);
  return { ok: true, record: { ...record, Status: settledStatus(record, books) }, quietly };
}

function targetOf(element: Json, id: string | null, books: Books, createOnly: boolean): Invoice | undefined {
  if (createOnly) return undefined;
  if (id) return books.invoices.get(id);
  return element.InvoiceNumber && element.Type !== 'ACCPAY'
    ? invoiceByNumber(element.InvoiceNumber, books)
    : undefined;
}

const blank = ({ Type, InvoiceNumber }: Json, books: Books, { madeBy }: By): Invoice => ({
  InvoiceID: randomUUID(),
  Type: Type === 'ACCPAY' ? 'ACCPAY' : 'ACCREC',
  InvoiceNumber: InvoiceNumber ? '' : Type === 'ACCPAY' ? '' : nextNumber('INV-', numbersOf(books)),
  contactId: '',
  Date: today(books.now()),
  DueDate: '',
  Status: 'DRAFT',
  LineAmountTypes: 'Exclusive',
  lines: [],
  Reference: '',
  Url: '',
  CurrencyCode: 'AUD',
  SentToContact: false,
  madeBy,
  updatedAt: books.now().toISOString(),
});

const numbersOf = (books: Books) => books.invoices.all().map(({ InvoiceNumber }) => InvoiceNumber);

/** The one after the highest, at four digits or more: `INV-0042`. */
export function nextNumber(prefix: string, taken: readonly string[]): string {
  const counts = taken.map((number) => Number(new RegExp(`^${prefix}(\\d{1,9})$`).exec(number)?.[1] ?? 0));
  return `${prefix}${String(Math.max(0, ...counts) + 1).padStart(4, '0')}`;
}

function readParts(element: Json, target: Invoice, messages: string[]) {
  const text = (key: 'Reference' | 'Url' | 'InvoiceNumber', most: number): string => {
    const isLeftOut = element[key] === undefined || (key === 'InvoiceNumber' && !element[key]);
    const value = isLeftOut ? target[key] : String(element[key] ?? '').trim();
    if (value.length > most) messages.push(`The ${key} field must be ${most} characters or fewer.`);
    return value;
  };
  const date = (key: 'Date' | 'DueDate'): string => {
    if (element[key] === undefined || element[key] === null) return target[key];
    const read = dateIn(element[key]);
    if (read === null) messages.push(`The ${key} is not a valid date.`);
    return read ?? target[key];
  };
  const types = element.LineAmountTypes ?? target.LineAmountTypes;
  if (types !== 'Exclusive' && types !== 'Inclusive' && types !== 'NoTax') {
    messages.push('LineAmountTypes must be Exclusive, Inclusive or NoTax.');
  }
  if (element.CurrencyCode !== undefined && element.CurrencyCode !== 'AUD') {
    messages.push(`Organisation is not subscribed to currency ${String(element.CurrencyCode)}`);
  }
  return {
    Reference: text('Reference', 255),
    Url: text('Url', 2000),
    InvoiceNumber: text('InvoiceNumber', 255),
    Date: date('Date'),
    DueDate: date('DueDate'),
    LineAmountTypes: types as Invoice['LineAmountTypes'],
    SentToContact: typeof element.SentToContact === 'boolean' ? element.SentToContact : target.SentToContact,
  };
}

function linesOf(
  sent: readonly unknown[],
  { Type, Status, lines: before }: Invoice,
  { books, decimals }: { readonly books: Books; readonly decimals: number },
  messages: string[],
) {
  const side = Type === 'ACCREC' ? 'sales' : 'purchases';
  const isComplete = Status !== 'DRAFT';
  const read = readLines(sent, before, { decimals, side, isComplete, books });
  messages.push(...read.messages);
  return read.lines;
}

/** A contact by its id; **what else is said of it changes it**. Without an id it is found or made, by its name. */
function readContact(sent: unknown, before: string, books: Books, messages: string[]): string {
  if (!isObject(sent)) return before;
  const { ContactID: id } = sent;
  if (id !== undefined && Object.keys(sent).length === 1) {
    const contact = books.contacts.get(String(id));
    if (!contact) messages.push(`The contact with the ContactID ${String(id)} could not be found`);
    return contact?.ContactID ?? before;
  }
  const planned = planElement(sent, books.contacts, false);
  if (planned.ok) return books.contacts.save(planned.contact).ContactID;
  messages.push(...planned.messages);
  return before;
}

function readStatus(sent: unknown, before: DocumentStatus, messages: string[]): DocumentStatus {
  if (sent === undefined || sent === before) return before;
  if (next[before].includes(sent as DocumentStatus)) return sent as DocumentStatus;
  messages.push('Invoice not of valid status for modification');
  return before;
}

const hasMoney = (invoice: Invoice, books: Books): boolean =>
  paymentsOf(invoice, books).length > 0 || creditsOf(invoice, books).length > 0;

const only = (element: Json, keys: readonly string[]) =>
  Object.keys(element).every((key) => keys.includes(key));

/** What of a change an invoice does not take as it is. */
function changeProblems(before: Invoice, element: Json, books: Books): string[] {
  if (before.Status === 'VOIDED' || before.Status === 'DELETED') {
    return ['Invoice not of valid status for modification'];
  }
  if (!hasMoney(before, books)) return [];
  if (element.Status === 'VOIDED') return ['Invoice not of valid status for modification'];
  return only(element, alwaysFree)
    ? []
    : ['This document cannot be edited as it has a payment or credit note allocated to it.'];
}

function invoiceProblems(invoice: Invoice, before: Invoice | undefined, books: Books): string[] {
  const { Type, Status, InvoiceID, InvoiceNumber, contactId, lines, DueDate } = invoice;
  const messages: string[] = [];
  if (contactId === '') messages.push('The Contact must be specified.');
  const contact = books.contacts.get(contactId);
  if (contact && contact.ContactStatus !== 'ACTIVE' && contactId !== before?.contactId) {
    messages.push('The Contact is archived and cannot be used.');
  }
  if (Type === 'ACCREC' && InvoiceNumber === '') messages.push('Invoice # must be specified.');
  const other = Type === 'ACCREC' ? invoiceByNumber(InvoiceNumber, books) : undefined;
  if (other && other.InvoiceID !== InvoiceID) messages.push('Invoice # must be unique.');
  if (Status === 'SUBMITTED' || Status === 'AUTHORISED') {
    if (lines.length === 0) messages.push('One or more line items must be specified');
    if (DueDate === '') messages.push('DueDate must be specified.');
  }
  const locks = books.locks();
  const days = before && before.Date !== invoice.Date ? [before.Date, invoice.Date] : [invoice.Date];
  messages.push(...new Set(days.flatMap((day) => lockProblems(day, locks))));
  return messages;
}

/** Why nothing may be dated on a day. (M) */
export function lockProblems(day: string, { period, year }: LockDates): string[] {
  if (year !== null && day <= year) {
    return [
      `The document date cannot be before the end of year lock date, currently set at ${inWords(year)}`,
    ];
  }
  if (period !== null && day <= period) {
    return [`The document date cannot be before the period lock date, currently set at ${inWords(period)}`];
  }
  return [];
}
