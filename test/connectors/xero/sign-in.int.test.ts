import { describe, expect, onTestFinished, test } from 'vitest';
import { createXero } from '#src/connectors/xero/index.ts';
import { openStore } from '#src/playground/store.ts';
import { startXero } from '#src/playground/vendors/xero/server.ts';
import { customersOf } from '#test/support/connections.ts';
import { call, clockAtNoon, memoryBudgets, memoryLog, memoryTokens, terms, tinyVendor } from '../kit.ts';
import { decide, proof, redirectUri } from './browser.ts';

const main = 'Example Trading Co Pty Ltd';
const other = {
  id: '00000000-0000-4000-8000-00000000b0b0',
  name: 'Second Shop & Sons',
  version: 'NZ' as const,
};
const contactId = '00000000-0000-4000-8000-000000000001';
const [halfHour, day] = [30 * 60_000, 86_400_000];

type Way = 'web' | 'public';
const credentials = {
  web: { client_id: 'XERO_WEB_CLIENT_ID', client_secret: 'XERO_WEB_CLIENT_SECRET' },
  public: { client_id: 'XERO_PUBLIC_CLIENT_ID' },
};

type Staged = { way?: Way; organisation?: string | null; taxCodes?: Record<string, string> };

/** A practice Xero with two organisations, and connectors that sign in through its page. */
async function stage({ way = 'web', organisation = null, taxCodes = {} }: Staged = {}) {
  const clock = clockAtNoon();
  const store = openStore(':memory:');
  const contact = (Name: string) => ({
    ContactID: contactId,
    ContactStatus: 'ACTIVE' as const,
    texts: { Name },
    addresses: {},
    phones: {},
    terms: {},
    updatedAt: '2026-11-19T00:00:00.000Z',
  });
  const vendor = await startXero({
    store,
    clock,
    seed: [contact('FIRST PTY LTD')],
    organisations: [{ ...other, seed: [contact('SECOND LTD')] }],
    redirectUris: [redirectUri],
  });
  onTestFinished(async () => {
    await vendor.close();
    store.close();
  });
  const tokens = memoryTokens();
  const log = memoryLog();
  const { baseUrl, authUrl, env } = vendor;
  /** Each is a process of its own: they share the store of tokens, and nothing else. */
  const worker = (named = organisation) =>
    customersOf(
      createXero({
        terms: terms('xero', {
          signIn: 'oauth',
          organisation: named,
          taxCodes,
          baseUrl,
          authUrl,
          credentials: credentials[way],
        }),
        credential: (name) => env[(credentials[way] as Record<string, string>)[name] ?? ''] ?? '',
        tokens,
        http: { log, budgets: memoryBudgets() },
        clock,
      }),
    );
  const connector = worker();
  const connect = async (chosen: string) => {
    const { oauth } = connector;
    if (!oauth) throw new Error('this connection signs in some other way');
    const { verifier, challenge } = proof();
    const back = await decide(oauth.authoriseUrl({ redirectUri, state: 'st4te', challenge }), chosen);
    expect(back.searchParams.get('state')).toBe('st4te');
    const code = back.searchParams.get('code') ?? '';
    const set = await oauth.exchange({ code, verifier, redirectUri }, call);
    await tokens.connect('xero', set, 'U1');
    return set;
  };
  const asked = (path: string) => vendor.log.filter((entry) => entry.path === path);
  const nameOf = async (by = connector) => {
    const [item] = await by.read([contactId], call);
    return item?.kind === 'read' ? item.observation.fields.legal_name : item;
  };
  return { vendor, clock, tokens, log, connector, worker, connect, asked, nameOf };
}

const failed = (work: Promise<unknown>) =>
  work.then(
    () => 'fine',
    ({ failure, message }) => `${failure}: ${message}`,
  );

describe.each<Way>(['web', 'public'])('Xero, through its page, as a %s client', (way) => {
  test('signs in, and reads with the token and the organisation', async () => {
    const { vendor, connect, asked, nameOf } = await stage({ way });
    const set = await connect(main);
    expect(set.account).toEqual({ tenant_id: expect.any(String), tenant_name: main });
    expect([...set.scopes].sort()).toEqual([
      'accounting.contacts',
      'accounting.invoices',
      'accounting.payments.read',
      'accounting.settings',
      'offline_access',
    ]);
    expect(await nameOf()).toEqual({ state: 'value', value: 'FIRST PTY LTD' });
    const [token] = asked('/connect/token');
    expect(token?.headers.authorization?.startsWith('Basic ') ?? false).toBe(way === 'web');
    const [page] = asked('/identity/connect/authorize');
    expect(new URLSearchParams(page?.query).get('code_challenge_method')).toBe('S256');
    expect(vendor.log.at(-1)?.headers['xero-tenant-id']).toBe(set.account.tenant_id);
  });

  test('renews ahead of the end; the old token of a pair is never used again', async () => {
    const { clock, tokens, connect, asked, nameOf } = await stage({ way });
    const first = await connect(main);
    clock.advance(halfHour - 121_000);
    await nameOf();
    expect(asked('/connect/token')).toHaveLength(1);
    for (let hour = 0; hour < 4; hour += 1) {
      clock.advance(60 * 60_000);
      expect(await nameOf()).toMatchObject({ state: 'value' });
    }
    expect(asked('/connect/token')).toHaveLength(5);
    const now = await tokens.read('xero');
    expect(now?.refreshToken).not.toBe(first.refreshToken);
    expect(now?.account).toEqual(first.account);
  });
});

test('Xero: nothing is touched where the agreement names another organisation than was signed in to', async () => {
  const { connect, worker, nameOf } = await stage();
  const { account } = await connect(main);
  for (const same of [` ${main.toUpperCase()}`, account.tenant_id]) await nameOf(worker(same));
  expect(await failed(nameOf(worker(other.name)))).toMatch(
    /“Example Trading Co .*“Second Shop & Sons”: conn/,
  );
});

test('Xero: eight workers on one store renew once, and none loses the sign-in', async () => {
  const { clock, worker, connect, asked, nameOf } = await stage();
  await connect(main);
  const workers = Array.from({ length: 8 }, () => worker());
  for (let round = 1; round <= 3; round += 1) {
    clock.advance(halfHour + 1000);
    const names: unknown[] = [];
    // Four at once: one more than Xero takes of calls would be another story.
    for (const some of [workers.slice(0, 4), workers.slice(4)])
      names.push(...(await Promise.all(some.map(nameOf))));
    expect(names).toEqual(workers.map(() => ({ state: 'value', value: 'FIRST PTY LTD' })));
    expect(asked('/connect/token')).toHaveLength(1 + round);
  }
  expect(asked('/connect/token').map(({ status }) => status)).toEqual([200, 200, 200, 200]);
});

test('Xero: a token that ended early is renewed once for all who met a 401, and their calls go on', async () => {
  const { tokens, connect, worker, asked, nameOf } = await stage();
  const set = await connect(main);
  await tokens.connect('xero', { ...set, accessToken: 'no.longer.good' }, 'U1');
  const names = await Promise.all([1, 2, 3, 4].map(() => nameOf(worker())));
  expect(names).toEqual(names.map(() => ({ state: 'value', value: 'FIRST PTY LTD' })));
  expect(asked('/connect/token')).toHaveLength(2);
});

test('Xero: a 401 that stays is one failure, not a loop', async () => {
  const vendor = await tinyVendor((seen, number) =>
    seen.url === '/connect/token'
      ? { json: { access_token: `t${number}`, refresh_token: `r${number}`, expires_in: 1800 } }
      : { status: 401, json: { Detail: 'TokenExpired: token expired' } },
  );
  const set = {
    accessToken: 't',
    refreshToken: 'r',
    expiresAt: '2026-11-20T01:30:00.000Z',
    scopes: [],
    account: { tenant_id: 'o1' },
  };
  const connector = customersOf(
    createXero({
      terms: terms('xero', { signIn: 'oauth', baseUrl: vendor.url, authUrl: vendor.url }),
      credential: (name) => name,
      tokens: memoryTokens({ xero: set }),
      http: { log: memoryLog(), budgets: memoryBudgets() },
      clock: clockAtNoon(),
    }),
  );
  expect(await failed(connector.read(['x'], call))).toContain('auth: Xero has refused our sign-in');
  const paths = vendor.seen.map(({ url }) => url.split('?')[0]);
  expect(paths).toEqual(['/Contacts', '/connect/token', '/Contacts']);
});

describe('Xero, which organisation', () => {
  test('the one chosen in this consent, though others were connected before', async () => {
    const { connect, nameOf } = await stage();
    await connect(main);
    const set = await connect(other.name);
    expect(set.account).toEqual({ tenant_id: other.id, tenant_name: other.name });
    expect(await nameOf()).toEqual({ state: 'value', value: 'SECOND LTD' });
  });

  test.each([other.name.toUpperCase(), other.id])(
    'the one that the agreement names: %s',
    async (organisation) => {
      const { connect } = await stage({ organisation });
      expect(await failed(connect(main))).toBe(
        `auth: Xero’s sign-in does not reach “${organisation}”, only “${main}”: choose it on Xero’s page, or correct connections.xero.organisation`,
      );
      await connect(other.name);
      // Reached already: whichever was ticked this time.
      expect((await connect(main)).account.tenant_id).toBe(other.id);
    },
  );
});

describe('Xero, shut out', () => {
  test('a disconnected organisation is told in those words, though the sign-in can be renewed', async () => {
    const { vendor, clock, connect, connector, asked } = await stage();
    await connect(main);
    vendor.disconnect();
    const words = 'auth: Xero has refused our sign-in: the organisation was disconnected from Truce';
    expect(await failed(connector.read([contactId], call))).toBe(words);
    clock.advance(halfHour);
    expect(await failed(connector.read([contactId], call))).toBe(words);
    expect(asked('/connect/token').map(({ status }) => status)).toEqual([200, 200]);
    await connect(main);
    expect((await connector.read([contactId], call)).map(({ kind }) => kind)).toEqual(['read']);
  });

  test('a sign-in that was withdrawn, that nobody used for 60 days, or that nobody made', async () => {
    const { vendor, clock, connect, connector } = await stage();
    expect(await failed(connector.read([contactId], call))).toContain('auth: Xero is not connected yet');
    await connect(main);
    clock.advance(60 * day + 1000);
    expect(await failed(connector.read([contactId], call))).toContain(
      'no longer lets Truce in (invalid_grant)',
    );
    await connect(main);
    vendor.revokeTokens();
    expect(await failed(connector.read([contactId], call))).toContain(
      'no longer lets Truce in (invalid_grant)',
    );
  });

  test('no token, code or secret reaches the log', async () => {
    const { vendor, clock, tokens, log, connect, nameOf } = await stage();
    const first = await connect(main);
    clock.advance(halfHour);
    await nameOf();
    vendor.revokeTokens();
    clock.advance(halfHour);
    await failed(nameOf());
    const written = JSON.stringify(log.kept);
    const last = await tokens.read('xero');
    for (const set of [first, last]) {
      expect(written).not.toContain(set?.accessToken);
      expect(written).not.toContain(set?.refreshToken);
    }
    expect(written).not.toContain(vendor.env.XERO_WEB_CLIENT_SECRET);
  });
});

describe('Xero, its account', () => {
  test('tells the organisation, what was granted and when the sign-in ends', async () => {
    const { clock, connect, connector } = await stage({
      taxCodes: { gst: 'OUTPUT', export: 'EXEMPTEXPORT' },
    });
    await connect(main);
    expect(await connector.account(call)).toEqual({
      account: main,
      scopes: expect.arrayContaining(['accounting.contacts', 'offline_access']),
      missingScopes: [],
      expiresAt: new Date(clock.now().getTime() + 60 * day).toISOString(),
      problems: [],
      steps: [],
    });
  });

  test('names tax codes that the organisation does not have, and an edition that is not Australian', async () => {
    const taxCodes = { gst: 'GST on Income', gst_free: 'TAX007', input_taxed: 'INPUT' };
    const { connect, connector } = await stage({ taxCodes });
    await connect(other.name);
    const { problems } = await connector.account(call);
    expect(problems).toEqual([
      expect.stringContaining('is a Xero organisation of the edition NZ, not AU'),
      'tax_codes says gst: GST on Income. That is a tax rate’s name; its code is OUTPUT.',
      expect.stringContaining(
        'tax_codes says gst_free: TAX007. Xero has no such tax rate. It has OUTPUT (GST on Income)',
      ),
      expect.stringContaining('tax_codes says input_taxed: INPUT. Xero does not use that tax rate for sales'),
    ]);
  });

  test('names what was not granted, before anything needs it', async () => {
    const { vendor, tokens, connect, connector } = await stage({ taxCodes: { gst: 'OUTPUT' } });
    const set = await connect(main);
    await tokens.connect('xero', { ...set, scopes: ['accounting.contacts.read'], refreshToken: null }, 'U1');
    const before = vendor.log.length;
    expect(await connector.account(call)).toMatchObject({
      account: main,
      missingScopes: ['accounting.contacts', 'accounting.settings.read', 'offline_access'],
      expiresAt: set.expiresAt,
    });
    expect(vendor.log.length).toBe(before);
    await tokens.connect('xero', { ...set, scopes: ['accounting.contacts', 'accounting.settings'] }, 'U1');
    expect(await connector.account(call)).toMatchObject({ missingScopes: [] });
  });
});
