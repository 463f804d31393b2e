import { type Answer, type Call, empty, isObject, jsonObject } from '../../exchange.ts';
import { exception, notFound } from '../errors.ts';
import type { Idempotency } from '../idempotency.ts';
import { flag, isUuid, type Listing, listed, listRecords } from '../read.ts';
import { wrapped } from '../wire.ts';
import { type Json, type PlannedElement, type Resource, writeElements } from '../write.ts';
import { accountBody, accountRecords } from './accounts.ts';
import { allocationBody, creditBody, invoiceBody, paymentBody } from './bodies.ts';
import { creditBy, planAllocation, planCredit, saveAllocations } from './credits.ts';
import { invoiceByNumber, planInvoice } from './invoices.ts';
import { itemBody, itemByCode, type Planned, planItem } from './items.ts';
import { planPayment, savePayment } from './payments.ts';
import type { Books, Credit, Invoice, Item, Payment } from './state.ts';

interface Room {
  readonly books: Books;
  readonly once: Idempotency;
  readonly now: Date;
  /** Who calls. */
  readonly clientId: string;
}

/** The kinds of record here, with what a list is called and what names one of it. */
export const bookNames = {
  Items: 'ItemID',
  Invoices: 'InvoiceID',
  Payments: 'PaymentID',
  CreditNotes: 'CreditNoteID',
} as const;
type Kind = keyof typeof bookNames;

export const isBookKind = (resource: string): resource is Kind => Object.hasOwn(bookNames, resource);

/** Two decimals of a price, or four. */
const decimalsOf = (call: Call) => (call.query.get('unitdp') === '4' ? 4 : 2);
const methods = { one: ['POST'], list: ['POST', 'PUT'] } as const;

/** `/Items`, `/Invoices`, `/Payments`, `/CreditNotes`, and one of each. */
export function answerBooks(call: Call, kind: Kind, one: string | null, room: Room): Answer {
  const { books, once, now } = room;
  if (call.method === 'GET') return one === null ? list(call, kind, room) : readOne(call, kind, one, room);
  if (call.method === 'DELETE' && kind === 'Items' && one !== null) return deleteItem(one, books);
  const allowed: readonly string[] = one === null ? methods.list : methods.one;
  if (!allowed.includes(call.method)) return empty(405);
  const resource: Resource = {
    plural: kind,
    idKey: bookNames[kind],
    plan: (element) => plan(call, kind, element, room),
    together: books.together,
  };
  return once(call, () => writeElements(call, one, resource, now));
}

export const listAccounts = (call: Call, now: Date): Answer =>
  listRecords(
    call,
    {
      plural: 'Accounts',
      isPaged: false,
      all: () => accountRecords,
      orders: { Code: ({ code }) => code },
      order: 'Code ASC',
      body: accountBody,
    },
    now,
  );

function deleteItem(id: string, books: Books): Answer {
  if (!books.items.get(id)) return notFound();
  books.together(() => books.items.delete(id));
  return empty(204);
}

function plan(call: Call, kind: Kind, element: Json, { books, clientId }: Room): PlannedElement {
  const createOnly = call.method === 'PUT';
  const decimals = decimalsOf(call);
  const telling = { books, decimals, whole: true };
  switch (kind) {
    case 'Items':
      return then(planItem(element, books, { createOnly, decimals }), (item) =>
        itemBody(books.items.save(item), decimals),
      );
    case 'Invoices': {
      const planned = planInvoice(element, books, { createOnly, decimals, madeBy: clientId });
      const quietly = planned.quietly ? 'quietly' : undefined;
      return then(planned, (invoice) => invoiceBody(books.invoices.save(invoice, quietly), telling));
    }
    case 'Payments':
      return then(planPayment(element, books), (payment) =>
        paymentBody(savePayment(payment, books), telling),
      );
    case 'CreditNotes':
      return then(planCredit(element, books, { createOnly, decimals }), (credit) =>
        creditBody(books.credits.save(credit), telling),
      );
  }
}

const then = <T>(planned: Planned<T>, save: (record: T) => Json): PlannedElement =>
  planned.ok ? { ok: true, save: () => save(planned.record) } : planned;

function list(call: Call, kind: Kind, room: Room): Answer {
  switch (kind) {
    case 'Items':
      return listRecords(call, itemListing(call, room), room.now);
    case 'Invoices':
      return listRecords(call, invoiceListing(call, room), room.now);
    case 'Payments':
      return listRecords(call, paymentListing(room), room.now);
    case 'CreditNotes':
      return listRecords(call, creditListing(call, room), room.now);
  }
}

const itemListing = (call: Call, { books }: Room): Listing<Item> => ({
  plural: 'Items',
  isPaged: false,
  all: books.items.all,
  orders: { Code: ({ Code }) => Code, UpdatedDateUTC: ({ updatedAt }) => updatedAt },
  order: 'Code ASC',
  body: (item) => itemBody(item, decimalsOf(call)),
});

const paymentListing = ({ books }: Room): Listing<Payment> => ({
  plural: 'Payments',
  isPaged: true,
  all: books.payments.all,
  orders: { UpdatedDateUTC: ({ updatedAt }) => updatedAt, PaymentID: ({ PaymentID }) => PaymentID },
  order: 'UpdatedDateUTC ASC',
  body: (payment) => paymentBody(payment, { books }),
});

const creditListing = (call: Call, { books }: Room): Listing<Credit> => ({
  plural: 'CreditNotes',
  isPaged: true,
  all: () => books.credits.all().filter(({ kind }) => kind === 'credit_note'),
  orders: { UpdatedDateUTC: ({ updatedAt }) => updatedAt },
  order: 'UpdatedDateUTC ASC',
  body: (credit, whole) => creditBody(credit, { books, decimals: decimalsOf(call), whole }),
});

function invoiceListing(call: Call, { books, clientId }: Room): Listing<Invoice> {
  const [ids, numbers, contacts, statuses] = ['IDs', 'InvoiceNumbers', 'ContactIDs', 'Statuses'].map((name) =>
    listed(call, name),
  );
  const among = (chosen: readonly string[] | null | undefined, value: string) =>
    !chosen || chosen.includes(value.toLowerCase());
  const oursOnly = flag(call, 'createdByMyApp');
  return {
    plural: 'Invoices',
    isPaged: true,
    all: books.invoices.all,
    orders: {
      InvoiceID: ({ InvoiceID }) => InvoiceID,
      UpdatedDateUTC: ({ updatedAt }) => updatedAt,
      InvoiceNumber: ({ InvoiceNumber }) => InvoiceNumber,
      Date: (invoice) => invoice.Date,
    },
    order: 'UpdatedDateUTC ASC',
    fits: (invoice) =>
      among(ids, invoice.InvoiceID) &&
      among(numbers, invoice.InvoiceNumber) &&
      among(contacts, invoice.contactId) &&
      among(statuses, invoice.Status) &&
      (!oursOnly || invoice.madeBy === clientId),
    body: (invoice, whole) => invoiceBody(invoice, { books, decimals: decimalsOf(call), whole }),
  };
}

/** What looks like an id is taken for one, anything else for a number or code. */
function readOne(call: Call, kind: Kind, key: string, { books, now }: Room): Answer {
  const decimals = decimalsOf(call);
  const telling = { books, decimals, whole: true };
  const isId = isUuid(key);
  const found = (): Json | undefined => {
    switch (kind) {
      case 'Items': {
        const item = isId ? books.items.get(key) : itemByCode(key, books);
        return item && itemBody(item, decimals);
      }
      case 'Invoices': {
        const invoice = isId ? books.invoices.get(key) : invoiceByNumber(key, books);
        return invoice && invoiceBody(invoice, telling);
      }
      case 'Payments': {
        const payment = books.payments.get(key);
        return payment && paymentBody(payment, telling);
      }
      case 'CreditNotes': {
        const credit = creditBy(key, books);
        return credit && creditBody(credit, telling);
      }
    }
  };
  const body = found();
  return body ? wrapped(call, now, { [kind]: [body] }) : notFound();
}

/** `PUT /CreditNotes/{id}/Allocations`, `DELETE /CreditNotes/{id}/Allocations/{AllocationID}`. */
export function answerAllocations(
  call: Call,
  creditId: string,
  allocationId: string | null,
  { books, once, now }: Room,
): Answer {
  const credit = creditBy(creditId, books);
  if (!credit) return notFound();
  if (call.method === 'DELETE' && allocationId !== null)
    return takeBack(call, credit, allocationId, { books, now });
  if (call.method !== 'PUT' || allocationId !== null) return empty(405);
  return once(call, () => {
    const body = jsonObject(call);
    const elements = Array.isArray(body?.Allocations) ? body.Allocations : [body];
    const [element, ...more] = elements.filter(isObject);
    if (!element || more.length > 0) {
      return exception(call, { number: 14, message: 'The posted data could not be read as an allocation' });
    }
    const planned = planAllocation(element, credit, books);
    if (!planned.ok) {
      const refused = { ...element, ValidationErrors: planned.messages.map((Message) => ({ Message })) };
      return exception(call, { number: 10, message: 'A validation exception occurred', elements: [refused] });
    }
    books.together(() => saveAllocations(credit, [...credit.allocations, planned.record], books));
    return wrapped(call, now, { Allocations: [allocationBody(planned.record, books)] });
  });
}

function takeBack(
  call: Call,
  credit: Credit,
  allocationId: string,
  { books, now }: Pick<Room, 'books' | 'now'>,
): Answer {
  const found = credit.allocations.find(({ AllocationID }) => AllocationID === allocationId.toLowerCase());
  if (!found) return notFound();
  const rest = credit.allocations.filter((one) => one !== found);
  books.together(() => saveAllocations(credit, rest, books));
  return wrapped(call, now, { Allocations: [{ AllocationID: allocationId, IsDeleted: true }] });
}
