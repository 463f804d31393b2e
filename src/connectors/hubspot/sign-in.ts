import type { z } from 'zod';
import type { ConnectionTerms } from '../../agreement/agreement.ts';
import type { CallContext } from '../connector.ts';
import type { Limit } from '../http/budget.ts';
import type { Answer, HttpCall } from '../http/call.ts';
import { createHttp, type Http } from '../http/client.ts';
import { CallFailed } from '../http/failure.ts';
import { createOAuth, type OAuth, type SignedIn, tokenAnswer } from '../oauth.ts';
import { address, type ConnectorOptions, knownSecrets } from '../options.ts';
import { accountDetails, keyInfo } from './schema.ts';
import { neededScopes } from './scopes.ts';
import { hubspotWords } from './words.ts';

/** HubSpot's page on which a person lets an app in. */
export const hubspotAuthUrl = 'https://app.hubspot.com';
export const hubspotBaseUrl = 'https://api.hubapi.com';

type Terms = Extract<ConnectionTerms, { readonly system: 'hubspot' }>;

/** A request to HubSpot; the path goes behind the base URL. */
export type Request<T> = Omit<HttpCall<T>, 'url' | 'headers'> & { readonly path: string };

/** Sends calls as the app that was let in, whichever way that was. */
export interface Sender {
  send<T>(request: Request<T>, call: CallContext): Promise<Answer<T>>;
  /** Null where the connection has a key of its own. */
  readonly oauth: OAuth | null;
  /** What we may do; null where HubSpot does not tell. */
  scopes(call: CallContext): Promise<readonly string[] | null>;
  /** What the account says of itself; its days end at the midnight of the zone that it names. */
  details(call: CallContext): Promise<z.infer<typeof accountDetails>>;
}

/** By HubSpot's usage guidelines a key has 100 calls in 10 s on the smallest plan, an OAuth app 110 in each account; its SDK says 100. */
const burst: Limit = { name: 'ten seconds', calls: 100, perMs: 10_000 };

export function hubspotSender(options: ConnectorOptions<'hubspot'>): Sender {
  const { terms, credential, http, clock } = options;
  const raw = createHttp({
    ...http,
    terms,
    clock,
    words: hubspotWords,
    limits: [burst],
    secrets: () => knownSecrets(credential, ['token', 'client_id', 'client_secret', 'webhook_secret']),
  });
  const base = address(terms.baseUrl, hubspotBaseUrl);
  const sender = terms.signIn === 'oauth' ? byOAuth(options, raw, base) : byKey(credential, raw, base);
  const details: Sender['details'] = async (call) => {
    const { data } = await sender.send(askDetails, call);
    if (data.timeZone && isZone(data.timeZone)) await raw.tellZone(data.timeZone);
    return data;
  };
  return { ...sender, details };
}

function isZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en-AU', { timeZone: name }));
  } catch {
    return false;
  }
}

const withToken = <T>({ path, ...request }: Request<T>, base: string, token: string): HttpCall<T> => ({
  ...request,
  url: base + path,
  headers: { authorization: `Bearer ${token}` },
});

/** A Service Key, or the token of a private app. */
function byKey(credential: (name: string) => string, raw: Http, base: string): Omit<Sender, 'details'> {
  return {
    oauth: null,
    send: (request, call) => raw(withToken(request, base, credential('token')), call),
    scopes: async (call) => {
      try {
        const { data } = await raw(
          {
            purpose: 'ask what the key may do',
            method: 'POST',
            url: `${base}/oauth/v2/private-apps/get/access-token-info`,
            body: { json: { tokenKey: credential('token') } },
            effect: 'read',
            shape: keyInfo,
          },
          call,
        );
        return data.scopes;
      } catch (error) {
        // Documented for private apps; of Service Keys HubSpot does not say whether it tells.
        if (error instanceof CallFailed && error.status !== null) return null;
        throw error;
      }
    },
  };
}

/** The app that somebody let in on HubSpot's page. */
function byOAuth(options: ConnectorOptions<'hubspot'>, raw: Http, base: string): Omit<Sender, 'details'> {
  const signedIn = hubspotOAuth(options, raw, base);
  return {
    oauth: signedIn.oauth,
    send: async (request, call) => {
      const held = await signedIn.current(call);
      try {
        return await raw(withToken(request, base, held.accessToken), call);
      } catch (error) {
        // By HubSpot's word a token is good for as long as it said; a 401 all the same gets one new token, no more.
        if (!(error instanceof CallFailed) || error.status !== 401) throw error;
        const next = await signedIn.after(held.accessToken, call);
        return raw(withToken(request, base, next.accessToken), call);
      }
    },
    scopes: async (call) => (await signedIn.current(call)).scopes,
  };
}

function hubspotOAuth(
  { terms, credential, clock, tokens }: ConnectorOptions<'hubspot'>,
  raw: Http,
  base: string,
): SignedIn {
  // An account may lack what products or deals need; then HubSpot leaves those scopes out, and what we were granted says so.
  const customers = neededScopes(['customer'], terms.billingContact);
  const all = neededScopes(['product', 'stock_level', 'invoice', 'payment'], terms.billingContact);
  return createOAuth({
    terms,
    label: hubspotWords.label,
    clock,
    tokens,
    page: pageOf(terms),
    scopes: ['oauth', ...customers],
    optionalScopes: all.filter((scope) => !customers.includes(scope)),
    clientId: () => credential('client_id'),
    ask: async (form, call) => {
      const client = { client_id: credential('client_id'), client_secret: credential('client_secret') };
      const { data } = await raw(
        {
          purpose: 'sign in',
          method: 'POST',
          url: `${base}/oauth/2026-09/token`,
          body: { form: { ...form, ...client } },
          // A code is good once; a refresh token stays the same however often it is used.
          effect: form.grant_type === 'refresh_token' ? 'repeatable' : 'once',
          shape: tokenAnswer,
          counted: false,
        },
        call,
      );
      return data;
    },
    accountOf: async ({ access_token }, call) => {
      const { data } = await raw(withToken(askDetails, base, access_token), call);
      return { portal_id: data.portalId };
    },
  });
}

const pageOf = (terms: Terms) => `${address(terms.authUrl, hubspotAuthUrl)}/oauth/authorize`;

const askDetails = {
  purpose: 'ask the account about itself',
  method: 'GET',
  path: '/account-info/2026-03/details',
  effect: 'read',
  shape: accountDetails,
} as const;
