import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { ask } from '../../playground/vendors/kit.ts';
import { tinyVendor } from '../kit.ts';
import { allowInBrowser } from './browser.ts';
import { call, practiceAccount } from './practice-account.ts';

const redirectUri = 'http://localhost:3000/oauth/hubspot';
const verifier = 'a-verifier-of-at-least-forty-three-characters-0123';
const challenge = createHash('sha256').update(verifier).digest('base64url');
const billing = { kind: 'only' } as const;

async function signedIn(options: Parameters<typeof practiceAccount>[0] = {}) {
  const world = await practiceAccount({ signIn: 'oauth', ...options });
  const { connector, tokens } = world;
  if (!connector.oauth) throw new Error('nobody can sign in');
  const { oauth } = connector;
  const url = oauth.authoriseUrl({ redirectUri, state: 'the-state', challenge });
  const { page, back } = await allowInBrowser(url);
  const code = back.searchParams.get('code') ?? '';
  const set = await oauth.exchange({ code, verifier, redirectUri }, call);
  await tokens.connect('hubspot', set, 'Tom Walsh');
  return { ...world, oauth, url, page, back, code, set };
}

test('the page asks for what is used, and for nothing else', async () => {
  const { url, page, back } = await signedIn();
  expect(Object.fromEntries(new URL(url).searchParams)).toMatchObject({
    client_id: 'practice-hubspot-client-id',
    redirect_uri: redirectUri,
    scope:
      'oauth crm.objects.companies.read crm.objects.companies.write crm.schemas.companies.read crm.schemas.companies.write',
  });
  const optional = new URL(url).searchParams.get('optional_scope') ?? '';
  expect(optional.split(' ')).toEqual([
    ...['crm.objects.products.read', 'crm.objects.products.write'],
    ...['crm.objects.deals.read', 'crm.objects.deals.write', 'crm.objects.line_items.read'],
    ...['crm.schemas.products.read', 'crm.schemas.products.write'],
    ...['crm.schemas.deals.read', 'crm.schemas.deals.write'],
  ]);
  expect(page.text).toContain('crm.objects.companies.write');
  expect([back.origin + back.pathname, back.searchParams.get('state')]).toEqual([redirectUri, 'the-state']);
  const withContacts = await practiceAccount({ signIn: 'oauth', billing });
  const asked = withContacts.connector.oauth?.authoriseUrl({ redirectUri, state: 's', challenge });
  expect(new URL(asked ?? '').searchParams.get('scope')).toContain('crm.objects.contacts.write');
});

test('without an address of its own the page is HubSpot’s', async () => {
  const { connectTo, vendor } = await practiceAccount({ signIn: 'oauth' });
  expect(new URL(vendor.authUrl ?? '').hostname).toBe('127.0.0.1');
  const { hubspotAuthUrl } = await import('#src/connectors/hubspot/sign-in.ts');
  expect(hubspotAuthUrl).toBe('https://app.hubspot.com');
  expect(connectTo(vendor.baseUrl).oauth).not.toBeNull();
});

test('the code gives tokens for this account, once', async () => {
  const { set, oauth, code, connector } = await signedIn();
  expect(set).toMatchObject({ account: { portal_id: '44000001' }, refreshToken: expect.stringMatching(/./) });
  expect(set.scopes).toContain('crm.objects.companies.read');
  expect(await connector.read(['901'], call)).toMatchObject([{ kind: 'read' }]);
  await expect(oauth.exchange({ code, verifier, redirectUri }, call)).rejects.toMatchObject({
    failure: 'auth',
    reason: 'missing or unknown auth code',
  });
  expect(await connector.account(call)).toMatchObject({
    account: 'Hub ID 44000001',
    missingScopes: [],
    expiresAt: null,
  });
});

test.each([
  ['a verifier that does not fit', { verifier: 'another' }, 'code_verifier does not fit'],
  [
    'another address to come back to',
    { redirectUri: 'http://localhost:3000/else' },
    'redirect_uri does not match',
  ],
])('refuses %s', async (_, wrong, reason) => {
  const { connector } = await practiceAccount({ signIn: 'oauth' });
  const url = connector.oauth?.authoriseUrl({ redirectUri, state: 's', challenge }) ?? '';
  const { back } = await allowInBrowser(url);
  const code = back.searchParams.get('code') ?? '';
  const exchanged = connector.oauth?.exchange({ code, verifier, redirectUri, ...wrong }, call);
  await expect(exchanged).rejects.toMatchObject({ reason: expect.stringContaining(reason) });
});

test('a code is short-lived, and a person may say no', async () => {
  const { connector, clock } = await practiceAccount({ signIn: 'oauth' });
  const url = connector.oauth?.authoriseUrl({ redirectUri, state: 's', challenge }) ?? '';
  const { back } = await allowInBrowser(url);
  clock.advance(61_000);
  const code = back.searchParams.get('code') ?? '';
  await expect(connector.oauth?.exchange({ code, verifier, redirectUri }, call)).rejects.toMatchObject({
    reason: 'auth code is expired',
  });
  const denied = await allowInBrowser(url, 'deny');
  expect(denied.back.searchParams.get('error')).toBe('access_denied');
});

test('an unknown address to come back to, client or scope ends on HubSpot’s own page', async () => {
  const { connector } = await practiceAccount({ signIn: 'oauth', redirectUris: [redirectUri] });
  const good = connector.oauth?.authoriseUrl({ redirectUri, state: 's', challenge }) ?? '';
  expect((await ask(good)).status).toBe(200);
  const changed = (name: string, value: string) => {
    const url = new URL(good);
    url.searchParams.set(name, value);
    return ask(url.toString());
  };
  for (const [name, value] of [
    ['redirect_uri', `${redirectUri}/`],
    ['client_id', 'nobody'],
    ['scope', 'crm.objects.everything.read'],
  ] as const) {
    const page = await changed(name, value);
    expect([page.status, page.headers.get('location')]).toEqual([400, null]);
  }
});

test('a token is renewed ahead of its end, by one caller, in the middle of a run', async () => {
  const { connector, clock, vendor, set, tokens } = await signedIn();
  clock.advance(1_700_000);
  await Promise.all([1, 2, 3].map(() => connector.read(['901'], call)));
  const renewals = () => vendor.log.filter(({ path }) => path.endsWith('/token')).length;
  expect(renewals()).toBe(2);
  expect((await tokens.read('hubspot'))?.refreshToken).toBe(set.refreshToken);
  expect((await tokens.read('hubspot'))?.accessToken).not.toBe(set.accessToken);
  await connector.read(['901'], call);
  expect(renewals()).toBe(2);
});

test('a token that HubSpot ended early is renewed once, and a second refusal is the end', async () => {
  const { connector, connectTo, vendor, tokens, set } = await signedIn();
  await ask(`${vendor.baseUrl}/oauth/2026-09/token/revoke`, { body: { token: set.accessToken } });
  expect(await connector.read(['901'], call)).toMatchObject([{ kind: 'read' }]);
  const calls: string[] = [];
  const tiny = await tinyVendor((seen) => {
    calls.push(seen.url);
    if (seen.url.endsWith('/token')) return { json: { access_token: `t${calls.length}`, expires_in: 1800 } };
    return { status: 401, json: { category: 'INVALID_AUTHENTICATION', message: 'The token is no good' } };
  });
  await tokens.connect('hubspot', set, 'Tom Walsh');
  await expect(connectTo(tiny.url).read(['901'], call)).rejects.toMatchObject({ failure: 'auth' });
  expect(calls.filter((url) => url.endsWith('/token'))).toHaveLength(1);
  expect(calls).toHaveLength(3);
});

test('a sign-in that was withdrawn asks a person to connect again', async () => {
  const { connector, vendor, set, clock } = await signedIn();
  await ask(`${vendor.baseUrl}/oauth/2026-09/token/revoke`, { body: { token: set.refreshToken } });
  clock.advance(1_800_000);
  await expect(connector.read(['901'], call)).rejects.toMatchObject({
    failure: 'auth',
    message: 'HubSpot no longer lets Truce in (missing or invalid refresh token): connect it again',
  });
});

test('before anybody connected it, says so', async () => {
  const { connector } = await practiceAccount({ signIn: 'oauth' });
  await expect(connector.read(['901'], call)).rejects.toMatchObject({
    failure: 'auth',
    message: expect.stringContaining('HubSpot is not connected yet'),
  });
});

test('a busy token end point is waited for as it says, and no secret reaches the log', async () => {
  const { connector, clock, vendor, log, set } = await signedIn();
  for (let n = 0; n < 29; n += 1) {
    await ask(`${vendor.baseUrl}/oauth/2026-09/token`, {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'grant_type=refresh_token',
    });
  }
  const before = clock.now().getTime();
  const form = { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'x=1' };
  const busy = await ask(`${vendor.baseUrl}/oauth/2026-09/token`, form);
  expect([busy.status, busy.headers.get('retry-after')]).toEqual([429, '10']);
  await ask(`${vendor.baseUrl}/oauth/2026-09/token/revoke`, { body: { token: set.accessToken } });
  expect(await connector.read(['901'], call)).toMatchObject([{ kind: 'read' }]);
  expect(clock.now().getTime() - before).toBe(10_000);
  const written = JSON.stringify(log.kept);
  for (const secret of [set.accessToken, set.refreshToken ?? '-', 'practice-hubspot-client-secret'])
    expect(written).not.toContain(secret);
});
