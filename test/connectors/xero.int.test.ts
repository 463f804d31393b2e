import { describe, expect, test } from 'vitest';
import { contactNumberOf } from '#src/connectors/xero/contacts/marker.ts';
import { createXero } from '#src/connectors/xero/index.ts';
import { customersOf } from '#test/support/connections.ts';
import { create, observed, write } from '../contract/stage.ts';
import { openXero, uuid } from '../contract/xero.ts';
import { call, clockAtNoon, memoryBudgets, memoryLog, memoryTokens, noon, terms, tinyVendor } from './kit.ts';

type Stage = Awaited<ReturnType<typeof openXero>>;
const writesOf = ({ vendor }: Stage) => vendor.log.filter(({ method }) => method !== 'GET').slice(1);

test('Xero: lists go out whole, so that a fax number, the addressee and the terms of bills stay', async () => {
  const { connector, vendor, log } = await openXero();
  const fields = {
    phone: '1',
    billing_address: { line1: 'PO Box 9' },
    payment_terms: { days: 7, from: 'end_of_month' },
  };
  await connector.write([write(uuid(1), fields)], call);
  const [posted] = log.kept.filter(({ purpose }) => purpose === 'update contacts');
  expect(posted?.requestBody).toEqual({
    Contacts: [
      {
        ContactID: uuid(1),
        // DEFAULT, DDI, FAX and MOBILE.
        Phones: '[hidden: 4]',
        Addresses: [
          expect.objectContaining({ AddressType: 'STREET', AddressLine1: '1 Dock St' }),
          expect.objectContaining({
            AddressType: 'POBOX',
            AddressLine1: 'PO Box 9',
            AttentionTo: '[hidden]',
          }),
        ],
        PaymentTerms: {
          Bills: { Day: 7, Type: 'DAYSAFTERBILLDATE' },
          Sales: { Day: 7, Type: 'DAYSAFTERBILLMONTH' },
        },
      },
    ],
  });
  const sent = vendor.log.filter(({ method, path }) => method === 'POST' && path.includes('Contacts'));
  expect(sent).toHaveLength(1);
  expect(sent[0]?.headers['idempotency-key']).toMatch(/^[0-9a-f]{64}$/);
  expect(vendor.log.every(({ headers }) => headers.accept === 'application/json')).toBe(true);
});

describe('Xero, new contacts', () => {
  test('never fall through to a customer of the same name: they are put, and a name that is taken is said', async () => {
    const stage = await openXero();
    const { connector, vendor } = stage;
    const [outcome] = await connector.create(
      [create({ legal_name: 'Beta Pty Ltd', abn: '53004085616' })],
      call,
    );
    expect(outcome).toMatchObject({
      kind: 'refused',
      taken: true,
      reason: expect.stringContaining('already assigned'),
    });
    expect(vendor.card(uuid(2))?.abn).toBe('');
    expect(writesOf(stage).map(({ method, path, query }) => `${method} ${path}?${query}`)).toEqual([
      'PUT /api.xro/2.0/Contacts?summarizeErrors=false',
    ]);
  });

  test('what would have happened: a POST without an id overwrites whoever has the number or the name', async () => {
    const { connector, vendor } = await openXero();
    const [made] = await connector.create([create({ legal_name: 'DELTA PTY LTD' }, uuid(500))], call);
    const { authorization = '' } = vendor.log.at(-1)?.headers ?? {};
    const post = async (contact: object) => {
      const response = await fetch(`${vendor.baseUrl}/Contacts`, {
        method: 'POST',
        headers: { authorization, accept: 'application/json' },
        body: JSON.stringify({ Contacts: [contact] }),
      });
      const { Contacts } = (await response.json()) as { Contacts: { ContactID: string }[] };
      return Contacts[0]?.ContactID;
    };
    expect(await post({ Name: 'beta pty ltd', TaxNumber: '1' })).toBe(uuid(2));
    const byNumber = { ContactNumber: contactNumberOf(uuid(500)), Name: 'SOMEBODY ELSE PTY LTD' };
    expect(await post(byNumber)).toBe(made?.kind === 'created' && made.externalId);
    expect(vendor.card(uuid(2))?.abn).toBe('1');
  });

  test('no write of ours is a POST without a ContactID', async () => {
    const { connector, log } = await openXero();
    await connector.create(
      [create({ legal_name: 'DELTA PTY LTD' }), create({ legal_name: 'ACME PTY LTD' })],
      call,
    );
    await connector.write([write(uuid(1), { phone: '1' }), write(uuid(2), { status: 'archived' })], call);
    const posts = log.kept.filter(({ method, url }) => method === 'POST' && url.includes('Contacts'));
    expect(posts).toHaveLength(1);
    for (const { requestBody } of posts) {
      const { Contacts } = requestBody as { Contacts: { ContactID?: string }[] };
      expect(Contacts.map(({ ContactID }) => ContactID)).toEqual([uuid(1), uuid(2)]);
    }
  });

  test('made, and tried again hours later under another name: it is the same contact', async () => {
    const { connector, clock, count } = await openXero();
    const one = create({ legal_name: 'DELTA PTY LTD' });
    const [made] = await connector.create([one], call);
    clock.advance(7 * 60_000);
    const again = create({ legal_name: 'DELTA HOLDINGS PTY LTD' }, one.marker);
    expect(await connector.create([again], call)).toMatchObject([
      { kind: 'created', key: again.key, externalId: made?.kind === 'created' && made.externalId },
    ]);
    expect(await count()).toBe(4);
  });

  test('without a name, or with a tax treatment that has no code, nothing is sent for that one', async () => {
    const stage = await openXero();
    const bad = create({ legal_name: 'DELTA PTY LTD', tax_treatment: 'input_taxed' });
    const outcomes = await stage.connector.create([bad, create({ abn: '53004085616' })], call);
    expect(outcomes).toMatchObject([
      { kind: 'refused', taken: false, reason: expect.stringContaining('tax_codes') },
      { kind: 'refused', taken: false, reason: expect.stringContaining('name must be specified') },
    ]);
    expect(writesOf(stage)).toHaveLength(1);
    expect(await stage.connector.create([bad], call)).toMatchObject([{ kind: 'refused' }]);
    expect(writesOf(stage)).toHaveLength(1);
  });
});

describe('Xero, contacts out of use', () => {
  test('one that was merged says into which, listed and read', async () => {
    const { connector, vendor, clock } = await openXero();
    clock.advance(600_000);
    vendor.merge(uuid(3), uuid(1));
    const merged = { kind: 'merged', externalId: uuid(3), into: uuid(1) };
    expect(await connector.read([uuid(3)], call)).toMatchObject([merged]);
    const pages: unknown[] = [];
    for await (const page of connector.changed(clock.now(), clock.now(), call)) pages.push(...page);
    expect(pages).toMatchObject([merged]);
  });

  test('one that we made and somebody merged is found under the id of its own', async () => {
    const { connector, vendor } = await openXero();
    const one = create({ legal_name: 'DELTA PTY LTD' });
    const [made] = await connector.create([one], call);
    const id = made?.kind === 'created' ? made.externalId : '';
    vendor.merge(id, uuid(1));
    expect(await connector.findMade([one], call)).toEqual(new Map([[one.marker, id]]));
    expect(await connector.read([id], call)).toMatchObject([{ kind: 'merged', into: uuid(1) }]);
  });

  test('one that was erased on request is archived for good', async () => {
    const { connector, vendor } = await openXero();
    vendor.erase(uuid(3));
    expect(await observed(connector, uuid(3))).toMatchObject({
      archived: true,
      fields: { status: { state: 'not_read' } },
    });
    expect(await connector.write([write(uuid(3), { status: 'active' })], call)).toMatchObject([
      { kind: 'refused' },
    ]);
  });

  test('one whose name was given to another meanwhile cannot be brought back, and Xero says why', async () => {
    const { connector, vendor } = await openXero();
    vendor.archive(uuid(3));
    await connector.create([create({ legal_name: 'Gamma Pty Ltd' })], call);
    expect(await connector.write([write(uuid(3), { status: 'active' })], call)).toMatchObject([
      { kind: 'refused', reason: expect.stringContaining('already assigned to another contact') },
    ]);
  });
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
  const connector = customersOf(
    createXero({
      terms: terms('xero', { baseUrl: vendor.url, authUrl: vendor.url }),
      credential: (name) => name,
      tokens: memoryTokens(),
      http: { log: memoryLog(), budgets: memoryBudgets() },
      clock,
    }),
  );
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
  const connector = customersOf(
    createXero({
      terms: terms('xero', { baseUrl: vendor.url, authUrl: vendor.url }),
      credential: (name) => name,
      tokens: memoryTokens(),
      http: { log: memoryLog(), budgets: memoryBudgets() },
      clock: clockAtNoon(),
    }),
  );
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
  const connector = customersOf(
    createXero({
      terms: terms('xero', { baseUrl: vendor.url, authUrl: vendor.url }),
      credential: (name) => name,
      tokens: memoryTokens(),
      http: { log: memoryLog(), budgets: memoryBudgets() },
      clock: clockAtNoon(),
    }),
  );
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
