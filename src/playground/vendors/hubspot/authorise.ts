import { randomBytes } from 'node:crypto';
import type { Answer, Call } from '../exchange.ts';
import { consentPage, refusalPage } from './consent-page.ts';
import { knownScopes } from './scopes.ts';

/** The app as it was registered with HubSpot. */
export interface RegisteredApp {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Where codes may be sent; null = anywhere on this machine. */
  readonly redirectUris: readonly string[] | null;
}

/** What a person allowed, for the code to be turned into tokens. */
export interface Allowed {
  readonly redirectUri: string;
  readonly challenge: string | null;
  readonly scopes: readonly string[];
}

/** `/oauth/authorize`: the page, and what becomes of the press of a button on it. Null for any other method. */
export function authorise(
  call: Call,
  app: RegisteredApp,
  keep: (code: string, allowed: Allowed) => void,
): Answer | null {
  if (call.method === 'GET') {
    const problem = problemOf(call.query, app);
    return problem ? refusalPage(problem) : consentPage(call.query, allScopes(call.query));
  }
  if (call.method !== 'POST') return null;
  const form = new URLSearchParams(call.body);
  const problem = problemOf(form, app);
  if (problem) return refusalPage(problem);
  const redirectUri = form.get('redirect_uri') ?? '';
  const back = new URL(redirectUri);
  const state = form.get('state');
  if (state !== null) back.searchParams.set('state', state);
  if (form.get('answer') === 'allow') {
    const code = randomBytes(16).toString('hex');
    const challenge = form.get('code_challenge') || null;
    keep(code, { redirectUri, challenge, scopes: allScopes(form) });
    back.searchParams.set('code', code);
  } else {
    back.searchParams.set('error', 'access_denied');
    back.searchParams.set('error_description', 'The user denied access to the application');
  }
  return { status: 302, headers: { location: back.toString() }, body: '' };
}

/** What HubSpot says on its own page, sending nobody back; null where all is well. */
function problemOf(query: URLSearchParams, app: RegisteredApp): string | null {
  if (query.get('client_id') !== app.clientId) return 'No app has this client ID.';
  if (!mayReturnTo(query.get('redirect_uri') ?? '', app.redirectUris))
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

/** Optional ones that an account cannot give are left out without a word. Source: HubSpot's OAuth guide. */
const allScopes = (query: URLSearchParams): string[] => [
  ...scopesIn(query.get('scope')),
  ...scopesIn(query.get('optional_scope')).filter((scope) => knownScopes.includes(scope)),
];

const scopesIn = (scope: string | null): string[] => (scope ?? '').split(/\s+/).filter(Boolean);
