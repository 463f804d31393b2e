import type { NewXeroInvoices } from '../../../agreement/agreement.ts';
import { dateOf } from '../../../entities/dates.ts';
import type { FieldValue } from '../../../entities/field.ts';
import { linesOf } from '../../../entities/invoice-lines.ts';
import { refused, sendInBatches } from '../../batches.ts';
import type { CallContext, Write, WriteOutcome } from '../../connector.ts';
import { type BookRules, lockWords } from '../books.ts';
import { type Element, type ElementKeys, elementsPerCall, sendUpdates } from '../elements.ts';
import { itemBook } from './item-book.ts';
import { type LineBook, lineItems } from './lines.ts';
import { lockedWords } from './map.ts';
import { originOf, urlOf } from './origin.ts';
import { type InvoiceBook, readInvoices } from './read.ts';
import { type Invoice, invoicesAnswer } from './schema.ts';

export const invoiceElements: ElementKeys = { id: 'InvoiceID', name: 'InvoiceNumber' };

/** What invoices are written with. */
export interface InvoiceWriting extends InvoiceBook {
  readonly newInvoices: NewXeroInvoices | null;
}

/**
 * Updates invoices by id, fifty a call, and none that anybody has approved: each is read right before, and goes out with the status
 * that it was read with, so that Xero itself refuses it where somebody approves it meanwhile.
 */
export function writeInvoices(
  writing: InvoiceWriting,
  writes: readonly Write[],
  call: CallContext,
): Promise<WriteOutcome[]> {
  return sendInBatches(writes, {
    size: elementsPerCall,
    send: (batch) => sendBatch(writing, batch, call),
  });
}

async function sendBatch(
  writing: InvoiceWriting,
  batch: readonly Write[],
  call: CallContext,
): Promise<WriteOutcome[]> {
  const ids = batch.map(({ externalId }) => externalId);
  const { held } = await readInvoices(writing, ids, call);
  const touchesLines = batch.some(({ fields }) => 'lines' in fields);
  const items = touchesLines ? await itemBook(writing.client, call) : new Map();
  const rules = await writing.rules(call);
  const { outcomes, elements } = sorted(batch, { writing, held, items, rules });
  const sent = await sendUpdates(elements, {
    keys: invoiceElements,
    send: (what) =>
      writing.client.put(
        {
          ...what,
          purpose: 'update invoices',
          method: 'POST',
          plural: 'Invoices',
          query: { unitdp: '4' },
          shape: invoicesAnswer,
        },
        call,
      ),
    listOf: ({ Invoices }) => Invoices,
  });
  return [...outcomes, ...sent];
}

interface Known {
  readonly writing: InvoiceWriting;
  readonly held: ReadonlyMap<string, Invoice>;
  readonly items: LineBook['items'];
  readonly rules: BookRules;
}

/** What can be sent, and what comes of the rest. */
function sorted(batch: readonly Write[], { writing, held, items, rules }: Known) {
  const { taxCodes, newInvoices } = writing;
  const outcomes: WriteOutcome[] = [];
  const elements = new Map<Write, Record<string, unknown>>();
  for (const write of batch) {
    const before = held.get(write.externalId.toLowerCase());
    const locked = before && lockedWords(before, rules);
    if (!before || locked) {
      const words = locked ?? 'Xero does not have this invoice any more, or it cannot be read';
      outcomes.push(refused(write, words, null));
      continue;
    }
    const book = { taxCodes, items, account: newInvoices?.account ?? null, held: before.LineItems ?? [] };
    const made = invoiceElement(write.fields, before, book);
    const day = made.kind === 'element' ? made.element.Date : undefined;
    const closed = typeof day === 'string' ? lockWords(day, rules) : null;
    if (made.kind === 'impossible') outcomes.push(refused(write, made.reason, null));
    else if (closed) outcomes.push(refused(write, closed, null));
    else elements.set(write, { InvoiceID: write.externalId, Status: before.Status, ...made.element });
  }
  return { outcomes, elements };
}

type Fields = Readonly<Record<string, FieldValue | null>>;

/** What changes of an invoice that is there. Its number, its sums and its status are Xero's own. */
function invoiceElement(fields: Fields, before: Invoice, book: LineBook): Element {
  const element: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(fields)) {
    const part = partOf(field, value, before, book);
    if (typeof part === 'string') return { kind: 'impossible', reason: part };
    Object.assign(element, part);
  }
  return { kind: 'element', element };
}

function partOf(
  field: string,
  value: FieldValue | null,
  before: Invoice,
  book: LineBook,
): Readonly<Record<string, unknown>> | string {
  const origin = originOf(before.Url);
  // Whoever made it, a person or another program, says what is sold on it.
  if (!origin && ofMaker.has(field))
    return `Truce did not make this invoice, and leaves its ${ofMaker.get(field)} alone`;
  switch (field) {
    case 'reference':
      return { Reference: value === null ? '' : String(value) };
    case 'issued_on':
      return dated('Date', value);
    case 'due_on':
      return dated('DueDate', value);
    case 'lines':
      return linesPart(value, book);
    case 'deal_link':
      return origin ? { Url: urlOf({ ...origin, link: value === null ? null : String(value) }) } : {};
    default:
      return ownWords[field] ?? `Xero has no field ${field} of invoices that can be written`;
  }
}

/** What only whoever made an invoice says of it. */
const ofMaker: ReadonlyMap<string, string> = new Map([
  ['lines', 'lines'],
  ['reference', 'reference'],
  ['deal_link', 'link'],
]);

/** Why some fields are never written. */
const ownWords: Readonly<Record<string, string>> = {
  number: 'the invoice number belongs to Xero',
  source: 'which deal an invoice is made from does not change',
  invoice_status: 'people approve and void invoices in Xero',
  invoice_link: 'the invoice’s page is Xero’s own',
  total: 'Xero works the total out from the lines',
  tax: 'Xero works the GST out from the lines',
  amount_due: 'Xero works out what is due',
};

function dated(
  key: 'Date' | 'DueDate',
  value: FieldValue | null,
): Readonly<Record<string, unknown>> | string {
  if (value === null) return 'Xero’s API has no way to clear a date';
  return dateOf(String(value)) ? { [key]: String(value) } : `“${String(value)}” is no date`;
}

/** All lines, which take the place of those before. */
export function linesPart(
  value: FieldValue | null | undefined,
  book: LineBook,
): Readonly<Record<string, unknown>> | string {
  const lines = linesOf(value);
  if (!lines) return 'an invoice needs its lines, and these cannot be read';
  const items = lineItems(lines, book);
  if (typeof items === 'string') return items;
  return {
    LineAmountTypes: lines.prices === 'inclusive' ? 'Inclusive' : 'Exclusive',
    CurrencyCode: lines.currency,
    LineItems: items,
  };
}
