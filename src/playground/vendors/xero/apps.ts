import type { Call } from '../exchange.ts';
import { knownScopes } from './scopes.ts';

/** An app as it stands in Xero's developer portal. Each kind signs in one way and no other. */
export interface App {
  readonly kind: 'custom_connection' | 'web' | 'public';
  readonly clientId: string;
  /** Null for a public client, which PKCE alone protects. */
  readonly secret: string | null;
  readonly scopes: readonly string[];
}

/** The practice company has one of each. */
export const apps: readonly App[] = [
  {
    kind: 'custom_connection',
    clientId: 'PRACTICEXEROCLIENTID000000000000',
    secret: 'practice-xero-client-secret',
    scopes: ['accounting.contacts', 'accounting.settings', 'accounting.invoices', 'accounting.payments.read'],
  },
  {
    kind: 'web',
    clientId: 'PRACTICEXEROWEBAPP00000000000000',
    secret: 'practice-xero-web-app-secret',
    scopes: knownScopes,
  },
  { kind: 'public', clientId: 'PRACTICEXEROPKCEAPP0000000000000', secret: null, scopes: knownScopes },
];

export const appById = (clientId: string | null): App | undefined =>
  apps.find((app) => app.clientId === clientId);

/** Who asks the token end point: by Basic with its secret, or, a public client, by its id in the form. */
export function appOf(call: Call, form: URLSearchParams): App | null {
  const [, encoded] = /^Basic (.+)$/.exec(call.headers.authorization ?? '') ?? [];
  if (encoded === undefined) {
    const named = appById(form.get('client_id'));
    return named?.secret === null ? named : null;
  }
  const [id = '', secret = ''] = Buffer.from(encoded, 'base64').toString().split(':');
  const named = appById(id);
  return named && named.secret !== null && named.secret === secret ? named : null;
}
