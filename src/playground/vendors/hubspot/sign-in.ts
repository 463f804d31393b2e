import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '../../../clock.ts';
import type { Store } from '../../store.ts';
import { type Answer, type Call, json, jsonObject } from '../exchange.ts';
import { rollingLimit } from '../limits.ts';
import { portal } from './bodies.ts';
import { consentPage, refusalPage } from './consent-page.ts';
import { failure } from './errors.ts';
import { knownScopes } from './scopes.ts';

/** The app as it was registered with HubSpot. */
export interface RegisteredApp {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Where codes may be sent; null = anywhere on this machine. */
  readonly redirectUris: readonly string[] | null;
}

export interface Grant {
  readonly scopes: readonly string[];
  readonly userId: number;
}
interface Code extends Grant {
  readonly redirectUri: string;
  readonly challenge: string | null;
  /** Ms since 1970. */
  readonly expiresAt: number;
}
interface AccessToken extends Grant {
  readonly expiresAt: number;
}

export interface SignIn {
  /** The answer to a call of the pages and end points of OAuth; null for every other call. */
  route(call: Call): Answer | null;
  /** What a token may do; `expiredAt` where it ended. Null for one that HubSpot never gave, or that was revoked. */
  grantOf(token: string): (Grant & { readonly expiredAt: Date | null }) | null;
}

const accessMs = 1_800_000;
const codeMs = 60_000;

/** OAuth 2 as HubSpot has it: code flow with PKCE where it is sent, refresh tokens that last and are not rotated. */
export function openSignIn(store: Store, clock: Clock, app: RegisteredApp): SignIn {
  const codes = store.collection<Code>('hubspot.oauth-codes');
  const access = store.collection<AccessToken>('hubspot.oauth-access');
  const refresh = store.collection<Grant>('hubspot.oauth-refresh');
  const burst = rollingLimit(30, 10_000);
  const now = () => clock.now().getTime();

  const issue = (grant: Grant, refreshToken: string): Answer => {
    const token = `CL${randomBytes(120).toString('base64url')}`;
    access.set(token, { ...grant, expiresAt: now() + accessMs });
    return json(200, {
      token_type: 'bearer',
      token_use: 'access_token',
      access_token: token,
      refresh_token: refreshToken,
      expires_in: accessMs / 1000,
      hub_id: portal.id,
      scopes: grant.scopes,
      user_id: grant.userId,
    });
  };
  const byCode = (form: URLSearchParams): Answer => {
    const code = form.get('code') ?? '';
    const held = codes.get(code);
    codes.delete(code);
    if (!held) return refusal('BAD_AUTH_CODE', 'missing or unknown auth code');
    if (held.expiresAt < now()) return refusal('EXPIRED_AUTH_CODE', 'auth code is expired');
    if (form.get('redirect_uri') !== held.redirectUri)
      return refusal('BAD_REDIRECT_URI', 'redirect_uri does not match the one of the authorization');
    if (held.challenge !== null && challengeOf(form.get('code_verifier') ?? '') !== held.challenge)
      return refusal('BAD_CODE_VERIFIER', 'code_verifier does not fit the code_challenge');
    const refreshToken = randomBytes(24).toString('hex');
    const grant = { scopes: held.scopes, userId: held.userId };
    refresh.set(refreshToken, grant);
    return issue(grant, refreshToken);
  };
  const token = (call: Call): Answer => {
    if (burst.left(clock.now()) < 1) {
      const wait = String(Math.ceil(burst.opensIn(clock.now()) / 1000));
      return failure(429, 'RATE_LIMITS', 'Too many requests', {}, { 'retry-after': wait });
    }
    burst.count(clock.now());
    const form = formOf(call);
    if (form === null) return failure(415, 'VALIDATION_ERROR', 'Unsupported Media Type');
    if (form.get('client_id') !== app.clientId)
      return refusal('BAD_CLIENT_ID', 'missing or unknown client id');
    if (form.get('client_secret') !== app.clientSecret)
      return refusal('BAD_CLIENT_SECRET', 'missing or invalid client secret');
    if (form.get('grant_type') === 'authorization_code') return byCode(form);
    if (form.get('grant_type') !== 'refresh_token')
      return refusal('BAD_GRANT_TYPE', 'missing or unknown grant type');
    const refreshToken = form.get('refresh_token') ?? '';
    const grant = refresh.get(refreshToken);
    return grant
      ? issue(grant, refreshToken)
      : refusal('BAD_REFRESH_TOKEN', 'missing or invalid refresh token');
  };
  const grantOf: SignIn['grantOf'] = (given) => {
    const held = access.get(given);
    return held ? { ...held, expiredAt: held.expiresAt <= now() ? new Date(held.expiresAt) : null } : null;
  };

  return {
    grantOf,
    route: (call) => {
      const [, oauth, version = '', what = '', more] = call.path.split('/');
      if (oauth !== 'oauth') return null;
      if (version === 'authorize' && call.method === 'GET') return askPerson(call.query, app);
      if (version === 'authorize' && call.method === 'POST') {
        const form = formOf(call) ?? new URLSearchParams();
        const problem = problemOf(form, app);
        if (problem) return refusalPage(problem);
        const back = new URL(form.get('redirect_uri') ?? '');
        if (form.get('state') !== null) back.searchParams.set('state', form.get('state') ?? '');
        if (form.get('answer') !== 'allow') {
          back.searchParams.set('error', 'access_denied');
          back.searchParams.set('error_description', 'The user denied access to the application');
          return elsewhere(back);
        }
        const code = randomBytes(16).toString('hex');
        codes.set(code, {
          redirectUri: form.get('redirect_uri') ?? '',
          challenge: form.get('code_challenge') || null,
          scopes: scopesIn(form.get('scope')),
          userId: 9_000_001,
          expiresAt: now() + codeMs,
        });
        back.searchParams.set('code', code);
        return elsewhere(back);
      }
      if (call.method !== 'POST' || !/^(2026-09|2026-03|v1|v3)$/.test(version) || what !== 'token')
        return null;
      if (more === undefined) return token(call);
      const form = formOf(call) ?? new URLSearchParams(Object.entries(jsonObject(call) ?? {}).map(asPair));
      const given = form.get('token') ?? '';
      if (more === 'revoke') {
        refresh.delete(given);
        access.delete(given);
        return json(200, {});
      }
      if (more !== 'introspect') return null;
      const grant = grantOf(given);
      if (!grant || grant.expiredAt) return json(200, { active: false });
      return json(200, { active: true, hub_id: portal.id, scopes: grant.scopes, user_id: grant.userId });
    },
  };
}

const asPair = ([name, value]: [string, unknown]): [string, string] => [name, String(value)];

function askPerson(query: URLSearchParams, app: RegisteredApp): Answer {
  const problem = problemOf(query, app);
  return problem ? refusalPage(problem) : consentPage(query, scopesIn(query.get('scope')));
}

/** What HubSpot says on its own page, sending nobody back; null where all is well. */
function problemOf(query: URLSearchParams, app: RegisteredApp): string | null {
  const redirectUri = query.get('redirect_uri') ?? '';
  if (query.get('client_id') !== app.clientId) return 'No app has this client ID.';
  if (!mayReturnTo(redirectUri, app.redirectUris))
    return 'The redirect URL in the link does not match one that is registered for the app.';
  const scopes = scopesIn(query.get('scope'));
  if (scopes.length === 0) return 'The link asks for no scopes.';
  const strange = scopes.filter((scope) => !knownScopes.includes(scope));
  if (strange.length > 0) return `The app does not have these scopes: ${strange.join(', ')}.`;
  if (query.get('code_challenge') && query.get('code_challenge_method') !== 'S256')
    return 'Only the code challenge method S256 is supported.';
  return null;
}

function mayReturnTo(redirectUri: string, registered: readonly string[] | null): boolean {
  if (registered) return registered.includes(redirectUri);
  return URL.canParse(redirectUri) && /^(localhost|127\.0\.0\.1)$/.test(new URL(redirectUri).hostname);
}

const scopesIn = (scope: string | null): string[] => (scope ?? '').split(/\s+/).filter(Boolean);

const challengeOf = (verifier: string) => createHash('sha256').update(verifier).digest('base64url');

const elsewhere = (to: URL): Answer => ({ status: 302, headers: { location: to.toString() }, body: '' });

const refusal = (status: string, message: string): Answer =>
  failure(400, 'BAD_REQUEST', message, { status, error: 'invalid_grant', error_description: message });

/** Null where the body is no form. */
const formOf = (call: Call): URLSearchParams | null =>
  call.headers['content-type']?.startsWith('application/x-www-form-urlencoded')
    ? new URLSearchParams(call.body)
    : null;
