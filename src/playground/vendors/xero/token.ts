import { randomBytes } from 'node:crypto';
import type { Clock } from '../../../clock.ts';
import type { Store } from '../../store.ts';
import { type Answer, type Call, json } from '../exchange.ts';
import { unauthorised } from './errors.ts';

interface Issued {
  readonly token: string;
  /** ISO 8601. */
  readonly expiresAt: string;
}

export interface Tokens {
  /** `POST /connect/token` of a Custom Connection. */
  issue(call: Call): Answer;
  /** Null for a call with a good token. */
  refusal(call: Call): Answer | null;
  /** No token that was issued is good any more. */
  revokeAll(): void;
}

const livesSeconds = 1800;
const scope = 'accounting.contacts accounting.settings.read';

/** Access tokens live 30 minutes, by the practice clock. Source: Xero's identity description, Custom Connections. */
export function openTokens(store: Store, clock: Clock, client: { id: string; secret: string }): Tokens {
  const issued = store.collection<Issued>('xero.tokens');
  const error = (code: string) => json(400, { error: code });
  return {
    issue: (call) => {
      if (call.method !== 'POST') return json(405, { error: 'method_not_allowed' });
      const basic = Buffer.from(`${client.id}:${client.secret}`).toString('base64');
      if (call.headers.authorization !== `Basic ${basic}`) return error('invalid_client');
      if (!call.headers['content-type']?.includes('application/x-www-form-urlencoded'))
        return error('invalid_request');
      const form = new URLSearchParams(call.body);
      if (form.get('grant_type') !== 'client_credentials') return error('unsupported_grant_type');
      const asked = (form.get('scope') ?? scope).split(' ').filter(Boolean);
      if (asked.some((each) => !scope.split(' ').includes(each))) return error('invalid_scope');
      const now = clock.now().getTime();
      for (const old of issued.all()) if (Date.parse(old.expiresAt) <= now) issued.delete(old.token);
      const token = webToken(client.id);
      issued.set(token, { token, expiresAt: new Date(now + livesSeconds * 1000).toISOString() });
      return json(200, {
        access_token: token,
        expires_in: livesSeconds,
        token_type: 'Bearer',
        scope: asked.join(' '),
      });
    },
    refusal: (call) => {
      const [, token] = /^Bearer (.+)$/.exec(call.headers.authorization ?? '') ?? [];
      const known = token ? issued.get(token) : undefined;
      if (!known) return unauthorised(401, 'AuthenticationUnsuccessful');
      if (Date.parse(known.expiresAt) > clock.now().getTime()) return null;
      return unauthorised(401, `TokenExpired: token expired at ${known.expiresAt}`);
    },
    revokeAll: () => {
      for (const { token } of issued.all()) issued.delete(token);
    },
  };
}

/** Looks like the JSON web tokens that Xero issues; signed by nobody. */
function webToken(clientId: string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = { client_id: clientId, jti: randomBytes(12).toString('hex') };
  return `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}.${randomBytes(48).toString('base64url')}`;
}
