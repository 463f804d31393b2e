import { randomUUID } from 'node:crypto';
import { isObject } from '../../exchange.ts';
import type { Json } from '../write.ts';
import { dateIn, today } from './dates.ts';
import { cents, type LineAmountTypes } from './figures.ts';
import { lockProblems, nextNumber } from './invoices.ts';
import type { How, Planned } from './items.ts';
import { readLines } from './lines.ts';
import { settle } from './payments.ts';
import type { Allocation, Books, Credit } from './state.ts';
import { creditLeft, standing } from './sums.ts';

const creditByNumber = (number: unknown, books: Books): Credit | undefined =>
  books.credits
    .all()
    .find(
      (credit) =>
        credit.kind === 'credit_note' &&
        credit.CreditNoteNumber.toLowerCase() === String(number).trim().toLowerCase(),
    );

/** By its id, or its number. */
export const creditBy = (key: string, books: Books): Credit | undefined => {
  const byId = books.credits.get(key);
  return byId?.kind === 'credit_note' ? byId : creditByNumber(key, books);
};

/** A credit note that an element would make. One that is there can be approved or voided, and no more, here. */
export function planCredit(element: Json, books: Books, { createOnly, decimals }: How): Planned<Credit> {
  const { CreditNoteID: id, CreditNoteNumber: number } = element;
  const before = createOnly
    ? undefined
    : id === undefined
      ? creditByNumber(number ?? '', books)
      : books.credits.get(String(id));
  if (before) return planStatus(before, element.Status);
  const messages: string[] = [];
  const contactId = isObject(element.Contact) ? String(element.Contact.ContactID ?? '') : '';
  if (!books.contacts.get(contactId)) messages.push('The Contact must be specified.');
  if (element.Type !== 'ACCRECCREDIT') messages.push('Type must be ACCRECCREDIT.');
  const on = element.Date === undefined ? today(books.now()) : (dateIn(element.Date) ?? '');
  if (on === '') messages.push('The Date is not a valid date.');
  messages.push(...lockProblems(on, books.locks()));
  const sent = Array.isArray(element.LineItems) ? element.LineItems : [];
  const read = readLines(sent, [], { decimals, side: 'sales', isComplete: true, books });
  messages.push(...read.messages);
  if (number && creditByNumber(number, books)) messages.push('Credit note # must be unique.');
  if (messages.length > 0) return { ok: false, id: null, messages };
  const taken = books.credits.all().map(({ CreditNoteNumber }) => CreditNoteNumber);
  return {
    ok: true,
    record: {
      CreditNoteID: randomUUID(),
      kind: 'credit_note',
      CreditNoteNumber: number ? String(number) : nextNumber('CN-', taken),
      contactId,
      Date: on,
      Status: element.Status === 'AUTHORISED' ? 'AUTHORISED' : 'DRAFT',
      LineAmountTypes: (element.LineAmountTypes ?? 'Exclusive') as LineAmountTypes,
      lines: read.lines,
      Reference: String(element.Reference ?? ''),
      CurrencyCode: 'AUD',
      allocations: [],
      updatedAt: books.now().toISOString(),
    },
  };
}

function planStatus(before: Credit, status: unknown): Planned<Credit> {
  const id = before.CreditNoteID;
  const isDraft = before.Status === 'DRAFT' || before.Status === 'SUBMITTED';
  if (status === 'AUTHORISED' && isDraft) return { ok: true, record: { ...before, Status: status } };
  if (status === 'DELETED' && isDraft) return { ok: true, record: { ...before, Status: status } };
  if (status === 'VOIDED' && before.Status === 'AUTHORISED' && before.allocations.length === 0) {
    return { ok: true, record: { ...before, Status: status } };
  }
  return { ok: false, id, messages: ['Credit note not of valid status for modification'] };
}

/** What an element would set off of a credit against an invoice. */
export function planAllocation(element: Json, credit: Credit, books: Books): Planned<Allocation> {
  const invoice = isObject(element.Invoice)
    ? books.invoices.get(String(element.Invoice.InvoiceID))
    : undefined;
  const amount = Number(cents(String(element.Amount ?? '0')));
  const on = element.Date === undefined ? today(books.now()) : dateIn(element.Date);
  const messages: string[] = [];
  if (credit.Status !== 'AUTHORISED') messages.push('Credit note not of valid status for allocation');
  if (invoice?.Status !== 'AUTHORISED' || invoice.contactId !== credit.contactId) {
    messages.push('The invoice could not be found, or is not open for allocation');
  } else if (amount > standing(invoice, books).due) {
    messages.push('Allocation amount exceeds the amount outstanding on the document');
  }
  if (amount <= 0 || amount > creditLeft(credit)) {
    messages.push('Allocation amount exceeds the remaining credit');
  }
  if (on === null) messages.push('The Date is not a valid date.');
  else messages.push(...lockProblems(on, books.locks()));
  if (messages.length > 0 || !invoice || on === null) {
    return { ok: false, id: credit.CreditNoteID, messages };
  }
  return {
    ok: true,
    record: { AllocationID: randomUUID(), invoiceId: invoice.InvoiceID, cents: amount, Date: on },
  };
}

/** Sets off, or takes back where `before` holds what was: the invoice moves with it. A credit without a rest is paid. */
export function saveAllocations(credit: Credit, allocations: readonly Allocation[], books: Books): Credit {
  const moved = { ...credit, allocations };
  const Status = creditLeft(moved) === 0 ? ('PAID' as const) : ('AUTHORISED' as const);
  const saved = books.credits.save({ ...moved, Status });
  const touched = new Set([...credit.allocations, ...allocations].map(({ invoiceId }) => invoiceId));
  for (const id of touched) settle(id, books);
  return saved;
}
