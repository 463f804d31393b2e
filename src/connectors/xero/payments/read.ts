import type { CallContext, ReadItem } from '../../connector.ts';
import { idOfItem } from '../../records.ts';
import { pageSize } from '../client.ts';
import { changedInvoices, type InvoiceBook, readInvoices, type View } from '../invoices/read.ts';
import { creditNotesAnswer, paymentsAnswer } from '../invoices/schema.ts';
import { pagesOf } from '../pages.ts';
import { paymentMapped, paymentObservation } from './map.ts';

const paid: View = { observe: paymentObservation, mapped: paymentMapped };

/**
 * What was paid of invoices that were modified since; then of those of which a payment was made or taken back, in case Xero did not
 * move the invoice with it.
 */
export async function* changedPayments(
  book: InvoiceBook,
  since: Date | null,
  call: CallContext,
): AsyncGenerator<readonly ReadItem[]> {
  const seen = new Set<string>();
  for await (const items of changedInvoices(book, since, call, paid)) {
    for (const one of items) seen.add(idOfItem(one).toLowerCase());
    yield items;
  }
  if (since === null) return;
  const moved = (await paidSince(book, since, call)).filter((id) => !seen.has(id));
  if (moved.length > 0) yield await readPayments(book, moved, call);
}

/** The invoices of payments that were made or taken back since. */
async function paidSince(
  { client }: InvoiceBook,
  since: Date,
  call: CallContext,
): Promise<readonly string[]> {
  const ids = new Set<string>();
  const pages = pagesOf(
    (page) =>
      client.get(
        {
          purpose: 'read changed payments',
          path: 'Payments',
          query: { page: String(page), pageSize: String(pageSize) },
          since,
          shape: paymentsAnswer,
        },
        call,
      ),
    ({ Payments }) => Payments.length,
  );
  for await (const { data } of pages) {
    for (const { Invoice: of } of data.Payments) {
      if (of?.InvoiceID && of.Type === 'ACCREC') ids.add(of.InvoiceID.toLowerCase());
    }
  }
  return [...ids];
}

export const readPayments = async (
  book: InvoiceBook,
  ids: readonly string[],
  call: CallContext,
): Promise<readonly ReadItem[]> => (await readInvoices(book, ids, call, paid)).items;

/** What a webhook said of a credit note: it names the note, and not the invoices that it was set off against. */
export const creditNoteHint = 'credit-note:';

/** The invoices that hints are about. A note that is not there, or is set off against nothing, names none. */
export async function resolvePayments(
  { client }: InvoiceBook,
  hinted: readonly string[],
  call: CallContext,
): Promise<readonly string[]> {
  const ids = new Set(hinted.filter((id) => !id.startsWith(creditNoteHint)));
  for (const hint of hinted.filter((id) => id.startsWith(creditNoteHint))) {
    const path = `CreditNotes/${encodeURIComponent(hint.slice(creditNoteHint.length))}`;
    const what = { purpose: 'read a credit note', path, shape: creditNotesAnswer } as const;
    const answer = await client.find(what, call);
    for (const { Allocations } of answer?.data.CreditNotes ?? []) {
      for (const { Invoice: against } of Allocations ?? [])
        if (against?.InvoiceID) ids.add(against.InvoiceID);
    }
  }
  return [...ids];
}
