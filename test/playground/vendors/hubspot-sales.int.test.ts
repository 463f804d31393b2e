import { expect, onTestFinished, test } from 'vitest';
import { hubspotSales } from '#src/playground/data/as-hubspot-sales.ts';
import { practiceDeals } from '#src/playground/data/deals.ts';
import { seed } from '#src/playground/data/seed.ts';
import { openStore } from '#src/playground/store.ts';
import { type HubSpotOptions, startHubSpot } from '#src/playground/vendors/hubspot/server.ts';
import { company, sam } from '../../connectors/hubspot/practice-account.ts';
import { clockAtNoon } from '../../connectors/kit.ts';
import { ask, eventually, hookTarget, noon } from './kit.ts';

const objects = '/crm/objects/2026-09';

async function account(options: Partial<HubSpotOptions> = {}) {
  const clock = clockAtNoon();
  const store = openStore(':memory:');
  const seeds = [company('901', { name: 'Acme' }), company('902', { name: 'Beta' })];
  const vendor = await startHubSpot({ store, clock, seed: seeds, ...options });
  onTestFinished(async () => {
    await vendor.close();
    store.close();
  });
  const headers = {
    authorization: `Bearer ${vendor.env.HUBSPOT_TOKEN}`,
    'content-type': 'application/json',
  };
  const send = (path: string, body?: unknown, method?: string) =>
    ask(vendor.baseUrl + path, { headers, body, ...(method ? { method } : {}) });
  const { crm } = vendor;
  const decking = () =>
    crm.products.create({ name: 'Merbau decking', hs_sku: 'DK-1', price: '11.45', truce_unit: 'm' }, sam);
  return { vendor, crm, clock, send, decking };
}

test('products: the same calls and the same refusals as for companies', async () => {
  const { send, crm, clock } = await account();
  const input = (id: string, properties: object, trace = id) => ({
    id,
    idProperty: 'truce_id',
    objectWriteTraceId: trace,
    properties,
  });
  const upsert = (...inputs: object[]) => send(`${objects}/products/batch/upsert`, { inputs });
  const made = await upsert(input('a', { name: 'Pipe', hs_sku: 'P-1', price: '4.2075' }));
  expect([made.status, made.json.results[0].new]).toEqual([200, true]);
  const { id } = made.json.results[0];
  expect((await upsert(input('a', { price: '4.3' }))).json.results[0]).toMatchObject({ id, new: false });
  const wrong = await upsert(
    input('b', { name: 'Tap', price: 'a lot' }),
    input('c', { name: 'Valve', colour: 'red' }),
    input('d', { name: 'Hose', price: '-1' }),
    input('e', { name: 'Cap', price: '0.35' }),
  );
  expect([wrong.status, wrong.json.numErrors, wrong.json.results.length]).toEqual([207, 3, 1]);
  expect(wrong.json.errors.map(({ message }: { message: string }) => message).join()).toMatch(
    /INVALID_LONG.*PROPERTY_DOESNT_EXIST.*cannot be negative/,
  );
  const taken = await send(`${objects}/0-7/${id}`, { properties: { truce_id: 'e' } }, 'PATCH');
  expect(taken.json.message).toContain('CONFLICTING_UNIQUE_VALUE');
  clock.advance(2_000);
  const found = await send(`${objects}/products/search`, {
    filterGroups: [{ filters: [{ propertyName: 'hs_sku', operator: 'EQ', value: 'p-1' }] }],
    properties: ['price', 'hs_sku'],
  });
  expect(found.json.results).toMatchObject([{ id, properties: { price: '4.3', hs_sku: 'P-1' } }]);
  crm.products.archive(id, sam);
  const bin = await send(`${objects}/products/batch/read?archived=true`, {
    inputs: [{ id }],
    properties: ['name'],
  });
  expect(bin.json.results).toMatchObject([{ archived: true, properties: { name: 'Pipe' } }]);
});

test('a line takes from its product what it does not say itself, once, and reckons its net price', async () => {
  const { send, crm, decking } = await account();
  const product = decking();
  const deal = crm.deals.create({ dealname: 'Deck', dealstage: 'contractsent' }, sam);
  const made = await send(`${objects}/line_items`, {
    properties: { hs_product_id: product.id, quantity: '12.5', hs_discount_percentage: '10' },
    associations: [
      {
        to: { id: deal.id },
        types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 20 }],
      },
    ],
  });
  expect(made.status).toBe(201);
  const read = async () =>
    (await send(`${objects}/line_items/${made.json.id}?properties=name,hs_sku,price,amount`)).json.properties;
  // 12.5 × 11.45 less 10 % is 128.8125.
  expect(await read()).toEqual({ name: 'Merbau decking', hs_sku: 'DK-1', price: '11.45', amount: '128.81' });
  crm.products.update(product.id, { price: '99' }, sam);
  await send(`${objects}/line_items/${made.json.id}`, { properties: { discount: '1.45' } }, 'PATCH');
  expect(await read()).toMatchObject({ price: '11.45', amount: '112.5' });
  const lines = await send('/crm/associations/2026-09/deals/line_items/batch/read', {
    inputs: [{ id: deal.id }],
  });
  expect(lines.json.results[0].to).toEqual([
    {
      toObjectId: made.json.id,
      associationTypes: [{ category: 'HUBSPOT_DEFINED', typeId: 19, label: null }],
    },
  ]);
});

test('a line belongs to one deal; a deal has one primary company, the first unless another is made it', async () => {
  const { send, crm } = await account();
  const [one, two] = ['One', 'Two'].map((dealname) => crm.deals.create({ dealname }, sam));
  const line = crm.line_items.create({ name: 'Gate', price: '640', quantity: '1' }, sam);
  const put = (path: string, types?: object[]) => send(`${objects}${path}`, types ?? {}, 'PUT');
  await put(`/deals/${one?.id}/associations/default/line_items/${line.id}`);
  await put(`/deals/${two?.id}/associations/default/line_item/${line.id}`);
  const owner = crm.associations.of('line_items', line.id, 'deals').map(({ id }) => id);
  expect(owner).toEqual([two?.id]);
  await put(`/deals/${one?.id}/associations/default/companies/901`);
  await put(`/deals/${one?.id}/associations/default/companies/902`);
  const companies = async () => {
    const { json } = await send('/crm/associations/2026-09/deals/companies/batch/read', {
      inputs: [{ id: one?.id }],
    });
    return json.results[0].to.map((end: { toObjectId: string; associationTypes: { typeId: number }[] }) => [
      end.toObjectId,
      ...end.associationTypes.map(({ typeId }) => typeId),
    ]);
  };
  expect(await companies()).toEqual([
    ['901', 341, 5],
    ['902', 341],
  ]);
  await put(`/deals/${one?.id}/associations/companies/902`, [
    { associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 5 },
  ]);
  expect(await companies()).toEqual([
    ['901', 341],
    ['902', 341, 5],
  ]);
  const strange = await send('/crm/associations/2026-09/products/line_items/batch/read', {
    inputs: [{ id: '1' }],
  });
  expect([strange.status, strange.json.message]).toEqual([
    400,
    'Unable to infer object type from: line_items',
  ]);
});

test('a deal is won by its stage, and no stage is taken that the pipeline lacks', async () => {
  const { send, crm } = await account();
  const { id } = crm.deals.create({ dealname: 'Deck', dealstage: 'contractsent' }, sam);
  const move = (dealstage: string) => send(`${objects}/deals/${id}`, { properties: { dealstage } }, 'PATCH');
  expect((await move('won')).json.message).toContain('INVALID_OPTION');
  expect((await move('closedwon')).status).toBe(200);
  const read = await send(`${objects}/deals/${id}?properties=hs_is_closed_won,dealstage`);
  expect(read.json.properties).toEqual({ hs_is_closed_won: 'true', dealstage: 'closedwon' });
  const pipelines = await send('/crm/pipelines/2026-09/deals');
  const [{ stages }] = pipelines.json.results;
  expect(stages.find((stage: { id: string }) => stage.id === 'closedwon').metadata).toEqual({
    probability: '1.0',
    isClosed: 'true',
  });
});

test('a key without the scope for deals is refused what is about deals, and told which', async () => {
  const { send } = await account({ scopes: ['crm.objects.companies.read', 'crm.objects.products.read'] });
  const ask = (path: string) => send(`${objects}/${path}`);
  expect((await ask('products')).status).toBe(200);
  expect((await ask('deals')).json.context.requiredGranularScopes).toEqual(['crm.objects.deals.read']);
  const lines = await send('/crm/associations/2026-09/deals/line_items/batch/read', {
    inputs: [{ id: '1' }],
  });
  expect(lines.json.context.requiredGranularScopes).toEqual([
    'crm.objects.deals.read',
    'crm.objects.line_items.read',
  ]);
  const properties = await send('/crm/properties/2026-09/products');
  expect(properties.json.context.requiredGranularScopes).toEqual(['crm.schemas.products.read']);
});

test('webhooks tell of products, deals and lines, and of whose line it is', async () => {
  const { vendor, crm, decking } = await account();
  const { url, hooks } = await hookTarget('/webhooks/hubspot', () => 200);
  vendor.setWebhookTarget(url);
  const product = decking();
  const deal = crm.deals.create({ dealname: 'Deck' }, sam);
  const line = crm.line_items.create({ hs_product_id: product.id, quantity: '2' }, sam);
  crm.associations.add({ deals: deal.id, line_items: line.id }, [], sam);
  crm.line_items.archive(line.id, sam);
  const told = await eventually(() => {
    const events = hooks.flatMap(({ body }) => JSON.parse(body) as Record<string, unknown>[]);
    return events.some(({ subscriptionType }) => subscriptionType === 'line_item.deletion') && events;
  });
  const kinds = new Set(told.map(({ subscriptionType }) => subscriptionType));
  expect([...kinds].sort()).toEqual([
    'deal.associationChange',
    'deal.creation',
    'deal.propertyChange',
    'line_item.associationChange',
    'line_item.creation',
    'line_item.deletion',
    'line_item.propertyChange',
    'product.creation',
    'product.propertyChange',
  ]);
  expect(
    told.find(({ subscriptionType }) => subscriptionType === 'line_item.associationChange'),
  ).toMatchObject({
    associationType: 'LINE_ITEM_TO_DEAL',
    fromObjectId: Number(line.id),
    toObjectId: Number(deal.id),
  });
});

test('the practice company has products and deals; a person edits them in screens', async () => {
  const companies = seed(noon).hubspot;
  const { vendor, crm } = await account({ seed: companies, ...hubspotSales(companies, noon) });
  const { product: products, invoice: deals } = vendor.screens;
  expect(products?.cards().length).toBeGreaterThan(25);
  expect(deals?.cards()).toHaveLength(practiceDeals.length);
  const withoutCompany = practiceDeals.filter(
    ({ id }) => crm.associations.of('deals', id, 'companies').length === 0,
  );
  expect(withoutCompany.map(({ name }) => name)).toEqual(['Walk-in: pavers']);
  const won = deals?.cards().find(({ title }) => title === 'Espresso corner');
  if (!won) throw new Error('no such deal');
  const quantity = won.fields.find(({ label }) => label === 'Line 1 quantity');
  deals?.edit(won.externalId, { dealstage: 'Closed won', [quantity?.key ?? '']: '2' }, 'Priya Nair');
  const fields = Object.fromEntries(
    (deals?.card(won.externalId)?.fields ?? []).map(({ label, value }) => [label, value]),
  );
  // 2 × 1895 less 10 %.
  expect(fields).toMatchObject({ 'Deal stage': 'Closed won', 'Line 1 quantity': '2', Amount: '3411.00' });
  const decking = products?.cards().find(({ title }) => title.startsWith('Merbau decking'));
  products?.edit(decking?.externalId ?? '', { truce_tax_treatment: 'GST free' }, 'Priya Nair');
  expect(() => products?.edit(decking?.externalId ?? '', { truce_status: 'Gone' }, 'Priya Nair')).toThrow(
    'Choose Active, Archived',
  );
  expect(() => deals?.edit(won.externalId, { abn: '1' }, 'Priya Nair')).toThrow('no field abn');
});
