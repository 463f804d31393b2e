import fc from 'fast-check';
import { linesValue } from '#src/entities/invoice-lines.ts';
import type { BooksSeed, Credit, Invoice, Item, Line } from '#src/playground/vendors/xero/books/state.ts';
import { type PracticeXero, startXero } from '#src/playground/vendors/xero/server.ts';
import { type Practice, practiceStage } from './practice-stage.ts';
import type { Subject } from './subject.ts';
import { customConnection, seeded, uuid } from './xero.ts';

const at = '2026-11-19T00:00:00.000Z';
const customer = uuid(50);

const item = (n: number, Code: string, more: Partial<Item> = {}): Item => ({
  ...{ ItemID: uuid(n), Code, Name: `Thing ${n}`, Description: '', PurchaseDescription: '' },
  ...{ IsSold: true, IsPurchased: true, SalesDetails: {}, PurchaseDetails: {}, updatedAt: at },
  ...more,
});

export const line = (n: number, more: Partial<Line> = {}): Line => ({
  ...{ LineItemID: uuid(n), Description: 'Work', ItemCode: '', AccountCode: '200', TaxType: 'OUTPUT' },
  ...{ Quantity: '1', UnitAmount: '100', DiscountRate: '', DiscountAmount: '', givenTax: null },
  ...more,
});

export const invoice = (n: number, more: Partial<Invoice> = {}): Invoice => ({
  ...{ InvoiceID: uuid(n), Type: 'ACCREC', InvoiceNumber: `INV-${n}`, contactId: customer, Reference: '' },
  ...{ Date: '2026-11-10', DueDate: '2026-12-10', Status: 'DRAFT', LineAmountTypes: 'Exclusive' },
  ...{ lines: [line(9000 + n)], Url: '', CurrencyCode: 'AUD', SentToContact: false, madeBy: null },
  updatedAt: at,
  ...more,
});

const taxCodes = {
  gst: 'OUTPUT',
  gst_free: 'EXEMPTOUTPUT',
  export: 'EXEMPTEXPORT',
  input_taxed: 'INPUTTAXED',
};
const hasOpened = (n: number) => ({ length: n });

/** The practice Xero with these books, told to a connector of one kind of record. */
export const practice = (
  entity: string,
  books: (count: number) => BooksSeed,
  more: Pick<Practice<'xero'>, 'more' | 'moreIds' | 'probeEdit' | 'renamed'> & Partial<Practice<'xero'>>,
): Practice<'xero'> => ({
  system: 'xero',
  entity,
  start: (store, clock, count) =>
    startXero({ store, clock, seed: [seeded(50, 'ACME PTY LTD')], books: books(count) }),
  terms: {
    credentials: customConnection,
    taxCodes,
    newInvoices: { status: 'draft', account: '200', dueDays: 30 },
  },
  expire: (vendor) => (vendor as PracticeXero).revokeTokens(),
  ...more,
});

const xeroOf = (vendor: unknown) => vendor as PracticeXero;
const text = (most: number) =>
  fc
    .string({ minLength: 1, maxLength: most, unit: 'grapheme-ascii' })
    .map((typed) => typed.trim().replace(/\s+/g, ' '))
    .filter((typed) => typed !== '');
const decimal = (whole: number, digits: number) =>
  fc
    .tuple(fc.integer({ min: 0, max: whole }), fc.integer({ min: 0, max: 10 ** digits - 1 }))
    .map(([left, right]) => String(Number(`${left}.${String(right).padStart(digits, '0')}`)));
const treatment = fc.constantFrom(...Object.keys(taxCodes));

const items = practice(
  'product',
  () => ({
    items: [
      item(1, 'DK-140', {
        Name: 'Decking',
        Description: 'By the metre',
        SalesDetails: { UnitPrice: '11.4567', AccountCode: '200', TaxType: 'OUTPUT' },
        PurchaseDetails: { UnitPrice: '7.2', AccountCode: '310', TaxType: 'INPUT' },
      }),
      item(2, 'SC-50'),
      item(3, 'PN-45'),
    ],
  }),
  {
    more: 0,
    moreIds: () => [],
    probeEdit: (Name) => ({ Name }),
    renamed: { field: 'cost', expected: 'PurchaseDetails', found: 'BuyingDetails' },
    remove: async (vendor, id) => xeroOf(vendor).items.remove(id),
  },
);

export const xeroItems: Subject = {
  system: 'xero',
  entity: 'product',
  open: (how) => practiceStage(items, how),
  ids: [uuid(1), uuid(2), uuid(3)],
  absentId: uuid(9),
  fields: {
    sku: 'DK-MER-140',
    name: 'Merbau decking',
    description: 'Kiln dried',
    sell_price: '12.0001',
    cost: '0.0614',
    tax_treatment: 'gst_free',
  },
  probe: { field: 'name', value: (n) => `Renamed ${n}` },
  repeatable: { name: 'Once more' },
  values: fc.record({
    name: text(50),
    description: text(200),
    sell_price: decimal(99_999, 4),
    cost: decimal(99_999, 4),
    tax_treatment: treatment,
  }),
  clearable: ['name', 'description'],
  refused: { fields: { sku: 'sc-50' }, reason: /already exists/ },
  fresh: {
    sku: 'GD-POT-300',
    name: 'Terracotta pot',
    description: '300 mm',
    sell_price: '24.5',
    cost: '12.6',
    tax_treatment: 'gst',
  },
  nameField: 'sku',
  account: 'Example Trading Co Pty Ltd',
  cannot: {
    mark: 'an item has no place for one: its code is unique',
    'mark later': 'an item has no place for one',
    status: 'items have none',
    pages: 'items come in one list',
    'late listing': 'it lists from its database at once',
    archived: 'items have no status',
    'archived in lists': 'items have no status',
  },
};

const marker = '00000000-0000-4000-8000-0000000000aa';
const url = `https://app.hubspot.example/deal/9000#truce=${marker}.9000`;

/** An invoice that Truce made: of others it writes neither lines nor reference. */
const made = (n: number) =>
  invoice(n, { Url: `https://app.hubspot.example/deal/${n}#truce=${uuid(50_000 + n)}.${n}` });

const invoices = practice(
  'invoice',
  (count) => ({
    items: [item(1, 'DK-140', { SalesDetails: { AccountCode: '260' } })],
    invoices: [
      invoice(1, { Reference: 'Deck', Url: url, lines: [line(1, { ItemCode: 'DK-140', Quantity: '2' })] }),
      made(2),
      made(3),
      ...Array.from(hasOpened(count), (_, n) => made(100 + n)),
    ],
  }),
  {
    more: 1_001,
    moreIds: (count) => Array.from(hasOpened(count), (_, n) => uuid(100 + n)),
    probeEdit: (Reference) => ({ Reference }),
    renamed: { field: 'tax', expected: 'TotalTax', found: 'TaxTotal' },
    remove: async (vendor, id) => xeroOf(vendor).invoices.delete(id),
  },
);

const lineArbitrary = fc.record({
  sku: fc.constantFrom('DK-140', null),
  description: text(60),
  quantity: decimal(999, 4),
  unit_price: decimal(9_999, 4),
  discount: fc.oneof(fc.constant('0'), decimal(99, 2)),
  tax: treatment,
});
const linesOfInvoice = fc
  .record({
    prices: fc.constantFrom('exclusive' as const, 'inclusive' as const),
    lines: fc.array(lineArbitrary, { minLength: 1, maxLength: 6 }),
  })
  .map((all) => linesValue({ currency: 'AUD', ...all }));

/** To the same sums as before, so that nothing but the lines changes. */
const otherLines = linesValue({
  currency: 'AUD',
  prices: 'exclusive',
  lines: [
    { sku: 'DK-140', description: 'Decking', quantity: '1.5', unit_price: '100', tax: 'gst' },
    { sku: null, description: 'Laying', quantity: '1', unit_price: '62.5', discount: '20', tax: 'gst' },
  ],
});

export const xeroInvoices: Subject = {
  system: 'xero',
  entity: 'invoice',
  open: (how) => practiceStage(invoices, how),
  ids: [uuid(1), uuid(2), uuid(3)],
  absentId: uuid(9),
  marker,
  fields: {
    reference: 'Deck, second stage',
    issued_on: '2026-11-12',
    due_on: '2026-11-26',
    lines: otherLines,
    deal_link: 'https://app.hubspot.example/deal/9000/new',
  },
  readOnly: ['source', 'number', 'total', 'tax', 'amount_due', 'invoice_status', 'invoice_link'],
  probe: { field: 'reference', value: (n) => `PO ${n}` },
  repeatable: { reference: 'PO 7' },
  values: fc.record({ reference: text(255), lines: linesOfInvoice }),
  clearable: ['reference', 'deal_link'],
  refused: {
    fields: {
      lines: linesValue({
        currency: 'AUD',
        prices: 'exclusive',
        lines: [{ sku: null, description: 'Gate', quantity: '1', unit_price: '1', tax: 'TAX001' }],
      }),
    },
    reason: /line 1 \(Gate\) has the GST code “TAX001”/,
  },
  fresh: {
    source: '9001',
    reference: 'Verandah',
    lines: otherLines,
    deal_link: 'https://app.hubspot.example/deal/9001',
  },
  freshNeeds: [{ entity: 'customer', externalId: customer }],
  nameField: 'source',
  account: 'Example Trading Co Pty Ltd',
  cannot: {
    'mark later': 'an invoice’s link is for people, and one that is approved is never written',
    'unique names': 'Xero takes any number of invoices of one deal; our own mark keeps it at one',
    status: 'invoices have a status of their own',
    'late listing': 'it lists from its database at once',
    archived: 'invoices are not archived',
    'archived in lists': 'invoices are not archived',
  },
};

const credit: Credit = {
  ...{ CreditNoteID: uuid(70), kind: 'credit_note', CreditNoteNumber: 'CN-0012', contactId: customer },
  ...{ Date: '2026-11-15', Status: 'PAID', LineAmountTypes: 'Inclusive', Reference: '', CurrencyCode: 'AUD' },
  lines: [line(71, { UnitAmount: '30.5' })],
  allocations: [{ AllocationID: uuid(72), invoiceId: uuid(1), cents: 3050, Date: '2026-11-15' }],
  updatedAt: at,
};

const payments = practice(
  'payment',
  (count) => ({
    invoices: [
      invoice(1, { Status: 'PAID' }),
      invoice(2, { Status: 'AUTHORISED' }),
      invoice(3, { Status: 'AUTHORISED' }),
      ...Array.from(hasOpened(count), (_, n) => invoice(100 + n)),
    ],
    payments: [
      {
        ...{ PaymentID: uuid(60), invoiceId: uuid(1), Date: '2026-11-16', cents: 7950, accountCode: '090' },
        ...{ Reference: '', Status: 'AUTHORISED', updatedAt: at },
      },
    ],
    credits: [credit],
  }),
  {
    more: 1_001,
    moreIds: (count) => Array.from(hasOpened(count), (_, n) => uuid(100 + n)),
    probeEdit: (InvoiceNumber) => ({ InvoiceNumber }),
    renamed: { field: 'paid_on', expected: 'FullyPaidOnDate', found: 'PaidInFullOn' },
  },
);

export const xeroPayments: Subject = {
  system: 'xero',
  entity: 'payment',
  open: (how) => practiceStage(payments, how),
  ids: [uuid(1), uuid(2), uuid(3)],
  absentId: uuid(9),
  fields: {},
  readOnly: ['number', 'payment_status', 'amount_paid', 'amount_credited', 'paid_on', 'credit_notes'],
  probe: { field: 'number', value: (n) => `SALE-${n}` },
  clearable: [],
  refused: null,
  fresh: null,
  nameField: 'number',
  account: 'Example Trading Co Pty Ltd',
  cannot: {
    update: 'what was paid is what Xero says',
    create: 'Truce books no payments',
    mark: 'none are made',
    'mark later': 'nothing is written',
    'unique names': 'none are made',
    status: 'it has a status of its own',
    'late listing': 'it lists from its database at once',
    archived: 'invoices are not archived',
    'archived in lists': 'invoices are not archived',
    removal: 'an approved invoice cannot be deleted',
    'lost answers': 'nothing is written',
  },
};
