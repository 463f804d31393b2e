import { randomBytes, randomUUID } from 'node:crypto';
import type { Clock } from '../../../clock.ts';
import type { Store } from '../../store.ts';
import { type Answer, type Call, empty, json } from '../exchange.ts';
import { type App, appById, appOf } from './apps.ts';
import type { Consents } from './consents.ts';
import { unauthorised } from './errors.ts';
import type { Connections } from './organisations.ts';
import { type Grant, openRefreshTokens } from './refresh-tokens.ts';

interface Issued {
  readonly token: string;
  readonly grant: Grant;
  /** ISO 8601. */
  readonly expiresAt: string;
}

/** Whom a good access token lets in, and for what. */
export interface Bearer {
  readonly app: App;
  readonly scopes: readonly string[];
}

export interface Tokens {
  /** `POST /connect/token`. */
  issue(call: Call): Answer;
  /** `POST /connect/revocation`. */
  revoke(call: Call): Answer;
  /** Who calls, or what they are told instead. */
  bearer(call: Call): Bearer | Answer;
  /** No token that was issued is good any more. */
  revokeAll(): void;
}

const livesSeconds = 1800;
const isForm = (call: Call) =>
  call.headers['content-type']?.includes('application/x-www-form-urlencoded') ?? false;
const error = (code: string) => json(400, { error: code });

interface Others {
  readonly consents: Consents;
  readonly connections: Connections;
}

/**
 * Access tokens live 30 minutes, by the practice clock. Sources: Xero's identity description; its pages on the code flow, tokens,
 * Custom Connections and troubleshooting.
 */
export function openTokens(store: Store, clock: Clock, { consents, connections }: Others): Tokens {
  const issued = store.collection<Issued>('xero.access-tokens');
  const refreshTokens = openRefreshTokens(store, clock);

  const answer = (grant: Grant, refresh: string | null): Answer => {
    const now = clock.now().getTime();
    for (const old of issued.all()) if (Date.parse(old.expiresAt) <= now) issued.delete(old.token);
    const token = webToken(grant, now);
    issued.set(token, { token, grant, expiresAt: new Date(now + livesSeconds * 1000).toISOString() });
    return json(200, {
      access_token: token,
      expires_in: livesSeconds,
      token_type: 'Bearer',
      ...(refresh === null ? {} : { refresh_token: refresh }),
      scope: grant.scopes.join(' '),
    });
  };

  const grants: Readonly<Record<string, (app: App, form: URLSearchParams) => Answer>> = {
    client_credentials: (app, form) => {
      if (app.kind !== 'custom_connection') return error('unauthorized_client');
      const scopes = form.get('scope')?.split(' ').filter(Boolean) ?? app.scopes;
      if (scopes.some((scope) => !app.scopes.includes(scope))) return error('invalid_scope');
      return answer({ clientId: app.clientId, scopes, event: randomUUID() }, null);
    },
    authorization_code: (app, form) => {
      if (app.kind === 'custom_connection') return error('unauthorized_client');
      const grant = consents.redeem(app, form);
      if (!grant) return error('invalid_grant');
      return answer(grant, grant.scopes.includes('offline_access') ? refreshTokens.issue(grant, null) : null);
    },
    refresh_token: (app, form) => {
      const next = refreshTokens.rotate(app, form.get('refresh_token') ?? '');
      return next ? answer(next.grant, next.token) : error('invalid_grant');
    },
  };

  return {
    issue: (call) => {
      if (call.method !== 'POST') return json(405, { error: 'method_not_allowed' });
      if (!isForm(call)) return error('invalid_request');
      const form = new URLSearchParams(call.body);
      const app = appOf(call, form);
      if (!app) return error('invalid_client');
      const grant = grants[form.get('grant_type') ?? ''];
      return grant ? store.together(() => grant(app, form)) : error('unsupported_grant_type');
    },
    revoke: (call) => {
      if (call.method !== 'POST') return empty(405);
      const form = new URLSearchParams(call.body);
      const app = isForm(call) ? appOf(call, form) : null;
      if (!app) return error('invalid_client');
      // A token that is unknown is answered just the same (RFC 7009). All of the app's organisations are disconnected with it.
      if (refreshTokens.forget(app, form.get('token') ?? '')) connections.disconnectAll(app);
      return empty(200);
    },
    bearer: (call) => {
      const [, token] = /^Bearer (.+)$/.exec(call.headers.authorization ?? '') ?? [];
      const known = token ? issued.get(token) : undefined;
      const app = known ? appById(known.grant.clientId) : undefined;
      if (!known || !app) return unauthorised(401, 'AuthenticationUnsuccessful');
      const isGood = Date.parse(known.expiresAt) > clock.now().getTime();
      if (!isGood) return unauthorised(401, `TokenExpired: token expired at ${known.expiresAt}`);
      return { app, scopes: known.grant.scopes };
    },
    revokeAll: () => {
      for (const { token } of issued.all()) issued.delete(token);
      refreshTokens.clear();
    },
  };
}

/** Looks like the JSON web tokens that Xero issues, with their claims; signed by nobody. */
function webToken({ clientId, scopes, event }: Grant, now: number): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const seconds = Math.floor(now / 1000);
  const claims = {
    nbf: seconds,
    exp: seconds + livesSeconds,
    iss: 'https://identity.xero.com',
    aud: 'https://identity.xero.com/resources',
    client_id: clientId,
    authentication_event_id: event,
    jti: randomBytes(12).toString('hex'),
    scope: scopes,
  };
  return `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}.${randomBytes(48).toString('base64url')}`;
}
