import { expect, onTestFinished, test } from 'vitest';
import { manualClock } from '#src/clock.ts';
import { openStore } from '#src/playground/store.ts';
import { startXero } from '#src/playground/vendors/xero/server.ts';
import { ask, eventually, noon, type Reply, shown } from './kit.ts';
import { xero } from './xero-kit.ts';

const names = ({ json }: Reply): string[] => json.Contacts.map(({ Name }: { Name: string }) => Name);
const errorsOf = ({ json }: Reply): string[] =>
  (json.Elements ?? json.Contacts).flatMap((element: { ValidationErrors?: { Message: string }[] }) =>
    (element.ValidationErrors ?? []).map(({ Message }) => Message),
  );

test('gives a token for half an hour to its client, by client credentials, and to nobody else', async () => {
  const { clock, call, signIn, renew } = await xero();
  expect((await signIn()).json).toMatchObject({ expires_in: 1800, token_type: 'Bearer' });
  expect((await signIn({ authorization: 'Basic bm86bm8=' })).json).toEqual({ error: 'invalid_client' });
  expect((await signIn({ body: 'grant_type=password' })).json).toEqual({ error: 'unsupported_grant_type' });
  expect((await signIn({ body: 'grant_type=client_credentials&scope=everything' })).json.error).toBe(
    'invalid_scope',
  );
  clock.advance(1_799_000);
  expect((await call('/Contacts?page=1&pageSize=1')).status).toBe(200);
  clock.advance(1_000);
  const late = await call('/Contacts');
  expect([late.status, late.json.Title, late.json.Detail]).toEqual([
    401,
    'Unauthorized',
    expect.stringContaining('TokenExpired'),
  ]);
  await renew();
  const elsewhere = await call('/Contacts', undefined, {
    'xero-tenant-id': '11111111-0000-4000-8000-000000000000',
  });
  expect([elsewhere.status, elsewhere.json.Detail]).toEqual([403, 'AuthenticationUnsuccessful']);
  expect((await call('/Nothing')).text).toContain('cannot be found');
});

test('answers XML to whoever does not ask for JSON', async () => {
  const { call, star } = await xero();
  const reply = await call(`/Contacts/${star}`, undefined, { accept: '*/*' });
  expect(reply.headers.get('content-type')).toContain('xml');
  expect(reply.text).toContain('<Contacts><Contact><ContactID>');
  expect(reply.text).toContain('<Address><AddressType>POBOX</AddressType>');
});

test('wraps its answers, leaves empty texts out and writes dates its own way', async () => {
  const { call, star } = await xero();
  const { json } = await call(`/Contacts/${star}`);
  expect(json).toMatchObject({ Status: 'OK', DateTimeUTC: `/Date(${noon.getTime()}+0000)/` });
  expect(json.Contacts[0]).toMatchObject({
    Name: 'Bellbird Timber Pty Ltd',
    TaxNumber: '77912345674',
    CompanyNumber: '912345674',
    Addresses: [
      { AddressType: 'STREET', City: 'Bega' },
      { AddressType: 'POBOX', AddressLine1: '14 Sawmill Rd' },
    ],
    PaymentTerms: { Sales: { Day: 30, Type: 'DAYSAFTERBILLDATE' } },
    UpdatedDateUTC: expect.stringMatching(/^\/Date\(\d+\+0000\)\/$/),
  });
  expect(json.Contacts[0]).not.toHaveProperty('FirstName');
});

test('lists in pages of 100 unless asked, 1,000 at most; terms come only with a page', async () => {
  const { call } = await xero();
  const paged = (await call('/Contacts?page=2')).json;
  const { itemCount } = paged.pagination;
  const pageCount = Math.ceil(itemCount / 100);
  expect(paged.pagination).toEqual({ page: 2, pageSize: 100, pageCount, itemCount });
  const last = (await call(`/Contacts?page=${pageCount}`)).json;
  expect([paged.Contacts.length, last.Contacts.length]).toEqual([100, itemCount - 100 * (pageCount - 1)]);
  const all = (await call('/Contacts?page=1&pageSize=5000')).json;
  expect([all.pagination.pageSize, all.Contacts.length]).toEqual([1000, itemCount]);
  expect(all.Contacts[0]).toHaveProperty('PaymentTerms');
  expect((await call('/Contacts')).json.Contacts[0]).not.toHaveProperty('PaymentTerms');
  expect((await call('/Contacts?page=1&summaryOnly=true')).json.Contacts[0]).not.toHaveProperty(
    'PaymentTerms',
  );
  const refused = await call('/Contacts?where=Name=="x"');
  expect([refused.status, refused.json.ErrorNumber]).toEqual([400, 16]);
});

test('If-Modified-Since counts to the second, inclusive; in a wrong format it is ignored without a word', async () => {
  const { vendor, clock, call, star } = await xero();
  clock.advance(700);
  vendor.edit(star, { City: 'Pambula' }, 'Tom Walsh');
  const since = async (time: string) =>
    names(await call('/Contacts', undefined, { 'if-modified-since': time }));
  expect(await since('2026-11-21T01:00:00')).toEqual(['Bellbird Timber Pty Ltd']);
  expect(await since('2026-11-21T01:00:01')).toEqual([]);
  expect((await since('2026-11-21T01:00:00Z')).length).toBeGreaterThan(190);
  expect((await since('Sat, 21 Nov 2026 01:00:00 GMT')).length).toBeGreaterThan(190);
});

test('archived contacts are there for those who ask', async () => {
  const { vendor, call, star } = await xero();
  await call(`/Contacts/${star}`, { ContactStatus: 'ARCHIVED' });
  expect(names(await call(`/Contacts?IDs=${star}`))).toEqual([]);
  expect(names(await call(`/Contacts?IDs=${star}&includeArchived=true`))).toEqual([
    'Bellbird Timber Pty Ltd',
  ]);
  expect(vendor.cards().some(({ externalId }) => externalId === star)).toBe(false);
});

test('POST without an id falls through the number to the name, and overwrites', async () => {
  const { vendor, call, star } = await xero();
  const count = vendor.cards().length;
  const byName = await call('/Contacts', { Contacts: [{ Name: 'BELLBIRD TIMBER PTY LTD', TaxNumber: '1' }] });
  expect(byName.json.Contacts[0].ContactID).toBe(star);
  expect(shown(vendor, star, 'TaxNumber')).toBe('1');
  await call('/Contacts', { ContactID: star, ContactNumber: 'C-1' });
  const byNumber = await call('/Contacts', { ContactNumber: 'C-1', Name: 'Bellbird Mills Pty Ltd' });
  expect(byNumber.json.Contacts[0].ContactID).toBe(star);
  expect(vendor.cards()).toHaveLength(count);
  const fresh = await call('/Contacts', { Name: 'Somebody New' });
  expect(vendor.card(fresh.json.Contacts[0].ContactID)?.title).toBe('Somebody New');
});

test('what an update leaves out stays, down to the parts of an address', async () => {
  const { vendor, call, star } = await xero();
  const address = { AddressType: 'POBOX', City: 'Merimbula' };
  await call('/Contacts', {
    ContactID: star,
    Addresses: [address],
    Phones: [{ PhoneType: 'FAX', PhoneNumber: '1' }],
  });
  expect(
    ['AddressLine1', 'City', 'PhoneNumber', 'EmailAddress'].map((key) => shown(vendor, star, key)),
  ).toEqual(['14 Sawmill Rd', 'Merimbula', '+61 2 55501870', 'accounts@bellbirdtimber.example']);
});

test.each([
  [
    'a name that another has',
    { Name: 'Harcourt Hospitality Holdings Pty Ltd' },
    'already assigned to another contact',
  ],
  ['no name', { Name: ' ' }, 'name must be specified'],
  ['a name of 256 characters', { Name: 'x'.repeat(256) }, '255 characters or fewer'],
  ['an e-mail address that is none', { EmailAddress: 'nobody' }, 'Email address must be valid'],
  ['an address of no type', { Addresses: [{ City: 'Bega' }] }, 'AddressType must be one of'],
  [
    'a postcode of 51 characters',
    { Addresses: [{ AddressType: 'POBOX', PostalCode: '1'.repeat(51) }] },
    'PostalCode',
  ],
  ['terms of no type', { PaymentTerms: { Sales: { Day: 30, Type: 'SOON' } } }, 'Payment terms need'],
  ['a tax type that is none', { AccountsReceivableTaxType: 'GST' }, "TaxType code 'GST'"],
  ['a status that is none', { ContactStatus: 'GONE' }, 'status GONE is not valid'],
  [
    'a contact that is not there',
    { ContactID: '00000000-0000-4000-8000-000000000000' },
    'could not be found',
  ],
])('refuses %s: 400 for all, or its own verdict with summarizeErrors=false', async (_, wrong, message) => {
  const { vendor, call, star, other } = await xero();
  const body = {
    Contacts: [
      { ContactID: other, TaxNumber: '7' },
      { ContactID: star, ...wrong },
    ],
  };
  const summed = await call('/Contacts', body);
  expect([summed.status, summed.json.ErrorNumber, summed.json.Type]).toEqual([
    400,
    10,
    'ValidationException',
  ]);
  expect(errorsOf(summed).join()).toContain(message);
  expect(shown(vendor, other, 'TaxNumber')).not.toBe('7');
  const each = await call('/Contacts?summarizeErrors=false', body);
  expect(each.status).toBe(200);
  expect(
    each.json.Contacts.map(
      ({ StatusAttributeString }: { StatusAttributeString: string }) => StatusAttributeString,
    ),
  ).toEqual(['OK', 'ERROR']);
  expect(errorsOf(each).join()).toContain(message);
  expect(shown(vendor, other, 'TaxNumber')).toBe('7');
});

test('an idempotency key gives the same answer for six minutes, and is refused for another request', async () => {
  const { vendor, clock, call } = await xero();
  const post = (Name: string) => call('/Contacts', { Contacts: [{ Name }] }, { 'idempotency-key': 'k1' });
  const first = await post('Once Only');
  const count = vendor.cards().length;
  expect((await post('Once Only')).text).toBe(first.text);
  const other = await post('Something Else');
  expect([other.status, other.json.Detail]).toEqual([
    400,
    expect.stringContaining('used with a different request'),
  ]);
  expect(vendor.cards()).toHaveLength(count);
  clock.advance(6 * 60_000);
  expect((await post('Something Else')).status).toBe(200);
  expect(vendor.cards()).toHaveLength(count + 1);
  const long = await call('/Contacts', { Name: 'x' }, { 'idempotency-key': 'k'.repeat(129) });
  expect(long.status).toBe(400);
});

test('a batch that fails as a whole saves nothing, with an idempotency key too', async () => {
  const { vendor, call, star } = await xero();
  const body = { Contacts: [{ ContactID: star, TaxNumber: '7' }, { Name: '' }] };
  expect((await call('/Contacts', body, { 'idempotency-key': 'k2' })).status).toBe(400);
  expect(shown(vendor, star, 'TaxNumber')).toBe('77912345674');
});

test('takes 60 calls in any minute and 5 at once; the limit has headers and no body', async () => {
  const { vendor, clock, call } = await xero();
  const one = () => call('/Contacts?page=1&pageSize=1');
  for (let left = 59; left >= 0; left -= 1) {
    if (left === 29) clock.advance(20_000);
    expect((await one()).headers.get('x-minlimit-remaining')).toBe(String(left));
  }
  const over = await one();
  expect([
    over.status,
    over.text,
    over.headers.get('x-rate-limit-problem'),
    over.headers.get('retry-after'),
  ]).toEqual([429, '', 'minute', '40']);
  expect(over.headers.get('x-daylimit-remaining')).toBe('4940');
  clock.advance(40_000);
  vendor.setFault({ kind: 'silent' });
  const six = Array.from({ length: 6 }, one);
  await eventually(() => vendor.log.filter(({ status }) => status === 0).length === 6);
  vendor.setFault(null);
  const problems = (await Promise.all(six)).map(({ headers }) => headers.get('x-rate-limit-problem'));
  expect(problems.filter(Boolean)).toEqual(['concurrent']);
});

test('an organisation has its own calls in a day, and the app all of its calls in a minute', async () => {
  const store = openStore(':memory:');
  const clock = manualClock(noon);
  const vendor = await startXero({ store, clock, limits: { day: 3, appMinute: 2 } });
  onTestFinished(async () => {
    await vendor.close();
    store.close();
  });
  const basic = Buffer.from(`${vendor.env.XERO_CLIENT_ID}:${vendor.env.XERO_CLIENT_SECRET}`).toString(
    'base64',
  );
  const signedIn = await ask(`${vendor.authUrl}/connect/token`, {
    headers: { authorization: `Basic ${basic}`, 'content-type': 'application/x-www-form-urlencoded' },
    body: 'grant_type=client_credentials',
  });
  const call = async () => {
    const headers = { authorization: `Bearer ${signedIn.json.access_token}`, accept: 'application/json' };
    const { status, headers: told } = await ask(`${vendor.baseUrl}/Contacts`, { headers });
    return [status, told.get('x-rate-limit-problem'), told.get('retry-after')];
  };
  expect(await call()).toEqual([200, null, null]);
  expect(await call()).toEqual([200, null, null]);
  expect(await call()).toEqual([429, 'appminute', '60']);
  clock.advance(60_000);
  expect(await call()).toEqual([200, null, null]);
  expect(await call()).toEqual([429, 'day', '86340']);
});

test('merged, erased and archived contacts: what shows of them, and what can be done with them', async () => {
  const { vendor, call, star, other } = await xero();
  vendor.merge(star, other);
  const read = async (path: string) => (await call(path)).json.Contacts[0];
  const merged = { ContactStatus: 'ARCHIVED', MergedToContactID: other };
  expect(await read(`/Contacts/${star}`)).toMatchObject(merged);
  expect(await read(`/Contacts?IDs=${star}&includeArchived=true&page=1`)).toMatchObject(merged);
  expect(await read(`/Contacts?IDs=${star}&includeArchived=true`)).not.toHaveProperty('MergedToContactID');
  vendor.erase(other);
  const back = await call(`/Contacts/${other}`, { ContactStatus: 'ACTIVE' });
  expect([back.status, errorsOf(back).join()]).toEqual([400, expect.stringContaining('erased on request')]);
  vendor.edit(star, { City: 'Eden' }, 'Tom Walsh');
  await call(`/Contacts/${star}`, { MergedToContactID: null, UpdatedDateUTC: '/Date(0)/' });
  expect(await read(`/Contacts/${star}`)).toMatchObject({
    ...merged,
    UpdatedDateUTC: `/Date(${noon.getTime()}+0000)/`,
  });
});

test('what looks like an id in the path is an id, and no contact number', async () => {
  const { call, star } = await xero();
  const number = '11111111-2222-4333-8444-555555555555';
  await call(`/Contacts/${star}`, { ContactNumber: number });
  expect((await call(`/Contacts/${number}`)).status).toBe(404);
  await call(`/Contacts/${star}`, { ContactNumber: `truce-${number}` });
  expect((await call(`/Contacts/TRUCE-${number}`)).json.Contacts[0].ContactID).toBe(star);
});
