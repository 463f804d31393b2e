import { Client } from '@hubspot/api-client';
import { expect, onTestFinished, test, vi } from 'vitest';
import { allowInBrowser } from '../connectors/hubspot/browser.ts';
import { practiceAccount } from '../connectors/hubspot/practice-account.ts';

/** HubSpot's own Node client (13.5.0, on the numbered versions of the API, which still work) against the practice HubSpot. */
async function withSdk(options: Parameters<typeof practiceAccount>[0] = {}) {
  const world = await practiceAccount(options);
  const client = new Client({
    accessToken: world.vendor.env.HUBSPOT_TOKEN ?? '',
    basePath: world.vendor.baseUrl,
    numberOfApiCallRetries: 3,
  });
  return { ...world, client };
}

const search = {
  filterGroups: [{ filters: [{ propertyName: 'name', operator: 'EQ' as never, value: 'acme' }] }],
  sorts: ['name'],
  properties: ['name'],
  limit: 10,
};

test('search, batch read with history, batch update and paging', async () => {
  const { client, clock } = await withSdk();
  clock.advance(5_000);
  const sorted = { ...search, sorts: [{ propertyName: 'name', direction: 'ASCENDING' }] as never };
  const found = await client.crm.companies.searchApi.doSearch(sorted);
  expect([found.total, found.results[0]?.id]).toEqual([1, '901']);
  await expect(client.crm.companies.searchApi.doSearch(search)).rejects.toMatchObject({ code: 400 });
  const read = await client.crm.companies.batchApi.read({
    inputs: [{ id: '901' }, { id: '7' }],
    properties: ['name'],
    propertiesWithHistory: ['name'],
  });
  expect(read).toMatchObject({
    status: 'COMPLETE',
    results: [{ id: '901', properties: { name: 'Acme' } }],
    numErrors: 1,
    errors: [{ category: 'OBJECT_NOT_FOUND', context: { ids: ['7'] } }],
  });
  expect(read.results[0]?.createdAt).toEqual(new Date('2026-01-05T00:00:00.000Z'));
  expect(read.results[0]?.propertiesWithHistory?.name?.[0]).toMatchObject({ sourceLabel: 'Sam Okafor' });
  const updated = await client.crm.companies.batchApi.update({
    inputs: [{ id: '902', properties: { phone: '1300 975 707' } }],
  });
  expect(updated.results[0]?.properties.phone).toBe('1300 975 707');
  const all = await client.crm.companies.getAll(1);
  expect(all.map(({ id }) => id)).toEqual(['901', '902']);
});

test('create, upsert, archive, merge, and what is refused', async () => {
  const { client } = await withSdk();
  const input = { id: 'our-id', idProperty: 'truce_id', properties: { name: 'Gamma' } };
  const isNew = async () =>
    (await client.crm.companies.batchApi.upsert({ inputs: [input] })).results[0]?._new;
  expect([await isNew(), await isNew()]).toEqual([true, false]);
  const one = await client.crm.companies.basicApi.create({ properties: { name: 'Delta' }, associations: [] });
  const merged = await client.apiRequest({
    method: 'POST',
    path: '/crm/v3/objects/companies/merge',
    body: { primaryObjectId: '901', objectIdToMerge: one.id },
  });
  expect(await merged.json()).toMatchObject({ id: '901' });
  expect((await client.crm.companies.basicApi.getById(one.id, ['hs_merged_object_ids'])).properties).toEqual({
    hs_merged_object_ids: one.id,
  });
  await client.crm.companies.basicApi.archive('902');
  await expect(client.crm.companies.basicApi.getById('902')).rejects.toMatchObject({ code: 404 });
  const email = { properties: { email: 'a@b.example' }, associations: [] };
  const { id } = await client.crm.contacts.basicApi.create(email);
  await expect(client.crm.contacts.basicApi.create(email)).rejects.toMatchObject({
    code: 409,
    body: { message: `Contact already exists. Existing ID: ${id}` },
  });
});

test('associations under a label, and properties', async () => {
  const { client, contact } = await withSdk();
  const contactId = contact({ email: 'pay@acme.example' }, []);
  const { schema, batchApi, basicApi } = client.crm.associations.v4;
  const labels = await schema.definitionsApi.getAll('companies', 'contacts');
  const label = labels.results.find((one) => one.label === 'Billing contact');
  const types = [{ associationCategory: label?.category as never, associationTypeId: label?.typeId ?? 0 }];
  const made = await batchApi.create('companies', 'contacts', {
    inputs: [{ _from: { id: '901' }, to: { id: contactId }, types }],
  });
  expect(made.results[0]).toMatchObject({
    fromObjectId: '901',
    toObjectId: contactId,
    labels: ['Billing contact'],
  });
  await basicApi.createDefault('companies', '902', 'contacts', contactId);
  const read = await batchApi.getPage('companies', 'contacts', { inputs: [{ id: '901' }, { id: '902' }] });
  const called = read.results.map(({ _from, to }) => [
    _from.id,
    to.flatMap(({ associationTypes }) => associationTypes.map((type) => type.label)),
  ]);
  expect(called).toEqual([
    ['901', [null, 'Billing contact']],
    ['902', [null]],
  ]);
  const { coreApi, groupsApi } = client.crm.properties;
  const property = {
    name: 'colour',
    label: 'Colour',
    type: 'string',
    fieldType: 'text',
    groupName: 'paint',
  } as never;
  await expect(coreApi.create('companies', property)).rejects.toMatchObject({ code: 400 });
  await groupsApi.create('companies', { name: 'paint', label: 'Paint', displayOrder: -1 });
  expect(await coreApi.create('companies', property)).toMatchObject({
    name: 'colour',
    hasUniqueValue: false,
  });
  await expect(coreApi.create('companies', property)).rejects.toMatchObject({ code: 409 });
  expect((await coreApi.getAll('companies')).results.map(({ name }) => name)).toContain('colour');
});

test('signing in by code, and renewing it', async () => {
  const { client, vendor } = await withSdk({ signIn: 'oauth' });
  const redirectUri = 'http://localhost:3000/oauth/hubspot';
  const hubspotsOwn = client.oauth.getAuthorizationUrl('practice-hubspot-client-id', redirectUri, 'oauth');
  const page = hubspotsOwn.replace('https://app.hubspot.com', vendor.baseUrl);
  const code = (await allowInBrowser(page)).back.searchParams.get('code') ?? '';
  const { HUBSPOT_CLIENT_ID: clientId, HUBSPOT_CLIENT_SECRET: secret } = vendor.env;
  const { tokensApi } = client.oauth;
  const set = await tokensApi.create('authorization_code', code, redirectUri, clientId, secret);
  expect(set).toMatchObject({ expiresIn: 1800, tokenType: 'bearer' });
  const again = await tokensApi.create(
    'refresh_token',
    undefined,
    undefined,
    clientId,
    secret,
    set.refreshToken,
  );
  expect(again.accessToken).not.toBe(set.accessToken);
  expect(again.refreshToken).toBe(set.refreshToken);
  const wrong = tokensApi.create('refresh_token', undefined, undefined, clientId, secret, 'nothing');
  await expect(wrong).rejects.toMatchObject({ code: 400, body: { status: 'BAD_REFRESH_TOKEN' } });
});

test('its own way to wait for a 429 works against ours: both kinds of bodies are as it expects them', async () => {
  const { client, clock } = await withSdk();
  const said: string[] = [];
  const log = vi.spyOn(console, 'error').mockImplementation((line: string) => void said.push(line));
  onTestFinished(() => log.mockRestore());
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  /** The client sleeps by the machine's timer and the practice HubSpot counts by its own clock: both are moved on. */
  const untilDone = async <T>(work: Promise<T>, ms: number): Promise<T> => {
    let done = false;
    const ended = work.finally(() => {
      done = true;
    });
    while (!done) {
      await new Promise((resolve) => setImmediate(resolve));
      if (vi.getTimerCount() > 0 && said.length > 0) {
        clock.advance(ms);
        await vi.advanceTimersByTimeAsync(ms);
      }
    }
    return ended;
  };
  const read = () => client.crm.companies.basicApi.getById('901');
  const busy = async () => {
    for (let n = 0; n < 100; n += 1) await read();
    return read();
  };
  expect((await untilDone(busy(), 10_000)).id).toBe('901');
  expect(said).toEqual(['Request failed with status code [429], will retry [1] time in [10000] ms']);
  clock.advance(10_000);
  said.length = 0;
  const searches = async () => {
    for (let n = 0; n < 5; n += 1) await client.crm.companies.searchApi.doSearch({ ...search, sorts: [] });
    return client.crm.companies.searchApi.doSearch({ ...search, sorts: [] });
  };
  expect((await untilDone(searches(), 1_000)).total).toBe(1);
  expect(said).toEqual(['Request failed with status code [429], will retry [1] time in [1000] ms']);
});

test('products, deals and their lines: made, won, associated and read as a salesperson’s tools do', async () => {
  const { client, vendor } = await withSdk();
  const product = await client.crm.products.basicApi.create({
    properties: { name: 'Merbau decking', hs_sku: 'DK-1', price: '11.45' },
    associations: [],
  });
  const types = (associationTypeId: number) => [
    { associationCategory: 'HUBSPOT_DEFINED' as never, associationTypeId },
  ];
  const deal = await client.crm.deals.basicApi.create({
    properties: { dealname: 'Deck', dealstage: 'contractsent' },
    associations: [{ to: { id: '901' }, types: types(5) }],
  });
  const { results } = await client.crm.lineItems.batchApi.create({
    inputs: [
      {
        properties: { hs_product_id: product.id, quantity: '12.5' },
        associations: [{ to: { id: deal.id }, types: types(20) }],
      },
    ],
  });
  const [line] = results;
  expect(line?.properties).toMatchObject({ name: 'Merbau decking', price: '11.45', amount: '143.13' });
  const pipelines = await client.crm.pipelines.pipelinesApi.getAll('deals');
  const won = pipelines.results[0]?.stages.find(({ metadata }) => metadata?.probability === '1.0');
  await client.crm.deals.basicApi.update(deal.id, { properties: { dealstage: won?.id ?? '' } });
  const read = await client.crm.deals.basicApi.getById(deal.id, ['dealstage', 'hs_is_closed_won']);
  expect(read.properties).toMatchObject({ dealstage: 'closedwon', hs_is_closed_won: 'true' });
  const lines = await client.crm.associations.v4.batchApi.getPage('deals', 'line_items', {
    inputs: [{ id: deal.id }],
  });
  expect(lines.results[0]?.to.map((end) => String(end.toObjectId))).toEqual([line?.id]);
  const groups = await client.crm.properties.groupsApi.getAll('line_items');
  expect(groups.results.map(({ name }) => name)).toContain('lineiteminformation');
  const invalid = client.crm.deals.basicApi.update(deal.id, { properties: { dealstage: 'won' } });
  await expect(invalid).rejects.toMatchObject({ code: 400, body: { category: 'VALIDATION_ERROR' } });
  expect(vendor.log.every(({ status }) => status < 500)).toBe(true);
});
