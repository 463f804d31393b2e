import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { Clock } from '../../../clock.ts';
import type { Store } from '../../store.ts';
import { type Answer, type Call, empty, html } from '../exchange.ts';
import { type App, appById } from './apps.ts';
import { consentPage } from './consent-page.ts';
import type { Connections, Organisation } from './organisations.ts';
import type { Grant } from './refresh-tokens.ts';

interface Code {
  readonly code: string;
  readonly grant: Grant;
  readonly redirectUri: string;
  readonly challenge: string | null;
  /** ISO 8601. */
  readonly expiresAt: string;
}

export interface Consents {
  /** `GET` and `POST /identity/connect/authorize`: the page on which a person picks an organisation. */
  page(call: Call): Answer;
  /** What a code stands for; null where it is wrong, used, late, for another app or address, or not proved by its verifier. */
  redeem(app: App, form: URLSearchParams): Grant | null;
}

interface Options {
  readonly store: Store;
  readonly clock: Clock;
  readonly organisations: readonly Organisation[];
  readonly connections: Connections;
  /** As registered for the apps; null = any of a form that Xero would register. */
  readonly redirectUris: readonly string[] | null;
}

const codeLivesMs = 5 * 60_000;

/** The code flow's first half. Sources: Xero's pages on the code flow, PKCE and troubleshooting. */
export function openConsents({ store, clock, organisations, connections, redirectUris }: Options): Consents {
  const codes = store.collection<Code>('xero.codes');

  const allow = (asked: Asked, organisation: Organisation): Answer => {
    const event = randomUUID();
    const code = randomBytes(32).toString('base64url');
    const { app, scopes, redirectUri, challenge, state } = asked;
    store.together(() => {
      connections.connect(app, organisation.id, event);
      codes.set(code, {
        code,
        grant: { clientId: app.clientId, scopes, event },
        redirectUri,
        challenge,
        expiresAt: new Date(clock.now().getTime() + codeLivesMs).toISOString(),
      });
    });
    return backTo(redirectUri, { code, scope: scopes.join(' '), state });
  };

  return {
    page: (call) => {
      if (call.method !== 'GET' && call.method !== 'POST') return empty(405);
      const sent = call.method === 'GET' ? call.query : new URLSearchParams(call.body);
      const asked = readAsked(sent, redirectUris);
      // Xero shows an error of its own and sends nobody back: the address may be anybody's.
      if (typeof asked === 'string') return html(500, `Sorry, something went wrong: ${asked}`);
      if (call.method === 'GET') return consentPage(sent, asked.scopes, organisations);
      if (sent.get('decision') !== 'allow')
        return backTo(asked.redirectUri, { error: 'access_denied', state: asked.state });
      const chosen = organisations.find(({ id }) => id === sent.get('organisation'));
      return chosen ? allow(asked, chosen) : html(400, 'No organisation was chosen');
    },
    redeem: (app, form) => {
      const held = codes.get(form.get('code') ?? '');
      if (!held) return null;
      // Whoever tries, it was the only time.
      codes.delete(held.code);
      const isRight =
        held.grant.clientId === app.clientId &&
        held.redirectUri === form.get('redirect_uri') &&
        Date.parse(held.expiresAt) > clock.now().getTime() &&
        (held.challenge === null || held.challenge === s256(form.get('code_verifier') ?? ''));
      return isRight ? held.grant : null;
    },
  };
}

interface Asked {
  readonly app: App;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  readonly state: string | null;
  readonly challenge: string | null;
}

/** What the app asks for, or why it may not. */
function readAsked(sent: URLSearchParams, redirectUris: readonly string[] | null): Asked | string {
  const app = appById(sent.get('client_id'));
  if (!app || app.kind === 'custom_connection') return 'unauthorized_client';
  const redirectUri = sent.get('redirect_uri') ?? '';
  const isRegistered = redirectUris?.includes(redirectUri) ?? true;
  if (!isRegistered || !canBeRegistered(redirectUri)) return 'Invalid redirect_uri';
  if (sent.get('response_type') !== 'code') return 'unsupported_response_type';
  const scopes = (sent.get('scope') ?? '').split(' ').filter(Boolean);
  if (scopes.length === 0 || scopes.some((scope) => !app.scopes.includes(scope))) return 'invalid_scope';
  const challenge = sent.get('code_challenge');
  if (challenge !== null && sent.get('code_challenge_method') !== 'S256') return 'invalid_request';
  if (challenge === null && app.kind === 'public') return 'code challenge required';
  return { app, redirectUri, scopes, state: sent.get('state'), challenge };
}

/** `https`, or `http` on the very word localhost: 127.0.0.1 is refused. */
function canBeRegistered(uri: string): boolean {
  if (!URL.canParse(uri)) return false;
  const { protocol, hostname, hash } = new URL(uri);
  return hash === '' && (protocol === 'https:' || (protocol === 'http:' && hostname === 'localhost'));
}

function backTo(redirectUri: string, query: Readonly<Record<string, string | null>>): Answer {
  const url = new URL(redirectUri);
  for (const [name, value] of Object.entries(query)) if (value !== null) url.searchParams.set(name, value);
  return empty(302, { location: url.toString() });
}

const s256 = (verifier: string) => createHash('sha256').update(verifier).digest('base64url');
