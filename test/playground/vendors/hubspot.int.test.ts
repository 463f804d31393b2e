import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { startHubSpot } from '#src/playground/vendors/hubspot/server.ts';
import { ask, eventually, hookTarget, noon, shown, started } from './kit.ts';

const api = '/crm/objects/2026-09/companies';
const bellbird = '30100000001';
async function hubspot() {
  const { vendor, clock, store } = await started(startHubSpot, (all) => all.hubspot);
  const headers = { authorization: `Bearer ${vendor.env.HUBSPOT_TOKEN}`, 'content-type': 'application/json' };
  const call = (path: string, body?: unknown) => ask(vendor.baseUrl + path, { headers, body });
  const since = (at: Date, more = {}) => ({
    filterGroups: [
      { filters: [{ propertyName: 'hs_lastmodifieddate', operator: 'GTE', value: String(at.getTime()) }] },
    ],
    sorts: [{ propertyName: 'hs_lastmodifieddate', direction: 'ASCENDING' }],
    properties: ['name', 'phone'],
    limit: 200,
    ...more,
  });
  return { vendor, clock, store, call, since };
}

const filters = (count: number) =>
  Array.from({ length: count }, () => ({ propertyName: 'name', operator: 'HAS_PROPERTY' }));
const inputs = (count: number) => Array.from({ length: count }, (_, i) => ({ id: String(i + 1) }));

test.each<[string, string, unknown, number, string]>([
  [
    'an unknown property in a filter',
    '/search',
    { filterGroups: [{ filters: [{ propertyName: 'x', operator: 'EQ', value: '1' }] }] },
    400,
    'no property named x',
  ],
  [
    'an unknown operator',
    '/search',
    { filterGroups: [{ filters: [{ propertyName: 'name', operator: 'LIKE', value: '1' }] }] },
    400,
    'LIKE is not a valid operator',
  ],
  [
    'a filter that is no date',
    '/search',
    { filterGroups: [{ filters: [{ propertyName: 'createdate', operator: 'GT', value: 'May' }] }] },
    400,
    'May is not a valid value',
  ],
  ['more than 200 a page', '/search', { limit: 201 }, 400, 'limit must be'],
  ['paging past 10,000', '/search', { limit: 100, after: '9950' }, 400, 'Paging past 10000'],
  ['seven filters in a group', '/search', { filterGroups: [{ filters: filters(7) }] }, 400, 'No more than 6'],
  ['six groups', '/search', { filterGroups: Array(6).fill({ filters: filters(1) }) }, 400, 'No more than 5'],
  [
    'nineteen filters',
    '/search',
    { filterGroups: Array(4).fill({ filters: filters(5) }) },
    400,
    'No more than 18',
  ],
  ['a sort that is a word', '/search', { sorts: ['name'] }, 400, 'a sort is an object'],
  [
    '101 inputs',
    '/batch/read',
    { inputs: inputs(101), properties: ['name'] },
    400,
    'supported in a batch request is 100',
  ],
  [
    '51 inputs with history',
    '/batch/read',
    { inputs: inputs(51), propertiesWithHistory: ['name'] },
    400,
    'property histories is 50',
  ],
  ['half a body', '/batch/read', '{"inputs":', 400, 'Invalid input JSON'],
  [
    'the same id twice',
    '/batch/update',
    {
      inputs: [
        { id: '1', properties: {} },
        { id: '1', properties: {} },
      ],
    },
    400,
    'Duplicate',
  ],
  [
    'an unknown property',
    '/batch/update',
    { inputs: [{ id: bellbird, properties: { nope: '1' } }] },
    400,
    '"error":"PROPERTY_DOESNT_EXIST"',
  ],
  [
    'a read-only property',
    '/batch/update',
    { inputs: [{ id: bellbird, properties: { createdate: '1' } }] },
    400,
    'READ_ONLY_VALUE',
  ],
  [
    'an option that is none',
    '/batch/update',
    { inputs: [{ id: bellbird, properties: { industry: 'X' } }] },
    400,
    'INVALID_OPTION',
  ],
  ['a company that is not there', '/1', undefined, 404, 'resource not found'],
])('refuses %s', async (_, path, body, status, message) => {
  const { call } = await hubspot();
  const reply = await call(api + path, body);
  expect(reply.status).toBe(status);
  expect(reply.json).toMatchObject({
    status: 'error',
    message: expect.stringContaining(message),
    correlationId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    category: status === 404 ? 'OBJECT_NOT_FOUND' : 'VALIDATION_ERROR',
  });
});

test('knows who may come in: 401 without or with a wrong key, 403 without the scope, 400 for no such type', async () => {
  const { vendor, call } = await hubspot();
  const strangers = [{}, { authorization: 'Bearer wrong' }];
  for (const headers of strangers) {
    const reply = await ask(vendor.baseUrl + api, { headers: headers as Record<string, string> });
    expect([reply.status, reply.json.category]).toEqual([401, 'INVALID_AUTHENTICATION']);
  }
  const quotes = await call('/crm/objects/2026-09/quotes/search', {});
  expect([quotes.status, quotes.json.category, quotes.json.context]).toEqual([
    403,
    'MISSING_SCOPES',
    { requiredGranularScopes: ['crm.objects.quotes.read'] },
  ]);
  expect((await call('/crm/objects/2026-09/xyz/1')).json.message).toBe(
    'Unable to infer object type from: xyz',
  );
});

test('reads by id what was asked for: texts or null, histories with who, 207 for those that are missing', async () => {
  const { vendor, call } = await hubspot();
  vendor.edit(bellbird, { address: '1 New St', zip: '2551' }, 'Priya Nair');
  const { status, json } = await call(`${api}/batch/read`, {
    inputs: [{ id: bellbird }, { id: '5' }],
    properties: ['zip', 'address2', 'no_such'],
    propertiesWithHistory: ['zip'],
  });
  expect(status).toBe(207);
  expect(json).toMatchObject({ status: 'COMPLETE', numErrors: 1, errors: [{ context: { ids: ['5'] } }] });
  expect(json.results[0].properties).toEqual({ zip: '2551', address2: null });
  expect(json.results[0].updatedAt).toBe(noon.toISOString());
  expect(json.results[0].propertiesWithHistory.zip).toMatchObject([
    { value: '2551', timestamp: noon.toISOString(), sourceType: 'CRM_UI', sourceLabel: 'Priya Nair' },
    { value: '2550', sourceType: 'CRM_UI' },
  ]);
});

test('updates in batches: with trace ids a bad one fails alone, without them nothing is saved', async () => {
  const { vendor, call } = await hubspot();
  const batch = (trace: boolean) => ({
    inputs: [
      { id: bellbird, properties: { phone: '1' }, ...(trace ? { objectWriteTraceId: 'a' } : {}) },
      { id: '30100000002', properties: { nope: '1' }, ...(trace ? { objectWriteTraceId: 'b' } : {}) },
      { id: '7', properties: { phone: '1' }, ...(trace ? { objectWriteTraceId: 'c' } : {}) },
    ],
  });
  expect((await call(`${api}/batch/update`, batch(false))).status).toBe(400);
  expect(shown(vendor, bellbird, 'phone')).toBe('(02) 5550 1870');
  const { status, json } = await call(`${api}/batch/update`, batch(true));
  expect([status, json.results.map(({ id }: { id: string }) => id)]).toEqual([207, [bellbird]]);
  expect(json.errors.map((error: { category: string }) => error.category)).toEqual([
    'VALIDATION_ERROR',
    'OBJECT_NOT_FOUND',
  ]);
  expect(json.errors[0].context).toEqual({ ids: ['30100000002'], objectWriteTraceId: ['b'] });
  expect(shown(vendor, bellbird, 'phone')).toBe('1');
});

test('the search index is a second behind reading by id, and pages by offset', async () => {
  const { vendor, clock, call, since } = await hubspot();
  vendor.edit(bellbird, { phone: '02 5550 0001' }, 'Priya Nair');
  const found = async (more = {}) => (await call(`${api}/search`, since(noon, more))).json;
  expect(await found()).toMatchObject({ total: 0, results: [] });
  expect((await call(`${api}/${bellbird}?properties=phone`)).json.properties.phone).toBe('02 5550 0001');
  clock.advance(999);
  expect((await found()).total).toBe(0);
  clock.advance(1);
  expect(await found()).toMatchObject({
    total: 1,
    results: [{ id: bellbird, properties: { phone: '02 5550 0001' } }],
  });
  const first = (await call(`${api}/search`, since(new Date(0)))).json;
  expect([first.results.length, first.total > 200, first.paging]).toEqual([
    200,
    true,
    { next: { after: '200' } },
  ]);
  const rest = (await call(`${api}/search`, since(new Date(0), { after: '200' }))).json;
  expect([rest.results.length, rest.paging]).toEqual([first.total - 200, undefined]);
  const times = [...first.results, ...rest.results].map(({ updatedAt }: { updatedAt: string }) => updatedAt);
  expect(times).toEqual([...times].sort());
});

test('takes 5 searches a second and 100 calls in 10 s, and says so in its own words', async () => {
  const { clock, call } = await hubspot();
  const search = () => call(`${api}/search`, { limit: 1 });
  for (let i = 0; i < 5; i += 1) {
    const { status, headers } = await search();
    expect([status, headers.get('x-hubspot-ratelimit-max')]).toEqual([200, null]);
  }
  const sixth = await search();
  expect([sixth.status, sixth.json.policyName, sixth.json.message]).toEqual([
    429,
    'SECONDLY',
    'You have reached your secondly limit.',
  ]);
  clock.advance(1000);
  const read = () => call(`${api}/${bellbird}`);
  for (let left = 94; left >= 0; left -= 1) {
    const { headers } = await read();
    expect(headers.get('x-hubspot-ratelimit-remaining')).toBe(String(left));
  }
  const over = await read();
  expect([over.status, over.json.policyName, over.headers.get('retry-after')]).toEqual([
    429,
    'TEN_SECONDLY_ROLLING',
    null,
  ]);
  clock.advance(9_000);
  expect((await read()).status).toBe(200);
});

test('lists its properties, the custom ones among them', async () => {
  const { call } = await hubspot();
  const { json } = await call('/crm/properties/2026-09/companies');
  const custom = json.results.filter(({ hubspotDefined }: { hubspotDefined: boolean }) => !hubspotDefined);
  expect(custom.map(({ name }: { name: string }) => name)).toEqual([
    ...['legal_name', 'abn', 'acn', 'billing_email', 'mobile_phone', 'payment_terms', 'tax_treatment'],
    ...['gst_registered', 'customer_status', 'delivery_address', 'delivery_address2', 'delivery_city'],
    ...['delivery_state', 'delivery_zip', 'delivery_country', 'truce_id'],
  ]);
});

test('renamed: the old name is unknown to writes, answers and the list of properties carry the new one', async () => {
  const { vendor, call } = await hubspot();
  vendor.setFault({ kind: 'renamed' });
  const { json } = await call(`${api}/${bellbird}?properties=billing_email,phone`);
  expect(json.properties).toEqual({
    billing_email_address: 'accounts@bellbirdtimber.example',
    phone: '(02) 5550 1870',
  });
  const old = { inputs: [{ id: bellbird, properties: { billing_email: 'x@example.com' } }] };
  expect((await call(`${api}/batch/update`, old)).json.message).toContain('PROPERTY_DOESNT_EXIST');
  const listed = (await call('/crm/properties/2026-09/companies')).json.results.map(
    ({ name }: { name: string }) => name,
  );
  expect([listed.includes('billing_email'), listed.includes('billing_email_address')]).toEqual([false, true]);
  vendor.setFault(null);
  expect((await call(`${api}/${bellbird}?properties=billing_email`)).json.properties).toHaveProperty(
    'billing_email',
  );
});

test('webhooks: one event for each property that changed, signed over method, address, body and time', async () => {
  const { vendor, clock, call } = await hubspot();
  const { url, hooks } = await hookTarget('/webhooks/hubspot', (_, number) => (number === 1 ? 500 : 204));
  vendor.setWebhookTarget(url);
  vendor.edit(bellbird, { city: 'Pambula', zip: '2549', state: 'NSW' }, 'Priya Nair');
  await eventually(() => hooks.length === 1);
  clock.advance(168_000);
  await eventually(() => hooks.length >= 2);
  const [, hook] = hooks;
  const stamp = String(clock.now().getTime());
  const signed = createHmac('sha256', vendor.env.HUBSPOT_CLIENT_SECRET ?? '').update(
    `POST${url}${hook?.body}${stamp}`,
  );
  expect(hook?.headers).toMatchObject({
    'x-hubspot-signature-v3': signed.digest('base64'),
    'x-hubspot-request-timestamp': stamp,
  });
  expect(JSON.parse(hook?.body ?? '')).toMatchObject([
    {
      subscriptionType: 'company.propertyChange',
      objectId: Number(bellbird),
      propertyName: 'city',
      propertyValue: 'Pambula',
      changeSource: 'CRM_UI',
      attemptNumber: 1,
    },
    { propertyName: 'zip', propertyValue: '2549', occurredAt: noon.getTime() },
  ]);
  await call(`${api}/batch/update`, { inputs: [{ id: bellbird, properties: { phone: '13 12 13' } }] });
  await eventually(() => hooks.length >= 3);
  expect(JSON.parse(hooks[2]?.body ?? '')).toMatchObject([
    { propertyName: 'phone', changeSource: 'INTEGRATION' },
  ]);
});
