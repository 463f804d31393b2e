import { z } from 'zod';
import type { ConnectionTerms } from '../agreement/agreement.ts';
import type { Clock } from '../clock.ts';
import type { CallContext } from './connector.ts';
import { CallFailed, failure } from './http/failure.ts';
import type { TokenSet, TokenStore } from './tokens.ts';

/** OAuth 2 with one vendor: the code flow with PKCE. */
export interface OAuth {
  /** The vendor's page on which a person allows it. `challenge` is PKCE's S256 of the verifier. */
  authoriseUrl(input: {
    readonly redirectUri: string;
    readonly state: string;
    readonly challenge: string;
  }): string;
  /** Turns the code of the callback into tokens, and learns which account they are for. Throws VendorError. */
  exchange(
    input: { readonly code: string; readonly verifier: string; readonly redirectUri: string },
    call: CallContext,
  ): Promise<TokenSet>;
}

/** What a token end point answers (RFC 6749, 5.1); HubSpot names the scopes in a list. */
export const tokenAnswer = z.looseObject({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1).nullish(),
  expires_in: z.number().positive(),
  scope: z.string().nullish(),
  scopes: z.array(z.string()).nullish(),
});
export type TokenAnswer = z.infer<typeof tokenAnswer>;

export interface OAuthOptions {
  readonly terms: Pick<ConnectionTerms, 'id'>;
  readonly label: string;
  readonly clock: Clock;
  readonly tokens: TokenStore;
  /** The vendor's page, without a query. */
  readonly page: string;
  readonly scopes: readonly string[];
  /** Asked for where the vendor takes them apart: it leaves out those that an account cannot give. */
  readonly optionalScopes?: readonly string[];
  clientId(): string;
  /** Posts a form to the vendor's token end point, with the client's own authentication added. Throws CallFailed. */
  ask(form: Readonly<Record<string, string>>, call: CallContext): Promise<TokenAnswer>;
  /** Which account a fresh sign-in is for. Throws VendorError where that is none, or not one alone. */
  accountOf(answer: TokenAnswer, call: CallContext): Promise<TokenSet['account']>;
}

export interface SignedIn {
  readonly oauth: OAuth;
  /** A set that is good for a while, renewed ahead of its end. Throws CallFailed: `auth` where nobody has connected it, or it was withdrawn. */
  current(call: CallContext): Promise<TokenSet>;
  /** After a 401: the set that came after `refused`, renewed at once where there is none yet. */
  after(refused: string, call: CallContext): Promise<TokenSet>;
}

/** What vendors say of an app whose id or secret they do not know: signing in again does not help. RFC 6749, 5.2; HubSpot says it in words. */
const unknownApp = /\b(invalid|unauthorized)_client\b|\bclient (id|secret)\b/i;

/** Renewed this long before it ends. */
const aheadMs = 120_000;

/** Signs a connection in through the vendor's own page and keeps it signed in, whatever the number of workers. */
export function createOAuth(options: OAuthOptions): SignedIn {
  const { terms, label, clock, tokens, optionalScopes = [] } = options;

  const toSet = (answer: TokenAnswer, account: TokenSet['account'], before: TokenSet | null): TokenSet => ({
    accessToken: answer.access_token,
    refreshToken: answer.refresh_token ?? before?.refreshToken ?? null,
    expiresAt: new Date(clock.now().getTime() + answer.expires_in * 1000).toISOString(),
    scopes: answer.scopes ?? answer.scope?.split(/\s+/).filter(Boolean) ?? before?.scopes ?? [],
    account,
  });

  const noSignIn = (why: string) => new CallFailed(terms.id, failure('auth', `${label} ${why}`));

  /** OAuth refuses codes and tokens with 400. `refused`: what that means here, in the middle of a sentence. */
  const ask = async (
    form: Readonly<Record<string, string>>,
    call: CallContext,
    refused: (reason: string) => string,
  ): Promise<TokenAnswer> => {
    try {
      return await options.ask(form, call);
    } catch (error) {
      if (!(error instanceof CallFailed) || error.failure !== 'refused') throw error;
      const { reason } = error;
      const why = unknownApp.test(reason)
        ? `does not know Truce’s app (${reason}): correct its client id and secret where Truce runs`
        : refused(reason);
      throw new CallFailed(terms.id, failure('auth', `${label} ${why}`, { reason }), error);
    }
  };

  const renew = (stale: string, call: CallContext): Promise<TokenSet> => {
    // Others may wait for the same token: the one who asked first must not take it away by giving up.
    const { signal, ...lasting } = call;
    return tokens.renew(
      terms.id,
      stale,
      async (before) => {
        if (before.refreshToken === null)
          throw noSignIn('gave nothing to renew the sign-in with: connect it again');
        const form = { grant_type: 'refresh_token', refresh_token: before.refreshToken };
        const withdrawn = (reason: string) => `no longer lets Truce in (${reason}): connect it again`;
        return toSet(await ask(form, lasting, withdrawn), before.account, before);
      },
      signal,
    );
  };

  return {
    oauth: {
      authoriseUrl({ redirectUri, state, challenge }) {
        const url = new URL(options.page);
        const query = {
          response_type: 'code',
          client_id: options.clientId(),
          redirect_uri: redirectUri,
          scope: options.scopes.join(' '),
          state,
          code_challenge: challenge,
          code_challenge_method: 'S256',
          ...(optionalScopes.length > 0 ? { optional_scope: optionalScopes.join(' ') } : {}),
        };
        for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
        return url.toString();
      },
      async exchange({ code, verifier, redirectUri }, call) {
        const form = {
          grant_type: 'authorization_code',
          code,
          redirect_uri: redirectUri,
          code_verifier: verifier,
        };
        const answer = await ask(form, call, (reason) => `did not take the sign-in (${reason})`);
        return toSet(answer, await options.accountOf(answer, call), null);
      },
    },
    async current(call) {
      const held = await tokens.read(terms.id);
      if (!held) throw noSignIn('is not connected yet: connect it');
      const isFresh = Date.parse(held.expiresAt) - aheadMs > clock.now().getTime();
      return isFresh ? held : renew(held.accessToken, call);
    },
    after: renew,
  };
}
