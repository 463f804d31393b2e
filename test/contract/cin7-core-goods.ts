import fc from 'fast-check';
import type { ProductSeed } from '#src/playground/vendors/cin7-core/products.ts';
import { startCin7Core } from '#src/playground/vendors/cin7-core/server.ts';
import type { StockRow } from '#src/playground/vendors/cin7-core/stock.ts';
import { asCin7, cin7Core, practiceTerms, uuid } from './cin7-core.ts';
import { type Practice, practiceStage } from './practice-stage.ts';
import type { OpenOptions, Subject } from './subject.ts';

const seededProduct = (n: number, SKU: string, more: ProductSeed['fields'] = {}): ProductSeed => ({
  ID: uuid(n),
  modifiedAt: '2026-11-19T00:00:00.000Z',
  fields: {
    SKU,
    Name: `Product ${SKU}`,
    Category: 'Other',
    Type: 'Stock',
    CostingMethod: 'FIFO',
    UOM: 'Item',
    Status: 'ACTIVE',
    ...more,
  },
});

const decking = seededProduct(1, 'DK-140', {
  Description: 'Kiln dried',
  PriceTier1: 11.45,
  AverageCost: 7.2,
  SaleTaxRule: 'GST on Income',
});
const products = [decking, seededProduct(2, 'DK-135'), seededProduct(3, 'GD-POT')];

const seededRow = (n: number, location: string, onHand: number, allocated = 0): StockRow => ({
  productId: uuid(n),
  ...{ location, bin: null, batch: null, onHand, allocated, onOrder: 0 },
});
const stock = [seededRow(1, 'Melbourne', 40.5, 12), seededRow(1, 'Sydney', 8), seededRow(2, 'Melbourne', 3)];

const more = 1_001;
const { newCustomers: _, ...common } = practiceTerms({});
const terms = {
  ...common,
  newProducts: { category: 'Other', unit: 'Item', costingMethod: 'FIFO', type: 'Stock' },
} as const;

const practice: Practice<'cin7-core'> = {
  system: 'cin7-core',
  entity: 'product',
  start: (store, clock, count) =>
    startCin7Core({
      store,
      clock,
      goods: {
        products: [
          ...products,
          ...Array.from({ length: count }, (__, n) => seededProduct(100 + n, `P-${n}`)),
        ],
        stock,
      },
    }),
  more,
  moreIds: (count) => Array.from({ length: count }, (__, n) => uuid(100 + n)),
  terms: {
    credentials: terms.credentials,
    taxCodes: terms.taxCodes,
    newProducts: terms.newProducts,
  },
  probeEdit: (Name) => ({ Name }),
  renamed: { field: 'description', expected: 'Description', found: 'FullDescription' },
  archive: async (vendor, ID) => {
    await asCin7(vendor, '/product', { method: 'PUT', body: { ID, Status: 'Deprecated' } });
  },
};

export const openProducts = (how?: OpenOptions, changed: Practice<'cin7-core'>['terms'] = {}) =>
  practiceStage({ ...practice, terms: { ...practice.terms, ...changed } }, how);

const stockPractice: Practice<'cin7-core'> = {
  ...practice,
  entity: 'stock_level',
  probeEdit: (onHand) => ({
    'Bega showroom: OnHand': onHand,
    'Melbourne: OnHand': '0',
    'Sydney: OnHand': '0',
  }),
  renamed: { field: 'locations', expected: 'Location', found: 'Place' },
};
const openStock = (how?: OpenOptions) => practiceStage(stockPractice, how);

const price = fc
  .integer({ min: 1, max: 99_999_999 })
  .map((units) => String(Number((units / 10_000).toFixed(4))));
const text = (most: number) =>
  fc.string({ minLength: 1, maxLength: most, unit: 'grapheme' }).filter((value) => value.trim() !== '');

export const cin7CoreProducts: Subject = {
  system: 'cin7-core',
  entity: 'product',
  open: openProducts,
  ids: [uuid(1), uuid(2), uuid(3)],
  absentId: uuid(9),
  fields: {
    sku: 'DK-MER-140',
    name: 'Merbau decking 140 x 19 mm',
    description: 'Kiln dried, random lengths.\nSold by the metre.',
    sell_price: '12.0375',
    tax_treatment: 'gst_free',
    unit: 'm',
  },
  readOnly: ['cost'],
  probe: { field: 'name', value: (number) => `Merbau ${number}` },
  repeatable: { name: 'Merbau again' },
  values: fc.record(
    {
      sku: fc.constantFrom('DK-140', 'Dk 140/B', 'ÄÖ-1'),
      name: text(256),
      description: text(600),
      sell_price: price,
      tax_treatment: fc.constantFrom('gst', 'gst_free', 'export'),
      unit: fc.constantFrom('Item', 'm', 'kg'),
    },
    { requiredKeys: [], noNullPrototype: true },
  ),
  clearable: ['description', 'sell_price', 'tax_treatment'],
  refused: { fields: { sku: 'dk-135' }, reason: /must be unique/ },
  fresh: {
    sku: 'GD-HOSE-20',
    name: 'Garden hose 20 m',
    description: 'Kink-resistant',
    sell_price: '39.95',
    tax_treatment: 'gst',
    unit: 'Item',
    status: 'active',
  },
  nameField: 'sku',
  account: cin7Core.account,
  cannot: {
    'mark later': 'the text where it would stand is what people write to each other',
    'late listing': 'it lists from its database at once',
    removal: 'products cannot be deleted',
    'renewed sign-in': 'its keys do not end',
  },
};

export const cin7CoreStock: Subject = {
  system: 'cin7-core',
  entity: 'stock_level',
  open: openStock,
  ids: [uuid(1), uuid(2), uuid(3)],
  absentId: uuid(9),
  fields: {},
  readOnly: ['sku', 'on_hand', 'allocated', 'available', 'locations'],
  probe: { field: 'on_hand', value: (number) => `${number + 7}.5` },
  clearable: [],
  refused: null,
  fresh: null,
  account: cin7Core.account,
  cannot: {
    update: 'it counts its stock by itself',
    create: 'a stock level is that of a product',
    'mark later': 'a stock level is that of a product',
    archived: 'a product that is sold no more keeps its shelf',
    'archived in lists': 'a product that is sold no more keeps its shelf',
    'changes since': 'its availability has no changed-since',
    'late listing': 'it lists from its database at once',
    removal: 'products cannot be deleted',
    status: 'a product has one, not what lies of it',
    'unique names': 'none are made',
    'lost answers': 'nothing is written',
    'renewed sign-in': 'its keys do not end',
  },
};
