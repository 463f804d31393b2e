import type { TaxCodes } from '../../../agreement/agreement.ts';
import { inChunks } from '../../batches.ts';
import type { CallContext, Drift, Observation, ReadItem } from '../../connector.ts';
import { driftFinder } from '../../drift.ts';
import type { Answer } from '../../http/call.ts';
import { malformedItems, oneEach, readItem, sortOut } from '../../records.ts';
import { setAside } from '../../set-aside.ts';
import type { BookRules, ReadBookRules } from '../books.ts';
import { pageSize, type XeroClient } from '../client.ts';
import { idsPerCall, pagesOf } from '../pages.ts';
import { invoiceMapped, invoiceObservation, isDeleted, isOpen, isSale } from './map.ts';
import { type Invoice, invoice, invoiceKeys, invoicesAnswer } from './schema.ts';

/** What invoices are read with in one account. */
export interface InvoiceBook {
  readonly client: XeroClient;
  readonly taxCodes: TaxCodes;
  readonly rules: ReadBookRules;
}

type Invoices = Answer<{
  readonly Invoices: readonly unknown[];
  readonly pagination?: { readonly pageCount: number } | null | undefined;
}>;

/** What is seen in an invoice: itself, or what was paid of it. */
export interface View {
  readonly observe: (one: Invoice, more: { drift: readonly Drift[]; rules: BookRules | null }) => Observation;
  /** Our fields → Xero's keys that they are made of. */
  readonly mapped: Readonly<Record<string, readonly string[]>>;
}

/** With all decimals; lines come only with a page. */
const whole = { page: '1', pageSize: '100', unitdp: '4' } as const;

const itself = ({ taxCodes }: InvoiceBook): View => ({
  observe: (one, more) => invoiceObservation(one, { ...more, taxCodes }),
  mapped: invoiceMapped,
});

export const listInvoices = (
  client: XeroClient,
  query: Readonly<Record<string, string>>,
  {
    since,
    call,
    purpose,
  }: { readonly since: Date | null; readonly call: CallContext; readonly purpose: string },
): AsyncGenerator<Invoices> =>
  pagesOf(
    (page) =>
      client.get(
        {
          purpose,
          path: 'Invoices',
          query: { ...whole, ...query, page: String(page), pageSize: String(pageSize) },
          since,
          shape: invoicesAnswer,
        },
        call,
      ),
    ({ Invoices }) => Invoices.length,
  );

/** Pages of invoices modified since. In the order of ids one that is saved while we page pushes others back, never past us. */
export async function* changedInvoices(
  book: InvoiceBook,
  since: Date | null,
  call: CallContext,
  view: View = itself(book),
): AsyncGenerator<readonly ReadItem[]> {
  const query = { order: 'InvoiceID ASC' };
  for await (const answer of listInvoices(book.client, query, {
    since,
    call,
    purpose: 'read changed invoices',
  })) {
    const { items } = await readAnswer(book, answer, view, call);
    if (items.length > 0) yield items;
  }
}

export interface InvoicesRead {
  readonly items: ReadItem[];
  /** As Xero sent them, by id in lower case; only those that could be read. */
  readonly held: ReadonlyMap<string, Invoice>;
}

/** Invoices by id, one item for each. */
export async function readInvoices(
  book: InvoiceBook,
  ids: readonly string[],
  call: CallContext,
  view: View = itself(book),
): Promise<InvoicesRead> {
  const items: ReadItem[] = [];
  const held = new Map<string, Invoice>();
  for (const batch of inChunks(ids, idsPerCall)) {
    const query = { ...whole, IDs: batch.join(',') };
    const what = { purpose: 'read invoices', path: 'Invoices', query, shape: invoicesAnswer } as const;
    const answer = await book.client.get(what, call);
    const read = await readAnswer(book, answer, view, call);
    const { exchangeId } = answer;
    for (const one of read.good) held.set(one.InvoiceID.toLowerCase(), one);
    items.push(...oneEach(batch, read.items, { exchangeId, unnamed: read.unnamed }));
  }
  return { items, held };
}

/** Bills are none of ours; a draft that was thrown away is gone. */
async function readAnswer(
  { rules }: InvoiceBook,
  { data, exchangeId, drifts }: Invoices,
  { observe, mapped }: View,
  call: CallContext,
) {
  const { records, lost } = setAside(data.Invoices, 'Invoices[]', drifts);
  const sorted = sortOut(records, invoice, ({ InvoiceID }) => InvoiceID);
  const sales = sorted.good.filter(isSale);
  // Only what is not approved yet can be in a closed period and open.
  const closed = sales.some(isOpen) ? await rules(call) : null;
  const driftOf = driftFinder(sales, { mapped, documented: invoiceKeys, lost });
  const items = sales.map((one): ReadItem => {
    if (isDeleted(one)) return { kind: 'gone', externalId: one.InvoiceID, exchangeId };
    const drift = driftOf(one).flatMap((drift) => likely(drift, one));
    return readItem(observe(one, { drift, rules: closed }), exchangeId);
  });
  return {
    good: sales,
    items: [...items, ...malformedItems(sorted, exchangeId)],
    unnamed: sorted.bad.some(({ externalId }) => externalId === null),
  };
}

/** Dates that many invoices lack are missed only where a strange key holds a date. */
function likely(drift: Drift, one: Invoice): Drift[] {
  if (!/Date$/.test(drift.expected) || drift.was !== undefined) return [drift];
  const found = drift.found.filter((key) => /^\/Date\(/.test(String(one[key])));
  return found.length > 0 ? [{ ...drift, found }] : [];
}
