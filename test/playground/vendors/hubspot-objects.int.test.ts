import { expect, test } from 'vitest';
import { startHubSpot } from '#src/playground/vendors/hubspot/server.ts';
import { propertyOf } from '#src/playground/vendors/hubspot/state.ts';
import { practiceAccount, sam } from '../../connectors/hubspot/practice-account.ts';
import { ask } from './kit.ts';

const companies = '/crm/objects/2026-09/companies';
const contacts = '/crm/objects/2026-09/contacts';

async function account(options: Parameters<typeof practiceAccount>[0] = {}) {
  const world = await practiceAccount(options);
  const headers = {
    authorization: `Bearer ${world.vendor.env.HUBSPOT_TOKEN}`,
    'content-type': 'application/json',
  };
  const send = (path: string, body?: unknown, method?: string) =>
    ask(world.vendor.baseUrl + path, { headers, body, ...(method ? { method } : {}) });
  return { ...world, send };
}

const properties = (held: Record<string, string>, more: object = {}) => ({ properties: held, ...more });

test('creates in batches: with trace ids a bad one fails alone, without them nothing is made', async () => {
  const { send, crm } = await account();
  const batch = (trace: boolean) => ({
    inputs: [
      properties({ name: 'Good' }, trace ? { objectWriteTraceId: 'a' } : {}),
      properties({ industry: 'X' }, trace ? { objectWriteTraceId: 'b' } : {}),
    ],
  });
  expect((await send(`${companies}/batch/create`, batch(false))).status).toBe(400);
  expect(crm.companies.all()).toHaveLength(2);
  const { status, json } = await send(`${companies}/batch/create`, batch(true));
  expect([status, json.numErrors, json.errors[0].context]).toEqual([207, 1, { objectWriteTraceId: ['b'] }]);
  expect(json.results[0]).toMatchObject({ properties: { name: 'Good' }, objectWriteTraceId: 'a' });
});

test('upserts by a unique property alone, all of a batch by the same one', async () => {
  const { send } = await account();
  const input = (idProperty?: string, id = 'x') => ({ id, idProperty, properties: { name: 'Gamma' } });
  const upsert = (...inputs: object[]) => send(`${companies}/batch/upsert`, { inputs });
  expect((await upsert(input())).json.message).toContain('idProperty is required');
  expect((await upsert(input('name'))).json.message).toContain('not a unique identifier');
  expect((await upsert(input('nope'))).json.message).toContain('"nope" does not exist');
  expect((await upsert(input('truce_id'), input('hs_object_id', 'y'))).json.message).toContain(
    'same idProperty',
  );
  const made = await upsert(input('truce_id'), input('truce_id', 'y'));
  expect([made.status, made.json.results.map((one: { new: boolean }) => one.new)]).toEqual([
    200,
    [true, true],
  ]);
  const again = await upsert(input('truce_id'));
  expect([again.json.results[0].new, again.json.results[0].id]).toEqual([false, made.json.results[0].id]);
});

test('no two companies have one value of a unique property', async () => {
  const { send } = await account();
  const update = (id: string) => ({ inputs: [{ id, properties: { truce_id: 'x' } }] });
  expect((await send(`${companies}/batch/update`, update('901'))).status).toBe(200);
  const second = await send(`${companies}/batch/update`, update('902'));
  expect([second.status, second.json.message]).toEqual([
    400,
    expect.stringContaining('CONFLICTING_UNIQUE_VALUE'),
  ]);
  expect((await send(`${companies}/batch/update`, update('901'))).status).toBe(200);
});

test('a contact’s address is kept in small letters, is no other’s, and belongs to the company of its domain', async () => {
  const { send, crm } = await account();
  crm.companies.update('901', { domain: 'https://www.Acme.example/about' }, sam);
  const made = await send(contacts, properties({ email: ' Pay@Acme.Example' }));
  expect([made.status, made.json.properties.email]).toEqual([201, 'pay@acme.example']);
  expect(crm.associations.of('companies', '901', 'contacts').map(({ id }) => id)).toEqual([made.json.id]);
  const twice = await send(contacts, properties({ email: 'PAY@acme.example' }));
  expect([twice.status, twice.json.category, twice.json.message]).toEqual([
    409,
    'CONFLICT',
    `Contact already exists. Existing ID: ${made.json.id}`,
  ]);
  const wrong = await send(contacts, properties({ email: 'nonsense' }));
  expect(wrong.json.message).toContain('INVALID_EMAIL');
  const other = crm.contacts.create({ email: 'old@acme.example' }, sam);
  crm.contacts.merge(made.json.id, other.id, sam);
  const further = await send(contacts, properties({ email: 'old@acme.example' }));
  expect(further.status).toBe(409);
});

test('what is thrown away is in the bin, listed when asked for, and takes no writes', async () => {
  const { send, crm } = await account();
  expect((await send(`${companies}/batch/archive`, { inputs: [{ id: '901' }, { id: '7' }] })).status).toBe(
    204,
  );
  expect((await send(`${companies}/901`)).status).toBe(404);
  const bin = await send(`${companies}?archived=true`);
  expect(bin.json.results).toMatchObject([{ id: '901', archived: true, archivedAt: expect.any(String) }]);
  expect((await send(`${companies}/901`, properties({ name: 'X' }), 'PATCH')).status).toBe(404);
  expect((await send(`${companies}/902`, undefined, 'DELETE')).status).toBe(204);
  expect((await send(companies)).json.results).toEqual([]);
  crm.companies.restore('901', sam);
  expect((await send(`${companies}/901`)).json.archived).toBe(false);
});

test('a merge keeps one id, which answers for both, and takes what it lacked', async () => {
  const { send, crm, contact } = await account();
  crm.companies.update('902', { phone: '1300 975 707', name: 'Beta' }, sam);
  const contactId = contact({ email: 'b@beta.example' }, ['902'], 'Billing contact');
  const merge = { primaryObjectId: '901', objectIdToMerge: '902' };
  expect((await send(`${companies}/merge`, merge)).json.id).toBe('901');
  const read = await send(`${companies}/902?properties=name,phone,hs_merged_object_ids`);
  expect([read.json.id, read.json.properties]).toEqual([
    '901',
    { name: 'Acme', phone: '1300 975 707', hs_merged_object_ids: '902' },
  ]);
  expect(crm.associations.of('companies', '901', 'contacts').map(({ id }) => id)).toEqual([contactId]);
  expect((await send(`${companies}/merge`, merge)).status).toBe(404);
  const update = await send(`${companies}/batch/update`, {
    inputs: [{ id: '902', properties: { name: 'X' } }],
  });
  expect([update.status, update.json.errors[0].category]).toEqual([207, 'OBJECT_NOT_FOUND']);
});

test('associations: none is an error in a 207, a label brings the plain one along, and pages go on', async () => {
  const { send, crm, contact } = await account();
  const path = '/crm/associations/2026-09/companies/contacts';
  const none = await send(`${path}/batch/read`, { inputs: [{ id: '901' }] });
  expect([none.status, none.json.errors[0].subCategory, none.json.errors[0].message]).toEqual([
    207,
    'crm.associations.NO_ASSOCIATIONS_FOUND',
    'No contact is associated with company 901.',
  ]);
  const { json: labels } = await send(`${path}/labels`);
  const label = labels.results.find((one: { label: string }) => one.label === 'Billing contact');
  const id = contact({ email: 'a@acme.example' }, []);
  const types = (typeId: number) => [{ associationCategory: 'USER_DEFINED', associationTypeId: typeId }];
  const pair = (typeId: number) => ({ from: { id: '901' }, to: { id }, types: types(typeId) });
  expect((await send(`${path}/batch/create`, { inputs: [pair(9999)] })).status).toBe(400);
  expect((await send(`${path}/batch/create`, { inputs: [pair(label.typeId)] })).status).toBe(201);
  const read = await send(`${path}/batch/read`, { inputs: [{ id: '901' }] });
  expect(read.json.results[0].to[0].associationTypes).toEqual([
    { category: 'HUBSPOT_DEFINED', typeId: 280, label: null },
    { category: 'USER_DEFINED', typeId: label.typeId, label: 'Billing contact' },
  ]);
  const back = await send('/crm/associations/2026-09/contacts/companies/batch/read', { inputs: [{ id }] });
  const kinds = back.json.results[0].to[0].associationTypes as { typeId: number }[];
  expect(kinds.map(({ typeId }) => typeId)).toEqual([279, label.typeId + 1]);
  const acme = crm.companies.get('901');
  expect(acme && propertyOf('companies', acme, 'num_associated_contacts')).toBe('1');
  for (let n = 0; n < 501; n += 1) contact({ lastname: `L${n}` }, ['902']);
  const page = await send(`${path}/batch/read`, { inputs: [{ id: '902' }] });
  expect([page.json.results[0].to.length, page.json.results[0].paging]).toEqual([
    500,
    { next: { after: '500' } },
  ]);
  const rest = await send(`${path}/batch/read`, { inputs: [{ id: '902', after: '500' }] });
  expect([rest.json.results[0].to.length, rest.json.results[0].paging]).toEqual([1, undefined]);
  crm.contacts.archive(id, sam);
  expect((await send(`${path}/batch/read`, { inputs: [{ id: '901' }] })).status).toBe(207);
});

test.each([
  ['without a group', { groupName: 'nowhere' }, 400, 'group "nowhere" does not exist'],
  ['of a name in capitals', { name: 'ABC' }, 400, 'not a valid property name'],
  ['whose field does not fit', { fieldType: 'number' }, 400, 'does not fit type'],
  ['that chooses from nothing', { type: 'enumeration', fieldType: 'select' }, 400, 'needs options'],
  ['of yes and no without both', { type: 'bool', fieldType: 'booleancheckbox' }, 400, 'exactly two options'],
  ['that is there', { name: 'abn' }, 409, "'abn' already exists"],
])('refuses a property %s', async (_, wrong, status, message) => {
  const { send } = await account();
  const good = {
    name: 'colour',
    label: 'Colour',
    type: 'string',
    fieldType: 'text',
    groupName: 'companyinformation',
  };
  const reply = await send('/crm/properties/2026-09/companies', { ...good, ...wrong });
  expect([reply.status, reply.json.message]).toEqual([status, expect.stringContaining(message)]);
});

test('ten properties with unique values are the most', async () => {
  const { send } = await account();
  const one = (n: number) => ({
    name: `key${n}`,
    label: `Key ${n}`,
    type: 'string',
    fieldType: 'text',
    groupName: 'companyinformation',
    hasUniqueValue: true,
  });
  for (let n = 0; n < 9; n += 1)
    expect((await send('/crm/properties/2026-09/companies', one(n))).status).toBe(201);
  expect((await send('/crm/properties/2026-09/companies', one(9))).status).toBe(400);
});

test('each call needs its scopes, and says which', async () => {
  const { send } = await account({ scopes: ['crm.objects.companies.read'] });
  const asked = async (path: string, body?: unknown) => {
    const { status, json } = await send(path, body);
    return [status, json.context?.requiredGranularScopes];
  };
  expect((await send(`${companies}/901`)).status).toBe(200);
  expect(await asked(`${companies}/batch/update`, {})).toEqual([403, ['crm.objects.companies.write']]);
  expect(await asked(contacts)).toEqual([403, ['crm.objects.contacts.read']]);
  expect(await asked('/crm/properties/2026-09/companies')).toEqual([403, ['crm.schemas.companies.read']]);
  expect(await asked('/crm/associations/2026-09/companies/contacts/batch/create', {})).toEqual([
    403,
    ['crm.objects.companies.write', 'crm.objects.contacts.write'],
  ]);
});

test('an OAuth app has 110 calls in 10 s and no number for the day; its token ends after half an hour', async () => {
  const { vendor, clock } = await practiceAccount();
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const redirect_uri = 'http://localhost/cb';
  const { HUBSPOT_CLIENT_ID: client_id = '', HUBSPOT_CLIENT_SECRET: client_secret = '' } = vendor.env;
  const allowed = new URLSearchParams({
    client_id,
    redirect_uri,
    scope: 'crm.objects.companies.read',
    answer: 'allow',
  });
  const sent = await fetch(`${vendor.authUrl}/oauth/authorize`, {
    method: 'POST',
    body: allowed,
    redirect: 'manual',
  });
  const code = new URL(sent.headers.get('location') ?? '').searchParams.get('code') ?? '';
  const grant = { grant_type: 'authorization_code', code, redirect_uri, client_id, client_secret };
  const { json } = await ask(`${vendor.baseUrl}/oauth/2026-09/token`, {
    headers: form,
    body: new URLSearchParams(grant).toString(),
  });
  const headers = { authorization: `Bearer ${json.access_token}` };
  const read = () => ask(`${vendor.baseUrl}${companies}/901`, { headers });
  const first = await read();
  expect([
    first.headers.get('x-hubspot-ratelimit-max'),
    first.headers.get('x-hubspot-ratelimit-daily'),
  ]).toEqual(['110', null]);
  for (let n = 1; n < 110; n += 1) expect((await read()).status).toBe(200);
  expect((await read()).json.policyName).toBe('TEN_SECONDLY_ROLLING');
  clock.advance(1_800_000);
  const late = await read();
  expect([late.status, late.json.category, late.json.message]).toEqual([
    401,
    'EXPIRED_AUTHENTICATION',
    'The OAuth token used to make this call expired 0 minute(s) ago.',
  ]);
});

test('the numbered versions of the API answer as the dated one does', async () => {
  const { send } = await account();
  expect((await send('/crm/v3/objects/companies/901')).json).toEqual((await send(`${companies}/901`)).json);
  expect((await send('/crm/v3/properties/companies')).status).toBe(200);
  expect((await send('/crm/v4/associations/companies/contacts/labels')).status).toBe(200);
  expect((await send('/crm/objects/2025-09/companies/901')).status).toBe(404);
});

test('what was made through the API is still there after a restart', async () => {
  const { openStore } = await import('#src/playground/store.ts');
  const { clockAtNoon } = await import('../../connectors/kit.ts');
  const store = openStore(':memory:');
  const clock = clockAtNoon();
  const first = await startHubSpot({ store, clock, installed: false });
  first.crm.properties.add('companies', {
    ...{ name: 'colour', label: 'Colour', type: 'string', fieldType: 'text' },
    ...{ groupName: 'companyinformation', custom: true },
  });
  const { id } = first.crm.companies.create({ colour: 'red' }, sam);
  await first.close();
  const second = await startHubSpot({ store, clock, installed: false });
  const held = second.crm.companies.get(id);
  expect(held && propertyOf('companies', held, 'colour')).toBe('red');
  expect(second.crm.properties.find('companies', 'colour')?.label).toBe('Colour');
  await second.close();
  store.close();
});
