import { describe, expect, onTestFinished, test } from 'vitest';
import { manualClock } from '#src/clock.ts';
import { openStore } from '#src/playground/store.ts';
import { startXero } from '#src/playground/vendors/xero/server.ts';
import { decide, openPage, proof, redirectUri } from '../../connectors/xero/browser.ts';
import { ask, noon } from './kit.ts';

const main = 'Example Trading Co Pty Ltd';
const other = { id: '00000000-0000-4000-8000-00000000b0b0', name: 'Second Shop', version: 'AU' as const };
const minute = 60_000;
const contacts = 'accounting.contacts offline_access';

async function stage() {
  const clock = manualClock(noon);
  const store = openStore(':memory:');
  const vendor = await startXero({ store, clock, organisations: [other], redirectUris: [redirectUri] });
  onTestFinished(async () => {
    await vendor.close();
    store.close();
  });
  const { env, authUrl = '' } = vendor;
  const basic = (id: string, secret: string) =>
    `Basic ${Buffer.from(`${env[id]}:${env[secret]}`).toString('base64')}`;
  const web = basic('XERO_WEB_CLIENT_ID', 'XERO_WEB_CLIENT_SECRET');
  const post = (path: string, form: Record<string, string>, authorization: string | null = web) =>
    ask(authUrl + path, {
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        ...(authorization === null ? {} : { authorization }),
      },
      body: new URLSearchParams(form).toString(),
    });
  const pageUrl = (more: Record<string, string | null> = {}) => {
    const query = {
      response_type: 'code',
      client_id: env.XERO_WEB_CLIENT_ID ?? '',
      redirect_uri: redirectUri,
      scope: contacts,
      state: 's',
      ...more,
    };
    const url = new URL('/identity/connect/authorize', authUrl ?? '');
    for (const [name, value] of Object.entries(query)) if (value !== null) url.searchParams.set(name, value);
    return url.toString();
  };
  const codeFor = async (more: Record<string, string | null> = {}, organisation = main) =>
    (await decide(pageUrl(more), organisation)).searchParams.get('code') ?? '';
  const redeem = (code: string, more: Record<string, string> = {}, authorization: string | null = web) =>
    post(
      '/connect/token',
      { grant_type: 'authorization_code', code, redirect_uri: redirectUri, ...more },
      authorization,
    );
  const refresh = (refresh_token: string, authorization: string | null = web, more = {}) =>
    post('/connect/token', { grant_type: 'refresh_token', refresh_token, ...more }, authorization);
  const signIn = async (organisation = main, scope = contacts) =>
    (await redeem(await codeFor({ scope }, organisation))).json as {
      access_token: string;
      refresh_token: string;
    };
  const call = (path: string, token: string, headers: Record<string, string> = {}, method = 'GET') =>
    ask(new URL(path, authUrl ?? '').toString(), {
      method,
      headers: { authorization: `Bearer ${token}`, accept: 'application/json', ...headers },
    });
  const read = (token: string, tenant?: string, path = '/api.xro/2.0/Contacts') =>
    call(path, token, tenant ? { 'xero-tenant-id': tenant } : {});
  return { vendor, clock, env, web, basic, post, pageUrl, codeFor, redeem, refresh, signIn, call, read };
}

const invalid = { error: 'invalid_grant' };

describe('the consent page', () => {
  test('shows what is asked for and which organisations there are; cancelling is told', async () => {
    const { pageUrl } = await stage();
    const { status, html } = await openPage(pageUrl());
    expect(status).toBe(200);
    for (const word of [main, 'Second Shop', 'accounting.contacts']) expect(html).toContain(word);
    const back = await decide(pageUrl(), null);
    expect(Object.fromEntries(back.searchParams)).toEqual({ error: 'access_denied', state: 's' });
  });

  test.each<[string, Record<string, string | null>]>([
    ['an address that is not registered', { redirect_uri: 'http://localhost:3000/oauth/callback/' }],
    ['an unknown client', { client_id: 'NOBODY' }],
    ['the client of a Custom Connection', { client_id: 'PRACTICEXEROCLIENTID000000000000' }],
    ['a scope of before March 2026', { scope: 'accounting.transactions' }],
    ['no scope', { scope: '' }],
    ['a plain challenge', { code_challenge: 'x', code_challenge_method: 'plain' }],
    ['a public client without PKCE', { client_id: 'PRACTICEXEROPKCEAPP0000000000000' }],
    ['another response', { response_type: 'token' }],
  ])('refuses %s with an error page, and sends nobody anywhere', async (_, more) => {
    const { pageUrl } = await stage();
    const { status, html } = await openPage(pageUrl(more));
    expect([status, html]).toEqual([500, expect.stringContaining('something went wrong')]);
  });

  test.each([
    ['https://truce.example.com/oauth/callback', 200],
    ['http://localhost:3000/oauth/callback', 200],
    ['http://127.0.0.1:3000/oauth/callback', 500],
    ['http://truce.example.com/oauth/callback', 500],
    ['https://truce.example.com/oauth/callback#x', 500],
  ])('takes https, and http on localhost alone: %s', async (uri, status) => {
    const store = openStore(':memory:');
    const vendor = await startXero({ store, clock: manualClock(noon) });
    onTestFinished(async () => {
      await vendor.close();
      store.close();
    });
    const url = new URL('/identity/connect/authorize', vendor.authUrl ?? '');
    const query = {
      response_type: 'code',
      client_id: vendor.env.XERO_WEB_CLIENT_ID ?? '',
      scope: contacts,
      redirect_uri: uri,
    };
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    expect((await openPage(url.toString())).status).toBe(status);
  });
});

describe('a code', () => {
  test('is good once, for five minutes, for its client and its address', async () => {
    const { clock, env, codeFor, redeem } = await stage();
    const code = await codeFor();
    expect((await redeem(code)).json).toMatchObject({
      token_type: 'Bearer',
      expires_in: 1800,
      scope: contacts,
    });
    expect((await redeem(code)).json).toEqual(invalid);
    const late = await codeFor();
    clock.advance(5 * minute);
    expect((await redeem(late)).json).toEqual(invalid);
    expect((await redeem(await codeFor(), { redirect_uri: 'http://localhost:3000/' })).json).toEqual(invalid);
    const foreign = { client_id: env.XERO_PUBLIC_CLIENT_ID ?? '' };
    expect((await redeem(await codeFor(), foreign, null)).json).toEqual(invalid);
    expect((await redeem(await codeFor(), {}, 'Basic bm86bm8=')).json).toEqual({ error: 'invalid_client' });
  });

  test('that began with a challenge needs its verifier; a public client needs both', async () => {
    const { env, codeFor, redeem } = await stage();
    const { verifier, challenge } = proof();
    const pkce = { code_challenge: challenge, code_challenge_method: 'S256' };
    expect((await redeem(await codeFor(pkce))).json).toEqual(invalid);
    expect((await redeem(await codeFor(pkce), { code_verifier: `${verifier}x` })).json).toEqual(invalid);
    expect((await redeem(await codeFor(pkce), { code_verifier: verifier })).status).toBe(200);
    const client_id = env.XERO_PUBLIC_CLIENT_ID ?? '';
    const code = await codeFor({ ...pkce, client_id });
    expect((await redeem(code, { client_id, code_verifier: verifier }, null)).json).toHaveProperty(
      'refresh_token',
    );
  });

  test('without offline_access gives no refresh token', async () => {
    const { signIn } = await stage();
    expect(await signIn(main, 'accounting.contacts')).not.toHaveProperty('refresh_token');
  });
});

describe('a refresh token', () => {
  test('is replaced by its use; the one before may be used again for half an hour, which voids its successor', async () => {
    const { clock, signIn, refresh } = await stage();
    const first = (await signIn()).refresh_token;
    const second = (await refresh(first)).json.refresh_token;
    expect(second).not.toBe(first);
    clock.advance(29 * minute);
    const third = (await refresh(first)).json.refresh_token;
    expect(third).toEqual(expect.any(String));
    expect((await refresh(second)).json).toEqual(invalid);
    expect((await refresh(third)).status).toBe(200);
    // Its successor was used: the grace is over.
    expect((await refresh(first)).json).toEqual(invalid);
  });

  test('the grace ends after half an hour, an unused token after sixty days', async () => {
    const { clock, signIn, refresh } = await stage();
    const first = (await signIn()).refresh_token;
    const second = (await refresh(first)).json.refresh_token;
    clock.advance(30 * minute);
    expect((await refresh(first)).json).toEqual(invalid);
    clock.advance(60 * 86_400_000 - 31 * minute);
    const third = (await refresh(second)).json.refresh_token;
    expect(third).toEqual(expect.any(String));
    clock.advance(60 * 86_400_000);
    expect((await refresh(third)).json).toEqual(invalid);
  });

  test('belongs to its client', async () => {
    const { env, signIn, refresh } = await stage();
    const { refresh_token } = await signIn();
    expect((await refresh(refresh_token, null, { client_id: env.XERO_PUBLIC_CLIENT_ID })).json).toEqual(
      invalid,
    );
    expect((await refresh(refresh_token, null)).json).toEqual({ error: 'invalid_client' });
  });

  test('revoked, it takes the organisations with it', async () => {
    const { signIn, post, refresh, read, call } = await stage();
    const { access_token, refresh_token } = await signIn(other.name);
    expect((await read(access_token, other.id)).status).toBe(200);
    expect((await post('/connect/revocation', { token: refresh_token }, null)).status).toBe(400);
    expect((await post('/connect/revocation', { token: 'unknown' })).status).toBe(200);
    expect((await post('/connect/revocation', { token: refresh_token })).status).toBe(200);
    expect((await refresh(refresh_token)).json).toEqual(invalid);
    expect((await read(access_token, other.id)).status).toBe(403);
    expect((await call('/connections', access_token)).json).toEqual([]);
  });
});

describe('an access token', () => {
  test('is a web token that names its client, scopes and end', async () => {
    const { env, signIn } = await stage();
    const { access_token } = await signIn();
    const claims = JSON.parse(Buffer.from(access_token.split('.')[1] ?? '', 'base64url').toString());
    expect(claims).toMatchObject({
      client_id: env.XERO_WEB_CLIENT_ID,
      scope: ['accounting.contacts', 'offline_access'],
      exp: noon.getTime() / 1000 + 1800,
      authentication_event_id: expect.any(String),
    });
  });

  test('opens what its scopes say: reading is no writing, contacts are no settings', async () => {
    const { signIn, read, call } = await stage();
    const tenant = '00000000-0000-4000-8000-00000000a0a0';
    const { access_token } = await signIn(main, 'accounting.contacts.read');
    expect((await read(access_token, tenant)).status).toBe(200);
    for (const [path, method] of [
      ['/api.xro/2.0/Organisation', 'GET'],
      ['/api.xro/2.0/TaxRates', 'GET'],
      ['/api.xro/2.0/Contacts', 'PUT'],
    ] as const) {
      const refused = await call(path, access_token, { 'xero-tenant-id': tenant }, method);
      expect([refused.status, refused.json.Detail]).toEqual([401, 'AuthorizationUnsuccessful']);
      expect(refused.headers.get('www-authenticate')).toBe('insufficient_scope');
    }
    const settings = (await signIn(main, 'accounting.settings.read')).access_token;
    const rates = (await read(settings, tenant, '/api.xro/2.0/TaxRates')).json.TaxRates;
    expect(rates.map(({ TaxType }: { TaxType: string }) => TaxType)).toContain('EXEMPTOUTPUT');
    expect((await read(settings, tenant, '/api.xro/2.0/Organisation')).json.Organisations).toMatchObject([
      { Name: main, Version: 'AU', OrganisationID: tenant },
    ]);
  });

  test('needs the name of an organisation that lets it in', async () => {
    const { vendor, signIn, read } = await stage();
    const { access_token } = await signIn(other.name);
    const shut = { status: 403, json: { Title: 'Forbidden', Detail: 'AuthenticationUnsuccessful' } };
    expect(await read(access_token)).toMatchObject(shut);
    expect(await read(access_token, '00000000-0000-4000-8000-00000000a0a0')).toMatchObject(shut);
    expect((await read(access_token, other.id.toUpperCase())).status).toBe(200);
    vendor.disconnect(other.id);
    expect(await read(access_token, other.id)).toMatchObject(shut);
  });
});

describe('connections', () => {
  test('are listed by consent, and deleted by their id', async () => {
    const { signIn, call, read } = await stage();
    await signIn(main);
    const { access_token } = await signIn(other.name);
    const all = (await call('/connections', access_token)).json;
    expect(all.map(({ tenantName }: { tenantName: string }) => tenantName)).toEqual([main, other.name]);
    const [, newest] = all;
    expect(newest).toMatchObject({ tenantId: other.id, tenantType: 'ORGANISATION' });
    expect((await call(`/connections?authEventId=${newest.authEventId}`, access_token)).json).toEqual([
      newest,
    ]);
    expect((await call(`/connections/${newest.id}`, access_token, {}, 'DELETE')).status).toBe(204);
    expect((await call(`/connections/${newest.id}`, access_token, {}, 'DELETE')).status).toBe(404);
    expect((await read(access_token, other.id)).status).toBe(403);
    expect((await call('/connections', 'nobody')).status).toBe(401);
  });
});
