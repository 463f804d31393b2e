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
  expect([second.Page, second.CustomerList.length]).toEqual([2, Math.min(100, all.Total - 100)]);
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
    Addresses: [
      { ...address, City: 'Pambula' },
      { Type: 'Shipping', City: 'Bega' },
    ],
  });
  const added = await call('/customer', {
    ID: star,
    Addresses: [{ Type: 'Billing', Country: 'Australia', City: 'Eden' }],
  });
  expect(added.json.CustomerList[0].Addresses).toHaveLength(3);
  expect(shown(vendor, star, 'City')).toBe('Pambula');
});

test('makes a customer whatever its ids say, and never the same name twice, not of one that is deprecated either', async () => {
  const { vendor, call, star } = await cin7Core();
  const items = { Addresses: [{ ID: star, Type: 'Shipping', Country: 'Australia' }] };
  const made = (await call('/customer', { ...whole, ...items, ID: star }, 'POST')).json.CustomerList[0];
  expect([made.ID === star, made.Addresses[0].ID === star, made.Contacts]).toEqual([false, false, []]);
  expect(vendor.card(made.ID)?.title).toBe('New Customer');
  await call('/customer', { ID: made.ID, Status: 'DEPRECATED' });
  const again = await call('/customer', { ...whole, Name: 'NEW customer ' }, 'POST');
  expect([again.status, complaint(again)]).toEqual([400, expect.stringContaining('must be unique')]);
  const bad = await call('/customer', {}, 'POST');
  expect(bad.json).toHaveLength(2);
});

test('its books: terms, tax rules, accounts; an account that is not there is a mistake', async () => {
  const { call } = await cin7Core();
  const { TaxRuleList, Total } = (await call('/ref/tax?Name=gst%20free')).json;
  expect([Total, TaxRuleList.map(({ Name }: { Name: string }) => Name)]).toEqual([
    2,
    ['GST Free Income', 'GST Free Exports'],
  ]);
  expect((await call('/ref/account?Code=610')).json.AccountsList).toMatchObject([
    { SystemAccount: 'Accounts receivable', Status: 'ACTIVE' },
  ]);
  const absent = await call('/ref/account?Code=999');
  expect([absent.status, complaint(absent)]).toEqual([400, 'Account with specified ID not found']);
});

const hookBody = (ExternalURL: string, more = {}) => ({
  Type: 'Customer/Updated',
  IsActive: true,
  ExternalURL,
  ExternalAuthorizationType: 'noauth',
  ...more,
});

test('keeps webhooks: five of a type, changed by id, gone when deleted', async () => {
  const { call } = await cin7Core();
  const url = 'https://truce.example.com/webhooks/cin7-core';
  const ids: string[] = [];
  for (let n = 0; n < 5; n += 1)
    ids.push((await call('/webhooks', hookBody(url), 'POST')).json.Webhooks[0].ID);
  expect(complaint(await call('/webhooks', hookBody(url), 'POST'))).toContain('No more than 5');
  const changed = await call('/webhooks', { ID: ids[0], IsActive: false, Colour: 'red' });
  expect(changed.json.Webhooks).toEqual([
    expect.objectContaining({ ID: ids[0], IsActive: false, ExternalURL: url }),
  ]);
  expect((await call(`/webhooks?ID=${ids[1]}`, {}, 'DELETE')).json).toEqual({ Success: true });
  expect((await call('/webhooks')).json.Webhooks).toHaveLength(4);
});

test.each([
  ['a type that is none', { Type: 'Customer/Eaten' }, "'Customer/Eaten' is not valid"],
  ['no address', { ExternalURL: '' }, "'ExternalURL' is missing"],
  ['no word on whether it is on', { IsActive: null }, "'IsActive' is missing"],
  ['a token that is missing', { ExternalAuthorizationType: 'bearerauth' }, 'ExternalBearerToken is required'],
  ['a kind of sign-in that is none', { ExternalAuthorizationType: 'digest' }, 'not valid'],
])('refuses a webhook with %s', async (_, more, message) => {
  const { call } = await cin7Core();
  const reply = await call('/webhooks', hookBody('https://truce.example.com', more), 'POST');
  expect([reply.status, complaint(reply)]).toEqual([400, expect.stringContaining(message)]);
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
  ['a tax rule for purchases', 'PUT', { TaxRule: 'GST on Expenses' }, "Tax rule 'GST on Expenses' was not"],
  ['a tax rule that is not active', 'PUT', { TaxRule: 'WET 29 %' }, "Tax rule 'WET 29 %' was not"],
  ['receivables on another account', 'PUT', { AccountReceivable: '200' }, "receivable account '200' was not"],
  ['a comment of 2,001 characters', 'PUT', { Comments: 'x'.repeat(2001) }, 'longer than 2000'],
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

test('webhooks: one post for each change a minute later, with the bearer token; six tries, then it is switched off', async () => {
  const { vendor, clock, call, star } = await cin7Core();
  let answer = 500;
  const { url, hooks } = await hookTarget('/webhooks/cin7-core', () => answer);
  vendor.setWebhookTarget(url);
  const isOn = async () => (await call('/webhooks')).json.Webhooks[0].IsActive;
  await call('/customer', { ID: star, TaxNumber: '51824753556' });
  for (const [tries, minutes] of [1, 5, 10, 15, 20, 25].entries()) {
    expect(await isOn()).toBe(true);
    clock.advance(minutes * 60_000 - 1);
    await moment();
    expect(hooks).toHaveLength(tries);
    clock.advance(1);
    await eventually(() => hooks.length === tries + 1);
  }
  const [hook] = hooks;
  expect([hook?.headers.authorization, hook?.headers['event-type']]).toEqual([
    `Bearer ${vendor.env.CIN7_WEBHOOK_SECRET}`,
    'Customer/Updated',
  ]);
  expect(JSON.parse(hook?.body ?? '')).toMatchObject({ ID: star, EventType: 'Customer/Updated' });
  await moment();
  expect(await isOn()).toBe(false);
  answer = 200;
  await call('/customer', { ID: star, TaxNumber: '' });
  clock.advance(86_400_000);
  await moment();
  expect(hooks).toHaveLength(6);
  const { ID } = (await call('/webhooks')).json.Webhooks[0];
  await call('/webhooks', { ID, IsActive: true });
  await call('/customer', { ID: star, TaxNumber: '51824753556' });
  clock.advance(60_000);
  await eventually(() => hooks.length === 7);
});

const moment = () => new Promise((resolve) => setTimeout(resolve, 120));
