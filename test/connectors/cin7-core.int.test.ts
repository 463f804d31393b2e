import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { createCin7Core } from '#src/connectors/cin7-core/index.ts';
import { customersOf } from '#test/support/connections.ts';
import { asCin7, openCin7Core as connected, uuid } from '../contract/cin7-core.ts';
import { call, clockAtNoon, memoryBudgets, memoryLog, memoryTokens, terms, tinyVendor } from './kit.ts';

const write = (externalId: string, fields: Record<string, string | null | object>, key = 'k') => ({
  key,
  changeId: 'tr-1',
  externalId,
  fields: fields as never,
});

test('Cin7 Core: terms that the account lacks are refused in its words', async () => {
  const { connector } = await connected();
  const outcomes = await connector.write(
    [write(uuid(1), { payment_terms: { days: 21, from: 'invoice_date' } })],
    call,
  );
  expect(outcomes).toMatchObject([
    { kind: 'refused', reason: "Payment term '21 days' was not found in reference book" },
  ]);
});

test('Cin7 Core: terms go out under the name that the account has for them, and are read back as they are', async () => {
  const { connector, vendor } = await connected();
  const payment_terms = { days: 90, from: 'invoice_date' };
  expect(await connector.write([write(uuid(1), { payment_terms })], call)).toMatchObject([{ kind: 'saved' }]);
  const fresh = { ...create('Delta Pty Ltd'), fields: { legal_name: 'Delta Pty Ltd', payment_terms } };
  const [made] = await connector.create([fresh as never], call);
  const ids = [uuid(1), made?.kind === 'created' ? made.externalId : 'none'];
  for (const id of ids)
    expect(vendor.card(id)?.fields.find(({ key }) => key === 'PaymentTerm')?.value).toBe('Net 90');
  for (const item of await connector.read(ids, call))
    expect(item).toMatchObject({ observation: { fields: { payment_terms: { value: payment_terms } } } });
});

test('Cin7 Core: names are asked for as they are written, times without a zone', async () => {
  const { connector, vendor, clock } = await connected();
  await connector.create([create(' GAMMA Pty')], call);
  for await (const _ of connector.changed(new Date('2026-11-20T00:00:00.123Z'), clock.now(), call));
  const asked = vendor.log.map(({ query }) => new URLSearchParams(query));
  expect(asked[0]?.get('Name')).toBe('GAMMA Pty');
  expect(asked.at(-1)?.get('ModifiedSince')).toBe('2026-11-20T00:00:00.123');
});

test('Cin7 Core: an address that was written is changed, never added beside the old one', async () => {
  const { connector, vendor } = await connected();
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
  const { text } = await asCin7(vendor, `/customer?ID=${uuid(1)}`);
  expect(JSON.parse(text).CustomerList[0].Addresses).toHaveLength(3);
});

test('Cin7 Core: a write that adds is never sent twice; one cut after it is unknown', async () => {
  const { connector, vendor } = await connected();
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

const create = (legal_name: string, marker: string = randomUUID()) => ({
  key: randomUUID(),
  changeId: 'tr-1',
  marker,
  fields: { legal_name },
});
const posts = (vendor: { log: readonly { method: string }[] }) =>
  vendor.log.filter(({ method }) => method === 'POST').length;

test('Cin7 Core: a name that only begins the same is free; one of a deprecated customer is not', async () => {
  const { connector, vendor } = await connected();
  await asCin7(vendor, '/customer', { method: 'PUT', body: { ID: uuid(3), Status: 'Deprecated' } });
  const outcomes = await connector.create([create('Gamma Pty'), create(' gamma pty ltd ')], call);
  expect(outcomes).toMatchObject([
    { kind: 'created' },
    { kind: 'refused', taken: true, reason: 'Cin7 Core has another customer of this name' },
  ]);
  expect(posts(vendor)).toBe(1);
});

test('Cin7 Core: somebody who is faster with the name has it, unless it was us', async () => {
  const { connector, vendor } = await connected();
  const twice = create('Delta Pty Ltd');
  // Both are looked for before either is made.
  const outcomes = await connector.create(
    [create('Delta Pty Ltd', twice.marker), twice, create('DELTA PTY LTD')],
    call,
  );
  expect(outcomes.map((one) => (one.kind === 'refused' ? one.taken : one.kind))).toEqual([
    'created',
    'created',
    true,
  ]);
  expect(vendor.cards()).toHaveLength(4);
});

test('Cin7 Core: a create is sent once, whatever becomes of it, and found again under a name given since', async () => {
  const { connector, vendor } = await connected();
  const one = create('Delta Pty Ltd');
  vendor.setFault({ kind: 'silent_after_write' });
  expect(await connector.create([one], call)).toMatchObject([{ kind: 'unknown' }]);
  expect(posts(vendor)).toBe(1);
  vendor.setFault(null);
  const id = vendor.cards().find(({ title }) => title === 'Delta Pty Ltd')?.externalId ?? '';
  vendor.edit(id, { Name: 'Delta Holdings Pty Ltd' }, 'Kim Doyle');
  expect(await connector.findMade([one], call)).toEqual(new Map([[one.marker, id]]));
});

test('Cin7 Core: many names are looked for on a page, not one by one', async () => {
  const { connector, vendor } = await connected();
  const names = Array.from({ length: 12 }, (_, n) => `Number ${n} Pty Ltd`);
  const outcomes = await connector.create(
    names.map((name) => create(name)),
    call,
  );
  expect(outcomes.every(({ kind }) => kind === 'created')).toBe(true);
  expect(vendor.log).toHaveLength(13);
});

test('Cin7 Core: without what new customers need nothing is made, and nothing is asked', async () => {
  const { connector, vendor } = await connected({}, { newCustomers: null });
  expect(connector.canCreate).toBe(false);
  expect(await connector.create([create('Delta Pty Ltd')], call)).toMatchObject([
    { kind: 'refused', taken: false, reason: expect.stringContaining('new_customers') },
  ]);
  expect(vendor.log).toEqual([]);
});

test('Cin7 Core: a book’s entry that the account lacks is refused in its words', async () => {
  const { connector } = await connected({}, { taxCodes: { gst: 'GST on Everything' } });
  const one = create('Delta Pty Ltd');
  const fields = { ...one.fields, tax_treatment: 'gst' };
  expect(await connector.create([{ ...one, fields }], call)).toMatchObject([
    { kind: 'refused', taken: false, reason: "Tax rule 'GST on Everything' was not found in reference book" },
  ]);
});

test('Cin7 Core: the account tells what the agreement names and it lacks, and that our webhook is off', async () => {
  const stage = await connected(
    {},
    {
      taxCodes: { gst: 'gst ON income', export: 'GST on Moon', input_taxed: 'WET 29 %' },
      newCustomers: {
        currency: 'AUD',
        paymentTerm: '45 days',
        accountReceivable: '610',
        revenueAccount: '200',
        taxRule: 'GST on Income',
      },
    },
  );
  const hook = (Name: string, ExternalURL: string) => ({
    Type: 'Customer/Updated',
    Name,
    IsActive: false,
    ExternalURL,
    ExternalAuthorizationType: 'noauth',
  });
  for (const body of [
    hook('Ours', 'https://truce.example.com/webhooks/cin7-core/secret'),
    hook('Theirs', 'https://shop.example.com/hooks'),
  ])
    await asCin7(stage.vendor, '/webhooks', { method: 'POST', body });
  const { account, problems } = await stage.connector.account(call);
  expect(account).toBe('Example Trading Co (practice)');
  expect(problems).toEqual([
    'The payment term “45 days” (new_customers: payment_term) is not active in Cin7 Core.',
    'The tax rule “GST on Moon” (tax_codes: export) does not exist in Cin7 Core.',
    'The tax rule “WET 29 %” (tax_codes: input_taxed) is not active in Cin7 Core.',
    expect.stringMatching(/^The webhook “Ours” is switched off in Cin7 Core/),
  ]);
});

test.each([503, 429, 200] as const)(
  'Cin7 Core: too many calls are too many calls, said with %i or in words',
  async (overLimit) => {
    const stage = await connected({}, {}, { overLimit });
    for (let n = 0; n < 60; n += 1) await asCin7(stage.vendor, '/me');
    stage.clock.advance(30_000);
    await expect(stage.connector.read([uuid(1)], call)).rejects.toMatchObject({
      failure: 'busy',
      resumeAt: new Date('2026-11-20T01:01:00.000Z'),
    });
    stage.clock.advance(30_000);
    expect(await stage.connector.read([uuid(1)], call)).toMatchObject([{ kind: 'read' }]);
  },
);

test('Cin7 Core: without the Automation add-on there is nothing to see to', async () => {
  const { connector } = await connected({}, {}, { automation: false });
  expect((await connector.account(call)).problems).toEqual([]);
});

test('Cin7 Core: many ids are read from a page, and what it lacks is asked for by id', async () => {
  const customers = Array.from({ length: 40 }, (_, n) => ({ ID: `id${n}`, Name: `Customer ${n}` }));
  const vendor = await tinyVendor((seen) => {
    const id = new URL(seen.url, 'http://x').searchParams.get('ID');
    const found = id === null ? customers : customers.filter(({ ID }) => ID === id);
    return { json: { Total: found.length, Page: 1, CustomerList: found } };
  });
  const connector = customersOf(
    createCin7Core({
      terms: terms('cin7-core', { baseUrl: vendor.url }),
      credential: (name) => name,
      tokens: memoryTokens(),
      http: { log: memoryLog(), budgets: memoryBudgets() },
      clock: clockAtNoon(),
    }),
  );
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
  const connector = customersOf(
    createCin7Core({
      terms: terms('cin7-core', { baseUrl: vendor.url }),
      credential: (name) => name,
      tokens: memoryTokens(),
      http: { log: memoryLog(), budgets: memoryBudgets() },
      clock: clockAtNoon(),
    }),
  );
  const items = await connector.read(['a', 'b', 'c', 'd', 'e'], call);
  expect(items.map(({ kind }) => kind)).toEqual(['read', 'read', 'read', 'read', 'read']);
  expect(vendor.seen).toHaveLength(6);
});
