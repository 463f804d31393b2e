import fc from 'fast-check';
import { type Crm, startHubSpot } from '#src/playground/vendors/hubspot/server.ts';
import type { PracticeVendor } from '#src/playground/vendors/vendor.ts';
import { hubspot } from './hubspot.ts';
import { deal, deals, number, priya, products, seeded } from './hubspot-sales-seeds.ts';
import { type Practice, practiceStage } from './practice-stage.ts';
import type { Subject } from './subject.ts';

const crmOf = (vendor: PracticeVendor) => (vendor as PracticeVendor & { readonly crm: Crm }).crm;
const more = 201;
const range = (count: number) => Array.from({ length: count }, (_, n) => 2000 + n);

const common = {
  system: 'hubspot',
  more,
  moreIds: (count: number) => range(count).map(String),
  terms: { credentials: { token: 'HUBSPOT_TOKEN', webhook_secret: 'HUBSPOT_CLIENT_SECRET' } },
} as const;

const library = (entity: string): Pick<Practice<'hubspot'>, 'entity' | 'start' | 'archive'> => ({
  entity,
  start: (store, clock, count) => {
    const others = range(count).map((id) => seeded(id, { hs_sku: `P-${id}`, name: `Product ${id}` }));
    return startHubSpot({ store, clock, products: [...products, ...others] });
  },
  archive: async (vendor, id) => crmOf(vendor).products.archive(id, priya),
});
const sales = (entity: string): Pick<Practice<'hubspot'>, 'entity' | 'start' | 'archive'> => ({
  entity,
  start: (store, clock, count) => {
    const others = range(count).map((id) => deal(id, number(id)));
    return startHubSpot({
      store,
      clock,
      seed: [seeded(601, { name: 'Acme' })],
      products,
      deals: [...deals, ...others],
    });
  },
  archive: async (vendor, id) => crmOf(vendor).deals.archive(id, priya),
});

const text = fc.string({ minLength: 1, maxLength: 200, unit: 'grapheme' }).filter((one) => one.trim() !== '');
const decimal = fc
  .tuple(fc.integer({ min: 0, max: 99_999_999 }), fc.integer({ min: 0, max: 9_999 }))
  .map(([whole, part]) => `${whole}.${String(part).padStart(4, '0')}`);
const amount = fc.integer({ min: 0, max: 10 ** 11 }).map((minor) => ({ minor, currency: 'AUD' }) as const);
const day = fc
  .date({ min: new Date('2000-01-01'), max: new Date('2079-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const some = { requiredKeys: [] as never[], noNullPrototype: true } as const;

const about = {
  system: 'hubspot',
  account: hubspot.account,
  absentId: '999',
} as const;
const { 'late listing': late, 'renewed sign-in': renewed, 'archived in lists': bin } = hubspot.cannot;
const always = {
  'late listing': late ?? '',
  'renewed sign-in': renewed ?? '',
  'archived in lists': bin ?? '',
  'unique names': 'records may share a name',
  removal: 'what is in the recycle bin is archived, not gone',
};
const unmade = {
  ...always,
  'mark later': 'Truce makes none, so they have no property for it',
  create: 'a salesperson wins deals',
  status: 'it has a stage instead',
};

export const hubspotProducts: Subject = {
  ...about,
  entity: 'product',
  open: (how) =>
    practiceStage(
      {
        ...common,
        ...library('product'),
        probeEdit: (name) => ({ name }),
        renamed: { field: 'unit', expected: 'truce_unit', found: 'truce_unit_of_measure' },
      },
      how,
    ),
  ids: ['701', '702', '703'],
  fields: {
    sku: 'DK-MER-140',
    name: 'Merbau decking 140 x 19 mm',
    description: 'Kiln dried, random lengths.\nSold by the metre.',
    sell_price: '12.0375',
    cost: '7.25',
    tax_treatment: 'gst_free',
    unit: 'Item',
  },
  probe: { field: 'name', value: (n) => `Merbau ${n}` },
  repeatable: { name: 'Merbau again' },
  values: fc.record(
    {
      sku: fc.constantFrom('DK-140', 'Dk 140/B', 'ÄÖ-1'),
      name: text,
      description: text,
      sell_price: decimal,
      cost: decimal,
      tax_treatment: fc.constantFrom('gst', 'gst_free', 'export'),
      unit: fc.constantFrom('Item', 'm', 'kg'),
    },
    some,
  ),
  clearable: ['description', 'sell_price', 'cost', 'tax_treatment', 'unit'],
  refused: { fields: { tax_treatment: 'tax holiday' }, reason: /tax holiday/ },
  fresh: {
    sku: 'GD-HOSE-20',
    name: 'Garden hose 20 m',
    description: 'Kink-resistant',
    sell_price: '39.95',
    cost: '21.1504',
    tax_treatment: 'gst',
    unit: 'Item',
    status: 'active',
  },
  nameField: 'name',
  cannot: always,
};

export const hubspotStock: Subject = {
  ...about,
  entity: 'stock_level',
  open: (how) =>
    practiceStage(
      {
        ...common,
        ...library('stock_level'),
        screen: 'product',
        probeEdit: (onHand) => ({ truce_stock_on_hand: onHand }),
        renamed: { field: 'locations', expected: 'truce_stock_locations', found: 'truce_stock_places' },
      },
      how,
    ),
  ids: ['701', '702', '703'],
  fields: {
    on_hand: '12.25',
    allocated: '0',
    available: '-3',
    locations: 'Sydney: 12.25 on hand, 0 allocated, 12.25 available',
  },
  readOnly: ['sku'],
  probe: { field: 'on_hand', value: (n) => `${n + 7}.5` },
  repeatable: { on_hand: '3' },
  values: fc.record({ on_hand: decimal, allocated: decimal, available: decimal, locations: text }, some),
  clearable: ['on_hand', 'allocated', 'available', 'locations'],
  refused: { fields: { on_hand: 'plenty' }, reason: /plenty was not a valid number/ },
  fresh: null,
  cannot: { ...unmade, create: 'there is no stock without a product', status: 'a product has one' },
};

export const hubspotDeals: Subject = {
  ...about,
  entity: 'invoice',
  open: (how) =>
    practiceStage(
      {
        ...common,
        ...sales('invoice'),
        probeEdit: (name) => ({ truce_invoice_number: name }),
        renamed: { field: 'invoice_link', expected: 'truce_invoice_link', found: 'truce_invoice_page' },
      },
      how,
    ),
  ids: ['801', '802', '803'],
  fields: {
    number: 'INV-2041',
    issued_on: '2026-06-30',
    due_on: '2026-07-30',
    total: { minor: 123_450, currency: 'AUD' },
    tax: { minor: 11_223, currency: 'AUD' },
    amount_due: { minor: 0, currency: 'AUD' },
    invoice_status: 'authorised',
    invoice_link: 'https://go.xero.com/app/invoicing/view/2',
  },
  readOnly: ['source', 'reference', 'lines', 'deal_link'],
  // With a number it has its invoice, and is the source of no other.
  unset: ['source'],
  probe: { field: 'number', value: (n) => `INV-${5000 + n}` },
  repeatable: { due_on: '2026-08-01' },
  values: fc.record(
    {
      issued_on: day,
      due_on: day,
      total: amount,
      tax: amount,
      amount_due: amount,
      invoice_status: fc.constantFrom('draft', 'submitted', 'authorised', 'paid', 'voided'),
    },
    some,
  ),
  clearable: ['issued_on', 'due_on', 'total', 'tax', 'amount_due', 'invoice_status', 'invoice_link'],
  refused: { fields: { invoice_status: 'lost' }, reason: /lost was not one of the allowed options/ },
  fresh: null,
  cannot: unmade,
};

export const hubspotPayments: Subject = {
  ...about,
  entity: 'payment',
  open: (how) =>
    practiceStage(
      {
        ...common,
        ...sales('payment'),
        screen: 'invoice',
        probeEdit: (notes) => ({ truce_credit_notes: notes }),
        renamed: { field: 'credit_notes', expected: 'truce_credit_notes', found: 'truce_credits' },
      },
      how,
    ),
  ids: ['801', '802', '803'],
  fields: {
    payment_status: 'part_paid',
    amount_paid: { minor: 5_000, currency: 'AUD' },
    amount_credited: { minor: 1_100, currency: 'AUD' },
    paid_on: '2026-07-01',
    credit_notes: 'CN-0012 $11.00',
  },
  readOnly: ['number'],
  probe: { field: 'credit_notes', value: (n) => `CN-${1000 + n} $5.00` },
  repeatable: { payment_status: 'paid' },
  values: fc.record(
    {
      payment_status: fc.constantFrom('unpaid', 'part_paid', 'paid', 'credited', 'voided'),
      amount_paid: amount,
      amount_credited: amount,
      paid_on: day,
      credit_notes: text,
    },
    some,
  ),
  clearable: ['payment_status', 'amount_paid', 'amount_credited', 'paid_on', 'credit_notes'],
  refused: { fields: { payment_status: 'promised' }, reason: /promised was not one of the allowed options/ },
  fresh: null,
  cannot: unmade,
};
