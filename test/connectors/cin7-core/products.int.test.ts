import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { createConnections } from '#src/connectors/registry.ts';
import { asCin7, uuid } from '../../contract/cin7-core.ts';
import { openProducts } from '../../contract/cin7-core-goods.ts';
import { call, clockAtNoon, memoryBudgets, memoryLog, memoryTokens, terms } from '../kit.ts';

const create = (sku: string, marker: string = randomUUID()) => ({
  key: randomUUID(),
  changeId: 'tr-1',
  marker,
  fields: { sku, name: `Product ${sku}` },
});
const posts = (vendor: { log: readonly { method: string }[] }) =>
  vendor.log.filter(({ method }) => method === 'POST').length;

test('Cin7 Core: a SKU that holds another is free; one of a deprecated product is not', async () => {
  const { connector, vendor } = await openProducts();
  await asCin7(vendor, '/product', { method: 'PUT', body: { ID: uuid(3), Status: 'Deprecated' } });
  const outcomes = await connector.create([create('DK'), create(' gd-pot ')], call);
  expect(outcomes).toMatchObject([
    { kind: 'created' },
    { kind: 'refused', taken: true, reason: 'Cin7 Core has another product of this SKU' },
  ]);
  expect(posts(vendor)).toBe(1);
});

test('Cin7 Core: somebody who is faster with the SKU has it, unless it was us', async () => {
  const { connector, vendor } = await openProducts();
  const twice = create('NEW-1');
  const outcomes = await connector.create([create('NEW-1', twice.marker), twice, create('new-1')], call);
  expect(outcomes.map((one) => (one.kind === 'refused' ? one.taken : one.kind))).toEqual([
    'created',
    'created',
    true,
  ]);
  expect(vendor.screens.product?.cards()).toHaveLength(4);
});

test('Cin7 Core: a product without an answer is sent once, and found again under a SKU given since', async () => {
  const { connector, vendor } = await openProducts();
  const one = create('NEW-1');
  vendor.setFault({ kind: 'silent_after_write' });
  expect(await connector.create([one], call)).toMatchObject([{ kind: 'unknown' }]);
  expect(posts(vendor)).toBe(1);
  vendor.setFault(null);
  const screen = vendor.screens.product;
  const id = screen?.cards().find(({ title }) => title === 'Product NEW-1')?.externalId ?? '';
  screen?.edit(id, { SKU: 'NEW-ONE' }, 'Kim Doyle');
  expect(await connector.findMade([one], call)).toEqual(new Map([[one.marker, id]]));
});

test('Cin7 Core: without what new products need nothing is made, and nothing is asked', async () => {
  const { connector, vendor } = await openProducts({}, { newProducts: null });
  expect(connector.canCreate).toBe(false);
  expect(await connector.create([create('NEW-1')], call)).toMatchObject([
    { kind: 'refused', taken: false, reason: expect.stringContaining('new_products') },
  ]);
  expect(vendor.log).toEqual([]);
});

test('Cin7 Core: a unit that the account lacks is refused in its words, and a cost in ours', async () => {
  const { connector } = await openProducts();
  const write = (fields: Record<string, string>) => ({
    key: 'k',
    changeId: 'tr-1',
    externalId: uuid(1),
    fields,
  });
  expect(await connector.write([write({ unit: 'Bushel' }), write({ cost: '3' })], call)).toMatchObject([
    { kind: 'refused', reason: "Unit of measure 'Bushel' was not found in reference book" },
    { kind: 'refused', reason: 'Cin7 Core works a product’s average cost out by itself' },
  ]);
});

test('Cin7 Core: the account tells what products need and it lacks, and nothing of what others need', async () => {
  const lacking = {
    taxCodes: { gst: 'GST on Moon' },
    newProducts: { category: 'Toys', unit: 'Bushel', costingMethod: 'FIFO', type: 'Stock' },
    newCustomers: {
      ...{ currency: 'AUD', paymentTerm: '45 days', accountReceivable: '610' },
      ...{ revenueAccount: '200', taxRule: 'GST on Income' },
    },
  };
  const { vendor, connector } = await openProducts({}, lacking);
  expect((await connector.account(call)).problems).toEqual([
    'The tax rule “GST on Moon” (tax_codes: gst) does not exist in Cin7 Core.',
    'The unit “Bushel” (new_products: unit) does not exist in Cin7 Core.',
    'The category “Toys” (new_products: category) does not exist in Cin7 Core.',
  ]);
  const before = vendor.log.length;
  const connections = createConnections({
    agreement: {
      connections: { c: terms('cin7-core', { id: 'c', baseUrl: vendor.baseUrl, credentials, ...lacking }) },
    },
    credential: (name) => vendor.env[name],
    tokens: memoryTokens(),
    http: { log: memoryLog(), budgets: memoryBudgets() },
    clock: clockAtNoon(),
  });
  expect((await connections.get('c')?.account(['stock_level'], call))?.problems).toEqual([]);
  expect(vendor.log.slice(before).map(({ path }) => path.split('/v2')[1])).toEqual(['/me', '/webhooks']);
});

const credentials = { account_id: 'CIN7_ACCOUNT_ID', application_key: 'CIN7_APPLICATION_KEY' };

test('Cin7 Core: a webhook of a product hints at its stock too; one of stock at stock alone, each product once', async () => {
  const { connector } = await openProducts();
  const hook = (type: string | null, body: unknown) =>
    connector.webhook({
      method: 'POST',
      url: 'https://truce.example.com/webhooks/cin7-core',
      headers: {
        authorization: 'Bearer practice-cin7-webhook-secret',
        ...(type ? { 'event-type': type } : {}),
      },
      body: JSON.stringify(body),
      receivedAt: new Date(0),
    });
  const both = ['product', 'stock_level'].map((entity) => ({ entity, externalId: 'p1' }));
  expect(hook(null, { ProductID: 'P1', EventType: 'Product/Updated' })).toEqual({
    kind: 'hints',
    hints: both,
  });
  expect(hook('Product/Updated', { ID: 'p1' })).toEqual({ kind: 'hints', hints: both });
  const rows = [{ ID: 'p1', Location: 'Melbourne' }, { ID: 'p1', Location: 'Sydney' }, { ID: 'p2' }, {}];
  expect(hook('Stock/AvailableStockLevelChanged', rows)).toEqual({
    kind: 'hints',
    hints: ['p1', 'p2'].map((externalId) => ({ entity: 'stock_level', externalId })),
  });
  expect(hook('Sale/Created', { SaleID: 's1', ID: 's1' })).toEqual({ kind: 'hints', hints: [] });
});
