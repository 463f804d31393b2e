import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { createCin7Core } from '#src/connectors/cin7-core/index.ts';
import { oneOf } from '#test/support/connections.ts';
import { call, memoryBudgets, memoryLog, memoryTokens } from '../connectors/kit.ts';
import { practiceTerms, uuid } from './cin7-core.ts';
import { cin7CoreProducts, openProducts } from './cin7-core-goods.ts';
import { misfits, operationOf } from './cin7-core-shapes.ts';
import type { Exchange } from './openapi.ts';
import { record } from './recorder.ts';
import { create, listed, write } from './stage.ts';

const newProducts = { category: 'Other', unit: 'Item', costingMethod: 'FIFO', type: 'Stock' };

async function recorded() {
  const { vendor, clock } = await openProducts();
  const { origin, pathname } = new URL(vendor.baseUrl);
  const { url, kept } = await record(origin);
  const connection = createCin7Core({
    terms: practiceTerms({ baseUrl: url + pathname, newProducts }),
    credential: (name) => vendor.env[`CIN7_${name.toUpperCase()}`] ?? '',
    tokens: memoryTokens(),
    http: { log: memoryLog(), budgets: memoryBudgets() },
    clock,
  });
  const [products, stock] = ['product', 'stock_level'].map((entity) => oneOf(connection, entity));
  if (!products || !stock) throw new Error('Cin7 Core keeps neither');
  return { products, stock, clock, kept };
}

test('whatever Truce and the practice Cin7 Core say of products and stock, the vendor’s description allows', async () => {
  const { products, stock, clock, kept } = await recorded();
  const [first, second] = cin7CoreProducts.ids;
  const nothing = Object.fromEntries(cin7CoreProducts.clearable.map((field) => [field, null]));
  for (const connector of [products, stock]) {
    await listed(connector, null, clock.now());
    await listed(connector, clock.now(), clock.now());
    await connector.read([...cin7CoreProducts.ids, cin7CoreProducts.absentId], call);
    await connector.read([first], call);
    await connector.account(call);
  }
  await products.write([write(first, cin7CoreProducts.fields), write(second, { status: 'archived' })], call);
  await products.write([write(first, nothing), write(second, { sku: 'dk-mer-140' })], call);
  const made = create(cin7CoreProducts.fresh ?? {});
  await products.create([made, create({ sku: 'gd-pot', name: 'Pot' })], call);
  await products.findMade([made, { marker: randomUUID(), fields: { sku: 'NOBODY' } }], call);

  expect(kept.flatMap(misfits)).toEqual([]);
  const met = new Set(kept.map((exchange) => `${operationOf(exchange)} ${exchange.status}`));
  expect([...met].sort()).toEqual([
    'GET /me 200',
    'GET /product 200',
    'GET /ref/category 200',
    'GET /ref/productavailability 200',
    'GET /ref/tax 200',
    'GET /ref/unit 200',
    'GET /webhooks 200',
    'POST /product 200',
    'PUT /product 200',
    'PUT /product 400',
  ]);
});

const exchange = (more: Partial<Exchange>): Exchange => ({
  method: 'PUT',
  url: '/ExternalApi/v2/product',
  headers: { 'api-auth-accountid': 'a', 'api-auth-applicationkey': 'b', 'content-type': 'application/json' },
  body: JSON.stringify({ ID: uuid(1), Name: 'x' }),
  status: 200,
  answerHeaders: {},
  answer: JSON.stringify({ Total: 0, Page: 1, Products: [] }),
  ...more,
});
const sending = (body: object) => ({ body: JSON.stringify({ ID: uuid(1), ...body }) });

test.each<[string, Partial<Exchange>, string]>([
  ['a key that a product has not', sending({ Colour: 'red' }), 'Colour'],
  ['an average cost, which nobody writes', sending({ AverageCost: 1 }), 'AverageCost'],
  ['another type, once it is made', sending({ Type: 'Service' }), 'Type'],
  ['a price of five decimals', sending({ PriceTier1: 0.12345 }), 'PriceTier1'],
  ['a price below nothing', sending({ PriceTier1: -1 }), 'PriceTier1'],
  ['a SKU that is too long', sending({ SKU: 'x'.repeat(51) }), 'body SKU'],
  ['an update without an id', { body: '{"Name":"x"}' }, 'body ID'],
  ['a new product without a unit', { method: 'POST', body: '{"SKU":"x","Name":"x"}' }, 'body UOM'],
  [
    'a changed-since that availability does not know',
    {
      method: 'GET',
      body: '',
      url: '/ExternalApi/v2/ref/productavailability?ModifiedSince=2026-11-20T00:00:00.000',
      answer: '{"Total":0,"Page":1,"ProductAvailabilityList":[]}',
    },
    'ModifiedSince',
  ],
])('the shapes refuse %s', (_, more, place) => {
  expect(misfits(exchange({}))).toEqual([]);
  expect(misfits(exchange(more)).join('\n')).toContain(place);
});
