import { expect, onTestFinished, test } from 'vitest';
import { manualClock } from '#src/clock.ts';
import type { Connector, Observation } from '#src/connectors/connector.ts';
import { createConnections } from '#src/connectors/registry.ts';
import { cin7CoreGoods } from '#src/playground/data/as-cin7-core-products.ts';
import { practiceProducts, productsIn } from '#src/playground/data/products.ts';
import { openStore } from '#src/playground/store.ts';
import { startCin7Core } from '#src/playground/vendors/cin7-core/server.ts';
import { call, memoryBudgets, memoryLog, memoryTokens, noon } from '../../connectors/kit.ts';
import { practiceTerms } from '../../contract/cin7-core.ts';

test('the practice company sells goods that are messy where real ones are', () => {
  expect(practiceProducts).toHaveLength(36);
  expect(new Set(practiceProducts.map(({ sku }) => sku)).size).toBe(36);
  const some = (fits: (one: (typeof practiceProducts)[number]) => boolean) => practiceProducts.some(fits);
  const mess = {
    'a name of 70 characters': some(({ name }) => name.length === 70),
    'a SKU that Xero cannot hold': some(({ sku }) => sku.length === 31),
    'food without GST': some(({ tax }) => tax === 'gst_free'),
    'one without a tax rule': some(({ tax }) => tax === null),
    'one that is not sold any more': some(({ active }) => !active),
    'a price of four decimals': some(({ sellPrice }) => /\.\d{4}$/.test(sellPrice)),
    'half a metre': some(({ stock }) => stock.some(({ onHand }) => onHand.includes('.'))),
    'none on the shelf': some(({ stock, cost, active }) => stock.length === 0 && cost !== '' && active),
    'more promised than there is': some(({ stock }) =>
      stock.some(({ onHand, allocated }) => Number(allocated) > Number(onHand)),
    ),
    'one that only sales knows': some((one) => one.in.join() === 'hubspot'),
    'one that only inventory knows': some((one) => one.in.join() === 'cin7-core'),
  };
  expect(Object.entries(mess).filter(([, isThere]) => !isThere)).toEqual([]);
  for (const { in: systems } of practiceProducts) expect(systems.length).toBeGreaterThan(0);
  expect(productsIn('hubspot').find(({ sku }) => sku === 'PN-TRT-7035')?.sellPrice).toBe('9.2');
});

async function cin7Core(): Promise<ReadonlyMap<string, Connector>> {
  const clock = manualClock(noon);
  const store = openStore(':memory:');
  const vendor = await startCin7Core({ store, clock, goods: cin7CoreGoods(noon) });
  onTestFinished(async () => {
    await vendor.close();
    store.close();
  });
  const connections = createConnections({
    agreement: { connections: { 'cin7-core': practiceTerms({ baseUrl: vendor.baseUrl }) } },
    credential: (name) => vendor.env[name],
    tokens: memoryTokens(),
    http: { log: memoryLog(), budgets: memoryBudgets() },
    clock,
  });
  return connections.get('cin7-core')?.keeps ?? new Map();
}

async function observed(connector: Connector | undefined): Promise<Observation[]> {
  const found: Observation[] = [];
  for await (const page of connector?.changed(null, noon, call) ?? []) {
    for (const item of page) {
      if (item.kind !== 'read') throw new Error(JSON.stringify(item));
      found.push(item.observation);
    }
  }
  return found;
}

const value = (held: string) => (held === '' ? { state: 'blank' } : { state: 'value', value: held });

test('what the practice Cin7 Core holds is read as it was told', async () => {
  const keeps = await cin7Core();
  const products = await observed(keeps.get('product'));
  expect(products.map(({ fields }) => fields)).toEqual(
    productsIn('cin7-core').map((one) => ({
      sku: value(one.sku),
      name: value(one.name),
      description: value(one.description),
      sell_price: value(one.sellPrice),
      cost: value(one.cost),
      tax_treatment: value(one.tax ?? ''),
      unit: value(one.unit),
      status: value(one.active ? 'active' : 'archived'),
    })),
  );
  const stock = new Map(
    (await observed(keeps.get('stock_level'))).map((one) => [one.externalId, one.fields]),
  );
  for (const { externalId, fields } of products) expect(stock.get(externalId)?.sku).toEqual(fields.sku);
  const bySku = (sku: string) =>
    [...stock.values()].find((one) => JSON.stringify(one.sku).includes(`"${sku}"`));
  expect(bySku('CF-MILK-OAT')).toMatchObject({
    on_hand: value('28'),
    allocated: value('32'),
    available: value('-4'),
    locations: value(
      'Melbourne: 20 on hand, 32 allocated, -12 available; Sydney: 8 on hand, 0 allocated, 8 available',
    ),
  });
  expect(bySku('GD-BENCH-JAR')).toMatchObject({ on_hand: value('0'), locations: { state: 'blank' } });
  expect(bySku('FR-METRO')).toMatchObject({ on_hand: { state: 'blank' } });
});
