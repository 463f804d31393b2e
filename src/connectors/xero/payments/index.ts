import { notCreated, refused } from '../../batches.ts';
import type { Connector } from '../../connector.ts';
import type { InvoiceBook } from '../invoices/read.ts';
import { idsPerCall } from '../pages.ts';
import { xeroWords } from '../words.ts';
import { projectPayment, supportsPaymentField } from './map.ts';
import { changedPayments, readPayments, resolvePayments } from './read.ts';

const onlyRead = 'what was paid is what Xero says: Truce books no payments';

/** What was paid of Xero's sales invoices. Only ever read. */
export const xeroPayments = (book: InvoiceBook): Connector => ({
  label: xeroWords.label,
  role: 'invoice_payment',
  costs: () => ({
    read: { calls: 1, records: idsPerCall },
    write: { calls: 0, records: 1 },
    create: { calls: 0, records: 1 },
  }),
  lagMs: 5_000,
  overlapMs: 120_000,
  canUpdate: false,
  canCreate: false,
  supports: supportsPaymentField,
  project: projectPayment,
  changed: (since, _until, call) => changedPayments(book, since, call),
  read: (ids, call) => readPayments(book, ids, call),
  write: async (writes) => writes.map((write) => refused(write, onlyRead, null)),
  create: async (creates) => creates.map((one) => notCreated(one, onlyRead, null)),
  findMade: async () => new Map(),
  resolve: (hinted, call) => resolvePayments(book, hinted, call),
});
