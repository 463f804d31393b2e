import { expect, test } from 'vitest';
import { cin7CoreGoods } from '#src/playground/data/as-cin7-core-products.ts';
import { productsIn } from '#src/playground/data/products.ts';
import { startCin7Core } from '#src/playground/vendors/cin7-core/server.ts';
import { ask, eventually, hookTarget, noon, type Reply, started } from './kit.ts';

const goods = cin7CoreGoods(noon);
const idOf = (sku: string) => goods.products.find(({ fields }) => fields.SKU === sku)?.ID ?? '';
const decking = idOf('DK-MER-140');

async function cin7Core() {
  const { vendor, clock } = await started(
    (options) => startCin7Core({ ...options, goods }),
    () => [],
  );
  const headers = {
    'api-auth-accountid': vendor.env.CIN7_ACCOUNT_ID ?? '',
    'api-auth-applicationkey': vendor.env.CIN7_APPLICATION_KEY ?? '',
    'content-type': 'application/json',
  };
  const call = (path: string, body?: unknown, method = body === undefined ? 'GET' : 'PUT') =>
    ask(vendor.baseUrl + path, { headers, body, method });
  const screen = (entity: string) => {
    const found = vendor.screens[entity];
    if (!found) throw new Error(`no screen of ${entity}`);
    return found;
  };
  return { vendor, clock, call, products: screen('product'), stock: screen('stock_level') };
}

const complaint = ({ json }: Reply): string => json[0].Exception;
const skus = ({ json }: Reply) => json.Products.map(({ SKU }: { SKU: string }) => SKU);
const whole = {
  SKU: 'NEW-1',
  Name: 'New product',
  Category: 'Other',
  Type: 'Stock',
  CostingMethod: 'FIFO',
  UOM: 'Item',
  Status: 'Active',
};

test('lists products by page, time, id and what a SKU or name contains, whatever the case; deprecated ones when asked', async () => {
  const { clock, call, products } = await cin7Core();
  const known = productsIn('cin7-core');
  const all = (await call('/product?Limit=1000&includedeprecated=true')).json;
  expect([all.Total, all.Products.length]).toEqual([known.length, known.length]);
  expect((await call('/product?Limit=1000')).json.Total).toBe(known.filter(({ active }) => active).length);
  const second = (await call('/product?page=2&limit=10')).json;
  expect([second.Page, second.Products.length]).toEqual([2, 10]);
  expect(skus(await call('/product?sku=dk-'))).toEqual(['DK-MER-140', 'DK-SPG-135', 'SC-DK-1050']);
  expect(skus(await call('/product?Name=GUM%20decking'))).toEqual(['DK-SPG-135']);
  clock.advance(60_000);
  products.edit(decking, { PriceTier1: '12.05' }, 'Kim Doyle');
  const changed = (await call('/product?ModifiedSince=2026-11-21T01:01:00')).json.Products;
  expect(changed).toMatchObject([
    { ID: decking, PriceTier1: 12.05, AverageCost: 7.2, LastModifiedOn: '2026-11-21T01:01:00.000' },
  ]);
  expect(changed[0].PriceTiers['Tier 1']).toBe(12.05);
  expect((await call(`/product?ID=${decking}`)).json).toMatchObject({
    Total: 1,
    Products: [{ ID: decking }],
  });
});

test('makes a product whatever its id says, and never a SKU twice, not of one that is deprecated either', async () => {
  const { call, products } = await cin7Core();
  const made = (await call('/product', { ...whole, ID: decking, AverageCost: 9 }, 'POST')).json.Products[0];
  expect([made.ID === decking, made.AverageCost, made.PriceTier1, made.Sellable]).toEqual([
    false,
    0,
    0,
    true,
  ]);
  expect(products.card(made.ID)?.title).toBe('New product');
  await call('/product', { ID: made.ID, Status: 'Deprecated' });
  expect(products.cards().some(({ externalId }) => externalId === made.ID)).toBe(false);
  const again = await call('/product', { ...whole, SKU: 'new-1 ' }, 'POST');
  expect([again.status, complaint(again)]).toEqual([400, expect.stringContaining('must be unique')]);
  expect((await call('/product', {}, 'POST')).json).toHaveLength(2);
});

test.each<[string, Record<string, unknown>, string]>([
  ['a SKU of 51 characters', { SKU: 'X'.repeat(51) }, 'SKU is longer than 50'],
  ['a name of 257 characters', { Name: 'x'.repeat(257) }, 'Name is longer than 256'],
  ['no unit', { UOM: '' }, "Required field 'UOM'"],
  ['a unit that the account lacks', { UOM: 'Bushel' }, "Unit of measure 'Bushel' was not found"],
  ['a category that the account lacks', { Category: 'Toys' }, 'Category not found.'],
  ['a tax rule for purchases', { SaleTaxRule: 'GST on Expenses' }, "Tax rule 'GST on Expenses' was not"],
  ['a tax rule that is not active', { SaleTaxRule: 'WET 29 %' }, "Tax rule 'WET 29 %' was not"],
  ['revenue on an account that earns none', { RevenueAccount: '610' }, 'Account with specified ID not found'],
  ['a place that was given up', { DefaultLocation: 'Old shed' }, "Location 'Old shed' was not found"],
  ['a price below nothing', { PriceTier1: -1 }, 'must not be negative'],
  ['a price in words', { PriceTier1: '12' }, 'PriceTier1 is not valid'],
  ['a status that is none', { Status: 'Gone' }, 'Status is not valid'],
  ['a costing method that is none', { CostingMethod: 'LIFO' }, 'CostingMethod is not valid'],
  ['a product that is not there', { ID: '00000000-0000-4000-8000-000000000000' }, 'specified ID not found'],
])('refuses %s', async (_, body, message) => {
  const { call, products } = await cin7Core();
  const before = JSON.stringify(products.cards());
  const reply = await call('/product', { ID: decking, ...body });
  expect([reply.status, complaint(reply)]).toEqual([400, expect.stringContaining(message)]);
  expect(JSON.stringify(products.cards())).toBe(before);
});

test('what is read-only is passed over; a price is cut to four decimals', async () => {
  const { call } = await cin7Core();
  const sent = { ID: decking, AverageCost: 1, Type: 'Service', LastModifiedOn: 'x', PriceTier1: 1.23456 };
  const [after] = (await call('/product', sent)).json.Products;
  expect(after).toMatchObject({ AverageCost: 7.2, Type: 'Stock', PriceTier1: 1.2346 });
});

const rowsOf = ({ json }: Reply) =>
  json.ProductAvailabilityList.map(
    (row: Record<string, unknown>) =>
      `${row.SKU} ${row.Location} ${row.OnHand} ${row.Allocated} ${row.Available}`,
  );

test('availability: a row for each product and place that has anything, and no word of the others', async () => {
  const { call, stock } = await cin7Core();
  const all = (await call('/ref/productavailability?Limit=1000')).json;
  expect(all.Total).toBe(goods.stock.length);
  const ids = new Set(all.ProductAvailabilityList.map(({ ID }: { ID: string }) => ID));
  expect(ids.has(idOf('GD-BENCH-JAR'))).toBe(false);
  expect(rowsOf(await call(`/ref/productavailability?ID=${decking}`))).toEqual([
    'DK-MER-140 Melbourne 1840.5 312.4 1528.1',
    'DK-MER-140 Sydney 620 0 620',
  ]);
  expect(rowsOf(await call('/ref/productavailability?sku=cf-milk-oat&Location=Melbourne'))).toEqual([
    'CF-MILK-OAT Melbourne 20 32 -12',
  ]);
  const ignored = await call('/ref/productavailability?ModifiedSince=2026-11-21T01:00:00&Limit=1000');
  expect(ignored.json.Total).toBe(all.Total);
  stock.edit(decking, { 'Sydney: OnHand': '0' }, 'Kim Doyle');
  expect(rowsOf(await call(`/ref/productavailability?ID=${decking}`))).toHaveLength(1);
  expect((await call('/ref/productavailability?page=2&limit=10')).json.ProductAvailabilityList).toHaveLength(
    10,
  );
});

test('its books: places with those that were given up, units, categories', async () => {
  const { call } = await cin7Core();
  const places = (await call('/ref/location')).json.LocationList;
  expect(places.map(({ Name, Deprecated }: Record<string, unknown>) => [Name, Deprecated])).toEqual([
    ['Melbourne', false],
    ['Sydney', false],
    ['Bega showroom', false],
    ['Old shed', true],
  ]);
  expect((await call('/ref/unit?Name=ba')).json.UnitList).toMatchObject([{ Name: 'Bag' }]);
  expect((await call('/ref/category')).json.CategoryList).toContainEqual(
    expect.objectContaining({ Name: 'Garden' }),
  );
});

test('webhooks: a product by its id and SKU, stock as a list of rows whose type is in the header alone', async () => {
  const { vendor, clock, products, stock } = await cin7Core();
  const { url, hooks } = await hookTarget('/webhooks/cin7-core', () => 200);
  vendor.setWebhookTarget(url);
  products.edit(decking, { Name: 'Merbau' }, 'Kim Doyle');
  stock.edit(decking, { 'Melbourne: OnHand': '7.5', 'Melbourne: Allocated': '9' }, 'Kim Doyle');
  clock.advance(60_000);
  await eventually(() => hooks.length === 2);
  const told = Object.fromEntries(
    hooks.map(({ headers, body }) => [headers['event-type'], JSON.parse(body)]),
  );
  expect(told).toEqual({
    'Product/Updated': { ProductID: decking.toUpperCase(), SKU: 'DK-MER-140', EventType: 'Product/Updated' },
    'Stock/AvailableStockLevelChanged': [
      expect.objectContaining({ ID: decking, Location: 'Melbourne', Available: -1.5 }),
      expect.objectContaining({ ID: decking, Location: 'Sydney', OnHand: 620 }),
    ],
  });
});

test('a person edits, deprecates and brings back; what the screen works out itself is not typed', async () => {
  const { call, products, stock } = await cin7Core();
  products.edit(decking, { Status: 'Deprecated' }, 'Kim Doyle');
  expect(skus(await call('/product?sku=DK-'))).toEqual(['DK-SPG-135', 'SC-DK-1050']);
  products.edit(decking, { Status: 'Active', SaleTaxRule: 'GST Free Income' }, 'Kim Doyle');
  expect((await call(`/product?ID=${decking}`)).json.Products).toMatchObject([
    { Status: 'ACTIVE', SaleTaxRule: 'GST Free Income' },
  ]);
  const id = products.add({ SKU: 'NEW-2', Name: 'Another' }, 'Kim Doyle');
  expect(stock.card(id)?.fields[0]).toMatchObject({ key: 'Melbourne: OnHand', value: '0' });
  expect(() => products.edit(decking, { AverageCost: '3' }, 'Kim Doyle')).toThrow('by itself');
  expect(() => products.edit(decking, { SKU: 'NEW-2' }, 'Kim Doyle')).toThrow('must be unique');
  expect(() => stock.edit(decking, { 'Melbourne: OnHand': 'some' }, 'Kim Doyle')).toThrow('not a number');
  expect(() => stock.edit(decking, { 'Old shed: OnHand': '1' }, 'Kim Doyle')).toThrow('no field');
});
