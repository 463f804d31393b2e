import { expect, test } from 'vitest';
import { createXero } from '#src/connectors/xero/index.ts';
import { startXero } from '#src/playground/vendors/xero/server.ts';
import { call, clockAtNoon, memoryBudgets, memoryLog, memoryTokens, noon, terms, tinyVendor } from './kit.ts';
import { connected, connectorContract, type Subject } from './practice-contract.ts';

const uuid = (n: number) => `00000000-0000-4000-8000-00000000000${n}`;
const seeded = (n: number, texts: Record<string, string>, more = {}) => ({
  ContactID: uuid(n),
  ContactStatus: 'ACTIVE' as const,
  texts,
  addresses: {},
  phones: {},
  terms: {},
  updatedAt: '2026-11-19T00:00:00.000Z',
  ...more,
});

const subject: Subject = {
  start: (store, clock) =>
    startXero({
      store,
      clock,
      seed: [
        seeded(
          1,
          { Name: 'ACME PTY LTD', TaxNumber: '51824753556', EmailAddress: 'accounts@example.com.au' },
          {
            addresses: {
              POBOX: { AddressLine1: '8 Example Rd', City: 'Sydney' },
              STREET: { AddressLine1: '1 Dock St' },
            },
            phones: {
              DEFAULT: { PhoneAreaCode: '02', PhoneNumber: '5550 1234' },
              FAX: { PhoneNumber: '5550 0000' },
            },
            terms: {
              Sales: { Day: 30, Type: 'DAYSAFTERBILLDATE' },
              Bills: { Day: 7, Type: 'DAYSAFTERBILLDATE' },
            },
          },
        ),
        seeded(2, { Name: 'BETA PTY LTD' }),
        seeded(3, { Name: 'GAMMA PTY LTD' }),
      ],
    }),
  credentials: {
    client_id: 'XERO_CLIENT_ID',
    client_secret: 'XERO_CLIENT_SECRET',
    webhook_key: 'XERO_WEBHOOK_KEY',
  },
  ids: [uuid(1), uuid(2), uuid(3)],
  absentId: uuid(9),
  phoneEdit: { PhoneNumber: '(02) 5550 4321' },
  renamed: { expected: 'EmailAddress', found: 'PrimaryEmailAddress' },
  fields: {
    legal_name: 'ACME HOLDINGS PTY LTD',
    abn: '53 004 085 616',
    email: 'pay@example.com.au',
    phone: '+61 2 5550 9876',
    billing_address: {
      line1: 'PO Box 9',
      line2: 'Rear',
      city: 'Perth',
      state: 'WA',
      postcode: '6000',
      country: 'Australia',
    },
    payment_terms: { days: 14, from: 'end_of_month' },
  },
};
connectorContract('Xero', subject);

test('Xero: lists go out whole, so that a street address and the terms of bills stay', async () => {
  const { connector, vendor, log } = await connected(subject);
  const write = { key: 'k', changeId: 'tr-1', externalId: uuid(1), fields: subject.fields };
  await connector.write([write], call);
  const [posted] = log.kept.filter(({ purpose }) => purpose === 'update contacts');
  expect(posted?.requestBody).toMatchObject({
    Contacts: [
      {
        ContactID: uuid(1),
        Addresses: [
          { AddressType: 'STREET', AddressLine1: '1 Dock St' },
          { AddressType: 'POBOX', AddressLine1: 'PO Box 9' },
        ],
        PaymentTerms: { Bills: { Day: 7, Type: 'DAYSAFTERBILLDATE' } },
      },
    ],
  });
  const sent = vendor.log.filter(({ method, path }) => method === 'POST' && path.includes('Contacts'));
  expect(sent).toHaveLength(1);
  expect(sent[0]?.headers['idempotency-key']).toMatch(/^[0-9a-f]{64}$/);
});

test('Xero: a name that another contact has is refused in Xero’s words', async () => {
  const { connector } = await connected(subject);
  const write = { key: 'k', changeId: 'tr-1', externalId: uuid(1), fields: { legal_name: 'Beta Pty Ltd' } };
  expect(await connector.write([write], call)).toMatchObject([
    { kind: 'refused', reason: expect.stringContaining('already assigned to another contact') },
  ]);
});

/** Counts sign-ins; hands out t1, t2 … and takes the newest only. */
async function tokenXero(livesSeconds: number) {
  let signIns = 0;
  let good = '';
  const vendor = await tinyVendor((seen) => {
    if (seen.url === '/connect/token') {
      signIns += 1;
      good = `t${signIns}`;
      return { json: { access_token: good, expires_in: livesSeconds } };
    }
    if (seen.headers.authorization !== `Bearer ${good}`)
      return { status: 401, json: { Detail: 'TokenExpired' } };
    return { json: { Contacts: [], pagination: { page: 1, pageCount: 1 } } };
  });
  const clock = clockAtNoon();
  const connector = createXero({
    terms: terms('xero', { baseUrl: vendor.url, authUrl: vendor.url }),
    credential: (name) => name,
    tokens: memoryTokens(),
    http: { log: memoryLog(), budgets: memoryBudgets() },
    clock,
  });
  return {
    clock,
    connector,
    vendor,
    count: () => signIns,
    revoke: () => {
      good = 'none';
    },
  };
}

test('Xero: one sign-in serves parallel callers, is renewed ahead of its end, and once after a 401', async () => {
  const { connector, clock, count, revoke } = await tokenXero(1800);
  await Promise.all([1, 2, 3, 4].map(() => connector.read(['x'], call)));
  expect(count()).toBe(1);
  clock.advance((1800 - 121) * 1000);
  await connector.read(['x'], call);
  expect(count()).toBe(1);
  clock.advance(2_000);
  await connector.read(['x'], call);
  expect(count()).toBe(2);
  revoke();
  await connector.read(['x'], call);
  expect(count()).toBe(3);
});

test('Xero: a sign-in that is never good is one failure, not a loop', async () => {
  const vendor = await tinyVendor((seen) =>
    seen.url === '/connect/token'
      ? { json: { access_token: 'bad', expires_in: 1800 } }
      : { status: 401, json: { Detail: 'TokenExpired' } },
  );
  const connector = createXero({
    terms: terms('xero', { baseUrl: vendor.url, authUrl: vendor.url }),
    credential: (name) => name,
    tokens: memoryTokens(),
    http: { log: memoryLog(), budgets: memoryBudgets() },
    clock: clockAtNoon(),
  });
  await expect(connector.read(['x'], call)).rejects.toMatchObject({ failure: 'auth' });
  expect(vendor.seen.map(({ url }) => url.split('?')[0])).toEqual([
    '/connect/token',
    '/Contacts',
    '/connect/token',
    '/Contacts',
  ]);
});

test('Xero: asks in its own time format, for archived ones too, page by page', async () => {
  const vendor = await tinyVendor((seen, number) =>
    seen.url === '/connect/token'
      ? { json: { access_token: 't', expires_in: 1800 } }
      : { json: { Contacts: [{ ContactID: `c${number}` }], pagination: { page: number - 1, pageCount: 2 } } },
  );
  const connector = createXero({
    terms: terms('xero', { baseUrl: vendor.url, authUrl: vendor.url }),
    credential: (name) => name,
    tokens: memoryTokens(),
    http: { log: memoryLog(), budgets: memoryBudgets() },
    clock: clockAtNoon(),
  });
  let items = 0;
  for await (const page of connector.changed(new Date('2026-11-19T01:02:03.900Z'), noon, call))
    items += page.length;
  expect(items).toBe(2);
  const [, first, second, ...more] = vendor.seen;
  expect(more).toEqual([]);
  expect(first?.headers['if-modified-since']).toBe('2026-11-19T01:02:03');
  expect(first?.headers.accept).toBe('application/json');
  expect(first?.url).toContain('page=1&pageSize=1000');
  expect(first?.url).toContain('includeArchived=true');
  expect(second?.url).toContain('page=2');
});
