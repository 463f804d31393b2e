import type { FieldValue } from '../../../entities/field.ts';
import { created, createInBatches, notCreated } from '../../batches.ts';
import type { CallContext, Create, CreateOutcome } from '../../connector.ts';
import { redactText } from '../../http/redact.ts';
import { type BookRules, daysAfter, lockWords, todayIn } from '../books.ts';
import {
  type Element,
  type ElementKeys,
  elementsPerCall,
  sendCreates,
  type Verdict,
  verdictsOf,
} from '../elements.ts';
import { itemBook } from './item-book.ts';
import type { LineBook } from './lines.ts';
import { isDeleted } from './map.ts';
import { originOf, urlOf } from './origin.ts';
import { listInvoices } from './read.ts';
import { invoice, invoicesAnswer } from './schema.ts';
import { type InvoiceWriting, invoiceElements, linesPart } from './write.ts';

/** One of ours goes by our mark, which is in its address. */
const madeElements: ElementKeys = { ...invoiceElements, name: 'Url' };
/** What was made before then has been listed, and is known by our mark. */
const lately = 2 * 86_400_000;

/**
 * Makes invoices by PUT, fifty a call, never with a number: Xero gives its next one, so that no invoice that is there can be
 * overwritten. Each carries in its `Url` our record's id and the deal's.
 */
export function createInvoices(
  writing: InvoiceWriting,
  creates: readonly Create[],
  { now, call }: { readonly now: () => Date; readonly call: CallContext },
): Promise<CreateOutcome[]> {
  return createInBatches(creates, {
    size: elementsPerCall,
    send: (batch) => sendBatch(writing, batch, { now: now(), call }),
  });
}

async function sendBatch(
  writing: InvoiceWriting,
  batch: readonly Create[],
  { now, call }: { readonly now: Date; readonly call: CallContext },
): Promise<CreateOutcome[]> {
  const { client, newInvoices, taxCodes } = writing;
  const rules = await writing.rules(call);
  const items = await itemBook(client, call);
  const book = { taxCodes, items, account: newInvoices?.account ?? null, held: [] };
  // Nothing in Xero keeps one deal from having two invoices: what is there already is never made again.
  const since = new Date(now.getTime() - lately);
  const there = await findMadeInvoices(writing, batch, { since, call });
  const { outcomes, elements } = sorted(batch, there, { writing, rules, book, now });
  if (elements.size === 0) return outcomes;
  const { verdicts, exchangeId } = await sendCreates(elements, {
    keys: madeElements,
    send: (what) =>
      client.put(
        {
          purpose: 'create invoices',
          method: 'PUT',
          plural: 'Invoices',
          query: { unitdp: '4' },
          shape: invoicesAnswer,
          ...what,
        },
        call,
      ),
    listOf: ({ Invoices }) => Invoices,
    isOf: ({ marker }, name) => originOf(name)?.marker === marker.toLowerCase(),
  });
  return [...outcomes, ...verdicts.flatMap(([create, verdict]) => outcomeOf(create, verdict, exchangeId))];
}

/** What can be sent, and what comes of the rest. */
function sorted(batch: readonly Create[], there: ReadonlyMap<string, string>, making: Making) {
  const outcomes: CreateOutcome[] = [];
  const elements = new Map<Create, Readonly<Record<string, unknown>>>();
  for (const create of batch) {
    const before = there.get(create.marker);
    const made = before === undefined ? newElement(create, making) : null;
    if (before !== undefined) outcomes.push(created(create, before, null));
    else if (made?.kind === 'element') elements.set(create, made.element);
    else if (made) {
      const { reason, ofRecord } = made;
      outcomes.push({ ...notCreated(create, reason, null), ...(ofRecord ? { ofRecord } : {}) });
    }
  }
  return { outcomes, elements };
}

interface Making {
  readonly writing: InvoiceWriting;
  readonly rules: BookRules;
  readonly book: LineBook;
  readonly now: Date;
}

/** A new invoice as Xero takes it, or why none can be made. */
function newElement({ marker, fields, needs = [] }: Create, { writing, rules, book, now }: Making): Element {
  const impossible = (reason: string): Element => ({ kind: 'impossible', reason });
  const lacking = (reason: string): Element => ({ kind: 'impossible', reason, ofRecord: true });
  const { newInvoices } = writing;
  if (!newInvoices) {
    return impossible(
      'the agreement does not say how an invoice begins in Xero: add new_invoices to this connection',
    );
  }
  const number = text(fields.number);
  if (number) return lacking(`the deal names invoice ${number} already, which Truce did not make`);
  const source = text(fields.source);
  if (!source) return lacking('it is not known which deal it is made from');
  const ContactID = needs.find(({ entity }) => entity === 'customer')?.externalId;
  if (!ContactID) return lacking('its customer is not known in Xero');
  const issued = text(fields.issued_on) || (rules.timeZone && todayIn(now, rules.timeZone));
  if (!issued)
    return impossible('Xero names a time zone that Truce does not know, so that today’s date cannot be told');
  const closed = lockWords(issued, rules);
  if (closed) return impossible(closed);
  const lines = linesPart(fields.lines, book);
  if (typeof lines === 'string') return lacking(lines);
  return {
    kind: 'element',
    element: {
      Type: 'ACCREC',
      // Nothing but its id: whatever else is said of a contact here changes the contact.
      Contact: { ContactID },
      Status: newInvoices.status === 'authorised' ? 'AUTHORISED' : 'DRAFT',
      Date: issued,
      DueDate: text(fields.due_on) || daysAfter(issued, newInvoices.dueDays),
      ...lines,
      ...(text(fields.reference) ? { Reference: text(fields.reference) } : {}),
      Url: urlOf({ marker, source, link: text(fields.deal_link) || null }),
    },
  };
}

const text = (value: FieldValue | undefined): string => (value === undefined ? '' : String(value).trim());

/** None where the answer names no id: then it is looked for, and not made again. */
function outcomeOf(create: Create, { id, reason }: Verdict, exchangeId: number): CreateOutcome[] {
  if (reason !== null) return [notCreated(create, redactText(reason), exchangeId)];
  return id === null ? [] : [created(create, id, exchangeId)];
}

/**
 * Which of these were made after all: marker → InvoiceID. From Xero's own list of what our app made, in the order of ids: in no other is
 * one that is saved while we page never passed over. A draft that was thrown away is none: nobody could read it, nor bring it back.
 * `since` null = ever.
 */
export async function findMadeInvoices(
  { client }: Pick<InvoiceWriting, 'client'>,
  creates: readonly Pick<Create, 'marker'>[],
  { since, call }: { readonly since: Date | null; readonly call: CallContext },
): Promise<ReadonlyMap<string, string>> {
  const wanted = new Map(creates.map(({ marker }) => [marker.toLowerCase(), marker]));
  const found = new Map<string, string>();
  if (wanted.size === 0) return found;
  const query = { createdByMyApp: 'true', order: 'InvoiceID ASC' };
  const purpose = 'look for invoices that we made';
  for await (const { data } of listInvoices(client, query, { since, call, purpose })) {
    const kept = data.Invoices.filter((one) => !isThrownAway(one));
    for (const { id, name } of verdictsOf(kept, madeElements)) {
      const marker = wanted.get(originOf(name)?.marker ?? '');
      if (marker !== undefined && id !== null) found.set(marker, id);
    }
    if (found.size === wanted.size) break;
  }
  return found;
}

const thrownAway = invoice.pick({ Status: true });

function isThrownAway(one: unknown): boolean {
  const { success, data } = thrownAway.safeParse(one);
  return success && isDeleted(data);
}
