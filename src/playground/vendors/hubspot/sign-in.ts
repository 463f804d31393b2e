import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '../../../clock.ts';
import type { Store } from '../../store.ts';
import { type Answer, type Call, json, jsonObject } from '../exchange.ts';
import { type Limit, rollingLimit } from '../limits.ts';
import { type Allowed, authorise, type RegisteredApp } from './authorise.ts';
import { portal } from './bodies.ts';
import { failure } from './errors.ts';

interface Grant {
  readonly scopes: readonly string[];
  readonly userId: number;
}
/** With the end of its life, in ms since 1970. */
type Ending<T> = T & { readonly expiresAt: number };

export interface SignIn {
  /** The answer to a call of the pages and end points of OAuth; null for every other call. */
  route(call: Call): Answer | null;
  /** What a token may do; `expiredAt` where it ended. Null for one that HubSpot never gave, or that was revoked. */
  grantOf(token: string): (Grant & { readonly expiredAt: Date | null }) | null;
}

const accessMs = 1_800_000;
const codeMs = 60_000;
/** Whoever presses the button. */
const userId = 9_000_001;

/** OAuth 2 as HubSpot has it: code flow with PKCE where it is sent, refresh tokens that last and are not rotated. */
export function openSignIn(store: Store, clock: Clock, app: RegisteredApp): SignIn {
  const book = openBook(store, clock);
  const burst = rollingLimit(30, 10_000);
  return {
    grantOf: book.grantOf,
    route: (call) => {
      const [, oauth, version = '', what = '', more = ''] = call.path.split('/');
      if (oauth !== 'oauth') return null;
      if (version === 'authorize') return authorise(call, app, book.keepCode);
      if (call.method !== 'POST' || !/^(2026-0[39]|v1|v3)$/.test(version) || what !== 'token') return null;
      if (more === '') return busy(burst, clock.now()) ?? token(call, app, book);
      return aboutToken(more, call, book);
    },
  };
}

/** What HubSpot gave, on file. */
type Book = ReturnType<typeof openBook>;

function openBook(store: Store, clock: Clock) {
  const codes = store.collection<Ending<Allowed>>('hubspot.oauth-codes');
  const access = store.collection<Ending<Grant>>('hubspot.oauth-access');
  const refresh = store.collection<Grant>('hubspot.oauth-refresh');
  const now = () => clock.now().getTime();
  return {
    keepCode: (code: string, allowed: Allowed) => codes.set(code, { ...allowed, expiresAt: now() + codeMs }),
    /** Good once: it is gone afterwards, whatever came of it. */
    takeCode: (code: string) => {
      const held = codes.get(code);
      codes.delete(code);
      return held && { ...held, isLate: held.expiresAt < now() };
    },
    keepRefresh: (token: string, grant: Grant) => refresh.set(token, grant),
    refreshed: (token: string) => refresh.get(token),
    issue: (grant: Grant): string => {
      const token = `CL${randomBytes(120).toString('base64url')}`;
      access.set(token, { ...grant, expiresAt: now() + accessMs });
      return token;
    },
    revoke: (token: string) => {
      refresh.delete(token);
      access.delete(token);
    },
    grantOf: (token: string) => {
      const held = access.get(token);
      if (!held) return null;
      return { ...held, expiredAt: held.expiresAt <= now() ? new Date(held.expiresAt) : null };
    },
  };
}

function busy(burst: Limit, now: Date): Answer | null {
  if (burst.left(now) < 1) {
    const wait = String(Math.ceil(burst.opensIn(now) / 1000));
    return failure(429, 'RATE_LIMITS', 'Too many requests', {}, { 'retry-after': wait });
  }
  burst.count(now);
  return null;
}

function token(call: Call, app: RegisteredApp, book: Book): Answer {
  if (!call.headers['content-type']?.startsWith('application/x-www-form-urlencoded'))
    return failure(415, 'VALIDATION_ERROR', 'Unsupported Media Type');
  const form = new URLSearchParams(call.body);
  if (form.get('client_id') !== app.clientId) return refusal('BAD_CLIENT_ID', 'missing or unknown client id');
  if (form.get('client_secret') !== app.clientSecret)
    return refusal('BAD_CLIENT_SECRET', 'missing or invalid client secret');
  if (form.get('grant_type') === 'authorization_code') return byCode(form, book);
  if (form.get('grant_type') !== 'refresh_token')
    return refusal('BAD_GRANT_TYPE', 'missing or unknown grant type');
  const refreshToken = form.get('refresh_token') ?? '';
  const grant = book.refreshed(refreshToken);
  return grant
    ? tokens(grant, refreshToken, book)
    : refusal('BAD_REFRESH_TOKEN', 'missing or invalid refresh token');
}

function byCode(form: URLSearchParams, book: Book): Answer {
  const held = book.takeCode(form.get('code') ?? '');
  if (!held) return refusal('BAD_AUTH_CODE', 'missing or unknown auth code');
  if (held.isLate) return refusal('EXPIRED_AUTH_CODE', 'auth code is expired');
  if (form.get('redirect_uri') !== held.redirectUri)
    return refusal('BAD_REDIRECT_URI', 'redirect_uri does not match the one of the authorization');
  if (held.challenge !== null && challengeOf(form.get('code_verifier') ?? '') !== held.challenge)
    return refusal('BAD_CODE_VERIFIER', 'code_verifier does not fit the code_challenge');
  const grant = { scopes: held.scopes, userId };
  const refreshToken = randomBytes(24).toString('hex');
  book.keepRefresh(refreshToken, grant);
  return tokens(grant, refreshToken, book);
}

const tokens = (grant: Grant, refreshToken: string, book: Book): Answer =>
  json(200, {
    token_type: 'bearer',
    token_use: 'access_token',
    access_token: book.issue(grant),
    refresh_token: refreshToken,
    expires_in: accessMs / 1000,
    hub_id: portal.id,
    scopes: grant.scopes,
    user_id: grant.userId,
  });

/** `…/token/revoke` and `…/token/introspect`, as form or as JSON. */
function aboutToken(what: string, call: Call, book: Book): Answer | null {
  const given = String(jsonObject(call)?.token ?? new URLSearchParams(call.body).get('token') ?? '');
  if (what === 'revoke') {
    book.revoke(given);
    return json(200, {});
  }
  if (what !== 'introspect') return null;
  const grant = book.grantOf(given);
  if (!grant || grant.expiredAt) return json(200, { active: false });
  return json(200, { active: true, hub_id: portal.id, scopes: grant.scopes, user_id: grant.userId });
}

const challengeOf = (verifier: string) => createHash('sha256').update(verifier).digest('base64url');

const refusal = (status: string, message: string): Answer =>
  failure(400, 'BAD_REQUEST', message, { status, error: 'invalid_grant', error_description: message });
