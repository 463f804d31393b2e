import { randomUUID } from 'node:crypto';
import { isObject } from '../../exchange.ts';
import type { Json } from '../write.ts';
import { accountBy, isBank } from './accounts.ts';
import { dateIn, today } from './dates.ts';
import { cents } from './figures.ts';
import { invoiceByNumber, lockProblems } from './invoices.ts';
import type { Planned } from './items.ts';
import type { Books, Invoice, Payment } from './state.ts';
import { settledStatus, standing } from './sums.ts';

/** A payment that an element would make; nothing of one that is there can be changed but that it is taken back. */
export function planPayment(element: Json, books: Books): Planned<Payment> {
  if (element.PaymentID !== undefined) return planRemoval(element, books);
  const invoice = invoiceOf(element, books);
  const account = accountOf(element.Account);
  const on = element.Date === undefined ? today(books.now()) : dateIn(element.Date);
  const amount = Number(cents(String(element.Amount ?? '0')));
  const messages: string[] = [];
  if (!invoice) messages.push('The invoice could not be found');
  else if (invoice.Status !== 'AUTHORISED') {
    messages.push('Payments can only be made against Authorised documents');
  } else if (amount > standing(invoice, books).due) {
    messages.push('Payment amount exceeds the amount outstanding on this document');
  }
  if (amount <= 0) messages.push('The payment amount must be greater than zero');
  if (!isBank(account)) messages.push('The account could not be found, or takes no payments');
  if (on === null) messages.push('The Date is not a valid date.');
  else messages.push(...lockProblems(on, books.locks()));
  if (messages.length > 0 || !invoice || on === null) return { ok: false, id: null, messages };
  return {
    ok: true,
    record: {
      PaymentID: randomUUID(),
      invoiceId: invoice.InvoiceID,
      Date: on,
      cents: amount,
      accountCode: account?.code ?? '',
      Reference: String(element.Reference ?? ''),
      Status: 'AUTHORISED',
      updatedAt: books.now().toISOString(),
    },
  };
}

function planRemoval({ PaymentID, Status }: Json, books: Books): Planned<Payment> {
  const id = String(PaymentID);
  const held = books.payments.get(id);
  if (!held) return { ok: false, id, messages: [`The payment with the PaymentID ${id} could not be found`] };
  if (Status !== 'DELETED') return { ok: false, id, messages: ['A payment can only be deleted.'] };
  const messages = lockProblems(held.Date, books.locks());
  return messages.length > 0
    ? { ok: false, id, messages }
    : { ok: true, record: { ...held, Status: 'DELETED' } };
}

function invoiceOf({ Invoice: named, InvoiceNumber }: Json, books: Books): Invoice | undefined {
  const { InvoiceID: id, InvoiceNumber: number = InvoiceNumber } = isObject(named) ? named : {};
  return id === undefined ? invoiceByNumber(number ?? '', books) : books.invoices.get(String(id));
}

const accountOf = (named: unknown) =>
  isObject(named) ? accountBy(named.AccountID ?? named.Code ?? '') : undefined;

/** Saves a payment, and its invoice: whatever is paid or taken back moves both. */
export function savePayment(payment: Payment, books: Books): Payment {
  const saved = books.payments.save(payment);
  settle(payment.invoiceId, books);
  return saved;
}

export function settle(invoiceId: string, books: Books): void {
  const invoice = books.invoices.get(invoiceId);
  if (invoice) books.invoices.save({ ...invoice, Status: settledStatus(invoice, books) });
}
