import type { Clock } from '../../../clock.ts';
import type { Connector } from '../../connector.ts';
import { elementsPerCall } from '../elements.ts';
import { idsPerCall } from '../pages.ts';
import { xeroWords } from '../words.ts';
import { createInvoices, findMadeInvoices } from './create.ts';
import { givenInvoiceFields, projectInvoice, supportsInvoiceField } from './map.ts';
import { changedInvoices, readInvoices } from './read.ts';
import { type InvoiceWriting, writeInvoices } from './write.ts';

/** Xero's sales invoices. Bills are left alone. */
export const xeroInvoices = (writing: InvoiceWriting, clock: Clock): Connector => ({
  label: xeroWords.label,
  role: 'invoice',
  // Before a write the invoices are read, and the items that lines name; before making some, what we made and the items.
  costs: () => ({
    read: { calls: 1, records: idsPerCall },
    write: { calls: 3, records: elementsPerCall },
    create: { calls: 3, records: elementsPerCall },
  }),
  lagMs: 5_000,
  overlapMs: 120_000,
  canUpdate: true,
  canCreate: true,
  gives: givenInvoiceFields,
  supports: supportsInvoiceField,
  project: projectInvoice,
  changed: (since, _until, call) => changedInvoices(writing, since, call),
  read: async (ids, call) => (await readInvoices(writing, ids, call)).items,
  write: (writes, call) => writeInvoices(writing, writes, call),
  create: (creates, call) => createInvoices(writing, creates, { now: clock.now, call }),
  findMade: (creates, call) => findMadeInvoices(writing, creates, { since: null, call }),
});
