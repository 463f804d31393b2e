import { expect, test } from 'vitest';
import { createCin7Core } from '#src/connectors/cin7-core/index.ts';
import { startCin7Core } from '#src/playground/vendors/cin7-core/server.ts';
import { call, clockAtNoon, memoryBudgets, memoryLog, memoryTokens, terms, tinyVendor } from './kit.ts';
import { connected, connectorContract, type Subject } from './practice-contract.ts';

const uuid = (n: number) => `00000000-0000-4000-8000-0000000000c${n}`;
const seeded = (n: number, Name: string, more = {}) => ({
  ID: uuid(n),
  fields: {
    Name,
    Status: 'ACTIVE',
    Currency: 'AUD',
    PaymentTerm: '30 days',
    AccountReceivable: '610',
    RevenueAccount: '200',
    TaxRule: 'GST on Income',
    TaxNumber: '',
  },
  Addresses: [],
  Contacts: [],
  modifiedAt: '2026-11-19T00:00:00.000Z',
  ...more,
});

const subject: Subject = {
  start: (store, clock) =>
    startCin7Core({
      store,
      clock,
      seed: [
        seeded(1, 'Acme Pty Ltd', {
          Addresses: [
            {
              ID: uuid(4),
              Type: 'Billing',
              Line1: '8 Example Rd',
              City: 'Sydney',
              Country: 'Australia',
              DefaultForType: true,
            },
            { ID: uuid(5), Type: 'Shipping', Line1: '1 Dock St', Country: 'Australia', DefaultForType: true },
          ],
          Contacts: [
            {
              ID: uuid(6),
              Name: 'Jane',
              Email: 'accounts@example.com.au',
              Phone: '02 5550 1234',
              Default: true,
            },
          ],
        }),
        seeded(2, 'Beta Pty Ltd'),
        seeded(3, 'Gamma Pty Ltd'),
      ],
    }),
  credentials: {
    account_id: 'CIN7_ACCOUNT_ID',
    application_key: 'CIN7_APPLICATION_KEY',
    webhook_secret: 'CIN7_WEBHOOK_SECRET',
  },
  ids: [uuid(1), uuid(2), uuid(3)],
  absentId: uuid(9),
  phoneEdit: { Phone: '(02) 5550 4321' },
  renamed: { expected: 'Contacts.Email', found: 'Contacts.EmailAddress' },
  fields: {
    legal_name: 'Acme Holdings Pty Ltd',
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
    payment_terms: { days: 30, from: 'end_of_month' },
  },
};
connectorContract('Cin7 Core', subject);

const write = (externalId: string, fields: Record<string, string | null | object>, key = 'k') => ({
  key,
  changeId: 'tr-1',
  externalId,
  fields: fields as never,
});

test('Cin7 Core: terms that the account lacks are refused in its words', async () => {
  const { connector } = await connected(subject);
  const outcomes = await connector.write(
    [write(uuid(1), { payment_terms: { days: 21, from: 'invoice_date' } })],
    call,
  );
  expect(outcomes).toMatchObject([
    { kind: 'refused', reason: "Payment term '21 days' was not found in reference book" },
  ]);
});

test('Cin7 Core: an address that was written is changed, never added beside the old one', async () => {
  const { connector, vendor } = await connected(subject);
  await connector.write(
    [write(uuid(1), { billing_address: { line1: 'PO Box 1', country: 'Australia' } })],
    call,
  );
  await connector.write(
    [write(uuid(1), { billing_address: { line1: 'PO Box 2', country: 'Australia' } })],
    call,
  );
  const puts = vendor.log.filter(({ method }) => method === 'PUT');
  expect(puts.map(({ status }) => status)).toEqual([200, 200]);
  expect(vendor.card(uuid(1))?.fields.find(({ key }) => key === 'Line1')?.value).toContain('PO Box 2');
});

test('Cin7 Core: a write that adds is never sent twice; one cut after it is unknown', async () => {
  const { connector, vendor } = await connected(subject);
  vendor.setFault({ kind: 'cut_after_write', times: 1 });
  const outcomes = await connector.write(
    [write(uuid(2), { billing_address: { line1: 'PO Box 1', country: 'Australia' } })],
    call,
  );
  expect(outcomes).toMatchObject([{ kind: 'unknown' }]);
  expect(vendor.log.filter(({ method }) => method === 'PUT').length).toBeLessThanOrEqual(1);
  const [after] = await connector.read([uuid(2)], call);
  expect(after).toMatchObject({
    observation: { fields: { billing_address: { value: { line1: 'PO Box 1' } } } },
  });
});

test('Cin7 Core: many ids are read from a page, and what it lacks is asked for by id', async () => {
  const customers = Array.from({ length: 40 }, (_, n) => ({ ID: `id${n}`, Name: `Customer ${n}` }));
  const vendor = await tinyVendor((seen) => {
    const id = new URL(seen.url, 'http://x').searchParams.get('ID');
    const found = id === null ? customers : customers.filter(({ ID }) => ID === id);
    return { json: { Total: found.length, Page: 1, CustomerList: found } };
  });
  const connector = createCin7Core({
    terms: terms('cin7-core', { baseUrl: vendor.url }),
    credential: (name) => name,
    tokens: memoryTokens(),
    http: { log: memoryLog(), budgets: memoryBudgets() },
    clock: clockAtNoon(),
  });
  const items = await connector.read([...customers.map(({ ID }) => ID), 'absent'], call);
  expect(items).toHaveLength(41);
  expect(items.filter(({ kind }) => kind === 'gone')).toMatchObject([{ externalId: 'absent' }]);
  expect(vendor.seen).toHaveLength(2);
});

test('Cin7 Core: in a large account a few ids cost a call each, not twenty pages', async () => {
  const vendor = await tinyVendor((seen) => {
    const id = new URL(seen.url, 'http://x').searchParams.get('ID');
    return { json: { Total: id ? 1 : 20_000, Page: 1, CustomerList: [{ ID: id ?? 'other' }] } };
  });
  const connector = createCin7Core({
    terms: terms('cin7-core', { baseUrl: vendor.url }),
    credential: (name) => name,
    tokens: memoryTokens(),
    http: { log: memoryLog(), budgets: memoryBudgets() },
    clock: clockAtNoon(),
  });
  const items = await connector.read(['a', 'b', 'c', 'd', 'e'], call);
  expect(items.map(({ kind }) => kind)).toEqual(['read', 'read', 'read', 'read', 'read']);
  expect(vendor.seen).toHaveLength(6);
});
