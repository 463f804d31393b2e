import type { Clock } from '../../clock.ts';
import type { CallContext } from '../connector.ts';
import type { Http } from '../http/client.ts';
import { CallFailed, failure } from '../http/failure.ts';
import { createOAuth, type OAuth, type TokenAnswer, tokenAnswer } from '../oauth.ts';
import { address, type ConnectorOptions } from '../options.ts';
import type { TokenSet } from '../tokens.ts';
import { chooseOrganisation, isNamed } from './organisation.ts';
import { connectionsAnswer } from './schema.ts';
import { askedScopes, claimsOf } from './scopes.ts';
import { keepToken } from './token.ts';

export const xeroBaseUrl = 'https://api.xero.com/api.xro/2.0';
export const xeroAuthUrl = 'https://identity.xero.com';
const loginUrl = 'https://login.xero.com';

/** What a call to Xero's API goes out with, and what is known of who we are there. */
export interface Entry {
  readonly accessToken: string;
  /** Null for a Custom Connection, whose token is for one organisation. */
  readonly organisation: { readonly id: string; readonly name: string } | null;
  readonly scopes: readonly string[] | null;
  /** When the sign-in ends unless it is used, ISO 8601; null where it does not end. */
  readonly endsAt: string | null;
  /** False where a person must sign in again once this token ends. */
  readonly lasts: boolean;
}

export interface XeroSignIn {
  readonly oauth: OAuth | null;
  /** Throws CallFailed `auth` where Xero does not let us in. */
  current(call: CallContext): Promise<Entry>;
  /** After a 401: what came after this token, renewed at once where nothing did. */
  after(refused: string, call: CallContext): Promise<Entry>;
}

type Options = Pick<ConnectorOptions<'xero'>, 'terms' | 'credential' | 'tokens'> & {
  readonly clock: Clock;
  readonly send: Http;
  /** What must not be logged from now on. */
  hide(secret: string): void;
};

/** Signs in as the agreement says: as a Custom Connection with the client's credentials, or through Xero's page. */
export const createSignIn = (options: Options): XeroSignIn =>
  options.terms.signIn === 'oauth' ? throughPage(options) : customConnection(options);

function customConnection(options: Options): XeroSignIn {
  const { terms, clock } = options;
  const kept = keepToken(async (call) => {
    try {
      const answer = await ask(options, { grant_type: 'client_credentials' }, call);
      const scopes = answer.scope?.split(/\s+/).filter(Boolean) ?? claimsOf(answer.access_token).scopes;
      return { accessToken: answer.access_token, livesMs: answer.expires_in * 1000, scopes };
    } catch (error) {
      // OAuth refuses unknown clients with 400.
      if (!(error instanceof CallFailed) || error.failure !== 'refused') throw error;
      const message = `Xero has refused our sign-in: ${error.reason}`;
      throw new CallFailed(terms.id, failure('auth', message), error);
    }
  }, clock);
  const entry = ({ accessToken, scopes }: Awaited<ReturnType<typeof kept.current>>): Entry => ({
    accessToken,
    organisation: null,
    scopes,
    endsAt: null,
    lasts: true,
  });
  return {
    oauth: null,
    current: async (call) => entry(await kept.current(call)),
    after: async (refused, call) => entry(await kept.after(refused, call)),
  };
}

/** A refresh token ends when it was not used for so long. Source: Xero's page on tokens. */
const unusedMs = 60 * 86_400_000;
const accessTokenMs = 30 * 60_000;

function throughPage(options: Options): XeroSignIn {
  const { terms, tokens, clock, credential } = options;
  const page = address(terms.authUrl, loginUrl);
  const signedIn = createOAuth({
    terms,
    label: 'Xero',
    clock,
    tokens,
    page: `${page}/identity/connect/authorize`,
    scopes: askedScopes,
    clientId: () => credential('client_id'),
    ask: (form, call) => ask(options, form, call),
    accountOf: (answer, call) => accountOf(options, answer, call),
  });
  const entry = (set: TokenSet): Entry => {
    for (const secret of [set.accessToken, set.refreshToken]) if (secret) options.hide(secret);
    const { tenant_id: id, tenant_name: name } = set.account;
    // The agreement was changed since: nothing more may be written into the organisation of before.
    if (id && !isNamed({ tenantId: id, tenantName: name ?? id }, terms)) {
      const words = `Xero is signed in to “${name ?? id}”, and the agreement names “${terms.organisation}”: connect it again`;
      throw new CallFailed(terms.id, failure('auth', words));
    }
    const renewedAt = Date.parse(set.expiresAt) - accessTokenMs;
    return {
      accessToken: set.accessToken,
      organisation: id ? { id, name: name ?? id } : null,
      scopes: set.scopes.length > 0 ? set.scopes : claimsOf(set.accessToken).scopes,
      endsAt: set.refreshToken === null ? set.expiresAt : new Date(renewedAt + unusedMs).toISOString(),
      lasts: set.refreshToken !== null,
    };
  };
  return {
    oauth: signedIn.oauth,
    current: async (call) => entry(await signedIn.current(call)),
    after: async (refused, call) => entry(await signedIn.after(refused, call)),
  };
}

/** Posts to the token end point: with Basic where the client has a secret, else with its id in the form, as public clients do. */
async function ask(
  { terms, credential, send, hide }: Options,
  form: Readonly<Record<string, string>>,
  call: CallContext,
): Promise<TokenAnswer> {
  for (const name of ['code', 'code_verifier', 'refresh_token']) if (form[name]) hide(form[name]);
  const id = credential('client_id');
  const isPublic = terms.signIn === 'oauth' && terms.credentials.client_secret === undefined;
  const basic = isPublic ? '' : Buffer.from(`${id}:${credential('client_secret')}`).toString('base64');
  if (basic) hide(basic);
  const { data } = await send(
    {
      purpose: 'sign in',
      method: 'POST',
      url: `${address(terms.authUrl, xeroAuthUrl)}/connect/token`,
      headers: basic ? { authorization: `Basic ${basic}` } : {},
      body: { form: basic ? form : { ...form, client_id: id } },
      // A code is good once, a refresh token is replaced: Xero itself takes the previous one again for half an hour.
      effect: form.grant_type === 'authorization_code' ? 'once' : 'read',
      shape: tokenAnswer,
      counted: false,
    },
    call,
  );
  for (const secret of [data.access_token, data.refresh_token]) if (secret) hide(secret);
  return data;
}

/** Asks which organisations the fresh sign-in reaches: the one that the agreement names, else the only one picked in this consent. */
async function accountOf(
  { terms, send }: Options,
  answer: TokenAnswer,
  call: CallContext,
): Promise<TokenSet['account']> {
  const { authEventId } = claimsOf(answer.access_token);
  // A named organisation may have been connected in an earlier consent; without a name only this one tells which is meant.
  const query = terms.organisation === null && authEventId ? { query: { authEventId } } : {};
  const { data } = await send(
    {
      purpose: 'read which organisations are connected',
      method: 'GET',
      url: connectionsUrl(address(terms.baseUrl, xeroBaseUrl)),
      ...query,
      headers: { authorization: `Bearer ${answer.access_token}` },
      effect: 'read',
      shape: connectionsAnswer,
      counted: false,
    },
    call,
  );
  const chosen = chooseOrganisation(data, terms);
  return { tenant_id: chosen.tenantId, tenant_name: chosen.tenantName };
}

/** Beside the API, not inside it. */
const connectionsUrl = (baseUrl: string) => `${baseUrl.replace(/\/api\.xro\/2\.0$/, '')}/connections`;
