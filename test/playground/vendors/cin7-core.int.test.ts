import { expect, test } from 'vitest';
import { startCin7Core } from '#src/playground/vendors/cin7-core/server.ts';
import { ask, eventually, hookTarget, type Reply, shown, started } from './kit.ts';

async function cin7Core() {
  const { vendor, clock } = await started(startCin7Core, (all) => all.cin7Core);
  const headers = {
    'api-auth-accountid': vendor.env.CIN7_ACCOUNT_ID ?? '',
    'api-auth-applicationkey': vendor.env.CIN7_APPLICATION_KEY ?? '',
    'content-type': 'application/json',
  };
  const call = (path: string, body?: unknown, method = body === undefined ? 'GET' : 'PUT') =>
    ask(vendor.baseUrl + path, { headers, body, method });
  return { vendor, clock, call, star: vendor.cards()[0]?.externalId ?? '' };
}

const complaint = ({ json }: Reply): string => json[0].Exception;
const whole = {
  Name: 'New Customer',
  Status: 'Active',
  Currency: 'AUD',
  PaymentTerm: '30 days',
  AccountReceivable: '610',
  RevenueAccount: '200',
  TaxRule: 'GST on Income',
};

test('403 for wrong keys, a page for a wrong path, its reference books for right ones', async () => {
  const { vendor, call } = await cin7Core();
  const stranger = await ask(`${vendor.baseUrl}/customer`, { headers: { 'api-auth-accountid': 'x' } });
  expect([stranger.status, stranger.json]).toEqual([
    403,
    [{ ErrorCode: 403, Exception: 'Incorrect credentials' }],
  ]);
  const lost = await call('/customers');
  expect([lost.status, lost.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  expect((await call('/me')).json).toMatchObject({ Currency: 'AUD' });
  const terms = (await call('/ref/paymentterm')).json.PaymentTermList;
  expect(terms.map(({ Name }: { Name: string }) => Name)).toContain('30 days EOM');
  expect((await call('/me', {}, 'DELETE')).status).toBe(405);
});

test('lists by page, by time, by id and by the beginning of a name, whatever the case of the parameter', async () => {
  const { vendor, clock, call, star } = await cin7Core();
  const all = (await call('/customer?Limit=1000')).json;
  expect([all.Total, all.Page, all.CustomerList.length]).toEqual([
    vendor.cards().length,
    1,
    vendor.cards().length,
  ]);
  const second = (await call('/customer?page=2')).json;
  expect([second.Page, second.CustomerList.length]).toEqual([2, all.Total - 100]);
  clock.advance(60_000);
  vendor.edit(star, { City: 'Pambula' }, 'Kim Doyle');
  const changed = (await call('/customer?modifiedsince=2026-11-21T01:01:00')).json.CustomerList;
  expect(changed.map(({ ID }: { ID: string }) => ID)).toEqual([star]);
  expect(changed[0].LastModifiedOn).toBe('2026-11-21T01:01:00.000');
  expect((await call(`/customer?ID=${star}`)).json).toMatchObject({ Total: 1, CustomerList: [{ ID: star }] });
  expect((await call('/customer?Name=bellbird')).json.Total).toBe(1);
  expect((await call('/customer?Name=timber')).json.Total).toBe(0);
  await call('/customer', { ID: star, Status: 'Deprecated' });
  expect((await call('/customer?Name=bellbird')).json.Total).toBe(0);
  expect((await call('/customer?Name=bellbird&includedeprecated=true')).json.Total).toBe(1);
});

test('an update changes what was sent; an item with its id is changed, one without is added', async () => {
  const { vendor, call, star } = await cin7Core();
  const [address] = (await call(`/customer?ID=${star}`)).json.CustomerList[0].Addresses;
  const changed = await call('/customer', { ID: star, Addresses: [{ ID: address.ID, City: 'Pambula' }] });
  expect(changed.json.CustomerList[0]).toMatchObject({
    Name: 'Bellbird Timber Pty Ltd',
    Addresses: [{ ...address, City: 'Pambula' }],
  });
  const added = await call('/customer', {
    ID: star,
    Addresses: [{ Type: 'Billing', Country: 'Australia', City: 'Eden' }],
  });
  expect(added.json.CustomerList[0].Addresses).toHaveLength(2);
  expect(shown(vendor, star, 'City')).toBe('Pambula');
  const made = await call('/customer', whole, 'POST');
  expect(vendor.card(made.json.CustomerList[0].ID)?.title).toBe('New Customer');
});

test.each<[string, string, Record<string, unknown>, string]>([
  [
    'a term that the account lacks',
    'PUT',
    { PaymentTerm: '90 days' },
    "Payment term '90 days' was not found",
  ],
  ['a term that is not active', 'PUT', { PaymentTerm: '45 days' }, "Payment term '45 days' was not found"],
  ['no term', 'PUT', { PaymentTerm: '' }, "Required field 'PaymentTerm'"],
  [
    'a new customer without a term',
    'POST',
    { ...whole, PaymentTerm: undefined },
    "Required field 'PaymentTerm'",
  ],
  [
    'a name that another has, in capitals',
    'PUT',
    { Name: 'TOP END MARINE SUPPLIES PTY LTD' },
    'must be unique',
  ],
  ['a name of 257 characters', 'PUT', { Name: 'x'.repeat(257) }, 'longer than 256'],
  [
    'a customer that is not there',
    'PUT',
    { ID: '00000000-0000-4000-8000-000000000000' },
    'specified ID not found',
  ],
  [
    'an address that is not there',
    'PUT',
    { Addresses: [{ ID: '1' }] },
    'Address with specified ID not found',
  ],
  [
    'an address without a country',
    'PUT',
    { Addresses: [{ Type: 'Billing' }] },
    'Address Country is required',
  ],
  [
    'a postcode of 21 characters',
    'PUT',
    { Addresses: [{ Type: 'Billing', Country: 'Australia', Postcode: '1'.repeat(21) }] },
    'longer than 20',
  ],
  ['a contact without a name', 'PUT', { Contacts: [{ Email: 'a@example.com' }] }, 'Contact Name is required'],
  ['a status that is none', 'PUT', { Status: 'Gone' }, 'Status is not valid'],
])('refuses %s', async (_, method, body, message) => {
  const { vendor, call, star } = await cin7Core();
  const before = JSON.stringify(vendor.cards());
  const reply = await call('/customer', method === 'PUT' ? { ID: star, ...body } : body, method);
  expect([reply.status, complaint(reply)]).toEqual([400, expect.stringContaining(message)]);
  expect(JSON.stringify(vendor.cards())).toBe(before);
});

test('takes 60 calls a minute; then words, and not how long', async () => {
  const { clock, call } = await cin7Core();
  for (let i = 0; i < 60; i += 1) expect((await call('/me')).status).toBe(200);
  const over = await call('/me');
  expect([over.status, over.text, over.headers.get('retry-after')]).toEqual([
    503,
    'You reached 60 calls per minute API limit.',
    null,
  ]);
  clock.advance(60_000);
  expect((await call('/me')).status).toBe(200);
});

test('a person chooses terms from the list, and is refused others', async () => {
  const { vendor, star } = await cin7Core();
  vendor.edit(star, { PaymentTerm: '30 days after end of month', Line1: '2 New St' }, 'Kim Doyle');
  expect([shown(vendor, star, 'PaymentTerm'), shown(vendor, star, 'Line1')]).toEqual([
    '30 days EOM',
    '2 New St',
  ]);
  expect(() => vendor.edit(star, { PaymentTerm: '90 days' }, 'Kim Doyle')).toThrow('was not found');
  expect(() => vendor.edit(star, { Colour: 'red' }, 'Kim Doyle')).toThrow('no field Colour');
});

test('webhooks: one post for each change, with the bearer token; what fails is sent again', async () => {
  const { vendor, call, star } = await cin7Core();
  const { url, hooks } = await hookTarget('/webhooks/cin7-core', (_, number) => (number === 1 ? 500 : 200));
  vendor.setWebhookTarget(url);
  await call('/customer', { ID: star, TaxNumber: '51824753556' });
  await eventually(() => hooks.length >= 2);
  const [, hook] = hooks;
  expect([hook?.headers.authorization, hook?.headers['event-type']]).toEqual([
    `Bearer ${vendor.env.CIN7_WEBHOOK_SECRET}`,
    'Customer/Updated',
  ]);
  expect(JSON.parse(hook?.body ?? '')).toMatchObject({ ID: star, EventType: 'Customer/Updated' });
});
