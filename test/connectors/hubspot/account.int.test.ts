import { expect, test } from 'vitest';
import { knownScopes } from '#src/playground/vendors/hubspot/scopes.ts';
import { fieldsOf, tinyVendor } from '../kit.ts';
import { call, create, practiceAccount } from './practice-account.ts';

const marker = '7d0e9a52-3d3a-4b8e-9a53-0c5f0a1d2e3f';

test('an account that has everything says so', async () => {
  const { connector } = await practiceAccount();
  expect(await connector.account(call)).toEqual({
    account: 'Hub ID 44000001',
    scopes: knownScopes,
    missingScopes: [],
    expiresAt: null,
    problems: [],
    steps: [],
  });
});

test('a bare account is told what the step will make; done twice it makes it once, and customers can be made', async () => {
  const { connector, crm, vendor } = await practiceAccount({ installed: false });
  const [step] = (await connector.account(call)).steps;
  expect(step).toMatchObject({
    id: 'properties',
    label: 'Create 16 properties on companies, in the group “Truce”',
  });
  expect(step?.details).toEqual(
    expect.arrayContaining([
      'abn: “ABN”, single-line text',
      'gst_registered: “GST registered”, single checkbox (yes or no)',
      'customer_status: “Customer status”, drop-down (active, archived)',
      'truce_id: “Truce ID”, single-line text with unique values',
    ]),
  );
  vendor.setFault({ kind: 'cut_after_write', times: 1 });
  await connector.setUp('properties', call);
  await connector.setUp('properties', call);
  expect((await connector.account(call)).steps).toEqual([]);
  const group = crm.properties.of('companies').filter(({ groupName }) => groupName === 'truce');
  expect(group).toHaveLength(16);
  const [made] = await connector.create(
    [create(marker, { abn: '1', tax_treatment: 'gst', gst_registered: false })],
    call,
  );
  if (made?.kind !== 'created') throw new Error(JSON.stringify(made));
  expect(fieldsOf((await connector.read([made.externalId], call))[0])).toMatchObject({
    gst_registered: { state: 'value', value: false },
  });
});

test('where a contact holds e-mail and mobile, the company needs no properties for them', async () => {
  const { connector } = await practiceAccount({ installed: false, billing: { kind: 'only' } });
  const names = (await connector.account(call)).steps[0]?.details.map((line) => line.split(':')[0]);
  expect(names).not.toContain('billing_email');
  expect(names).not.toContain('mobile_phone');
  expect(names).toContain('abn');
});

test('a property of ours that is not as it must be is a problem in words', async () => {
  const { connector, crm } = await practiceAccount();
  const line = { type: 'string', fieldType: 'text', groupName: 'companyinformation', custom: true } as const;
  crm.properties.add('companies', { ...line, name: 'truce_id', label: 'Truce ID' });
  crm.properties.add('companies', {
    ...line,
    name: 'acn',
    label: 'ACN',
    type: 'number',
    fieldType: 'number',
  });
  crm.properties.add('companies', {
    ...line,
    name: 'gst_registered',
    label: 'GST registered',
    type: 'number',
    fieldType: 'number',
  });
  expect((await connector.account(call)).problems).toEqual([
    expect.stringContaining('acn is a number and loses leading zeros'),
    'The company property gst_registered is a number: make it a single checkbox.',
    expect.stringContaining('truce_id must have unique values'),
  ]);
});

test('scopes that are missing are named before a run needs them, and in the failure where one does', async () => {
  const scopes = ['crm.objects.companies.read', 'crm.schemas.companies.read'];
  const billing = { kind: 'only' } as const;
  const { connector } = await practiceAccount({ scopes, billing });
  expect((await connector.account(call)).missingScopes).toEqual([
    'crm.objects.companies.write',
    'crm.objects.contacts.read',
    'crm.objects.contacts.write',
  ]);
  await expect(connector.read(['901'], call)).rejects.toMatchObject({
    failure: 'auth',
    message: 'HubSpot has refused our sign-in: the scope crm.objects.contacts.read is missing',
  });
});

test('the scope to make properties is missed only while there are some to make', async () => {
  const scopes = knownScopes.filter((scope) => scope !== 'crm.schemas.companies.write');
  const whole = await practiceAccount({ scopes });
  expect((await whole.connector.account(call)).missingScopes).toEqual([]);
  const bare = await practiceAccount({ scopes, installed: false });
  expect((await bare.connector.account(call)).missingScopes).toEqual(['crm.schemas.companies.write']);
  await expect(bare.connector.setUp('properties', call)).rejects.toMatchObject({
    failure: 'auth',
    message: expect.stringContaining('crm.schemas.companies.write'),
  });
});

test('of a key that does not tell its scopes, what it may not read is found by trying', async () => {
  const refusal = { category: 'MISSING_SCOPES', message: 'no' };
  const { url } = await tinyVendor((seen) => {
    if (seen.url.startsWith('/account-info')) return { json: { portalId: 7, accountType: 'DEVELOPER_TEST' } };
    if (seen.url.includes('/oauth/')) return { status: 404, json: { message: 'not found' } };
    return { status: 403, json: refusal };
  });
  const { connectTo } = await practiceAccount();
  expect(await connectTo(url).account(call)).toMatchObject({
    account: 'Hub ID 7 (developer test)',
    scopes: null,
    missingScopes: ['crm.objects.companies.read', 'crm.schemas.companies.read'],
  });
});
