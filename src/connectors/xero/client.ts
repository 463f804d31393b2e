import type { z } from 'zod';
import type { CallContext } from '../connector.ts';
import type { Answer, HttpCall } from '../http/call.ts';
import { createHttp } from '../http/client.ts';
import { CallFailed, failure } from '../http/failure.ts';
import { address, type ConnectorOptions, knownSecrets } from '../options.ts';
import { contactsAnswer, token } from './schema.ts';
import { keepToken } from './token.ts';
import { xeroWords } from './words.ts';

export const xeroBaseUrl = 'https://api.xero.com/api.xro/2.0';
export const xeroAuthUrl = 'https://identity.xero.com';
export const pageSize = 1000;

type Contacts = Promise<Answer<z.infer<typeof contactsAnswer>>>;

export interface XeroClient {
  /** Contacts modified at or after `since` (null = all), archived ones too, by their ids' order. Pages count from 1. */
  list(since: Date | null, page: number, call: CallContext): Contacts;
  byIds(ids: readonly string[], call: CallContext): Contacts;
  /** Creates nothing: every element names its contact. The key makes a repetition within six minutes harmless. */
  update(elements: readonly unknown[], idempotencyKey: string, call: CallContext): Contacts;
}

export function xeroClient({ terms, credential, http, clock }: ConnectorOptions<'xero'>): XeroClient {
  const tokens = keepToken((call) => signIn(call), clock);
  let newest = '';
  const send = createHttp({
    ...http,
    terms,
    clock,
    words: xeroWords,
    secrets: () => [
      ...knownSecrets(credential, ['client_secret', 'client_id', 'webhook_key']),
      ...(newest ? [newest] : []),
    ],
  });
  const contacts = `${address(terms.baseUrl, xeroBaseUrl)}/Contacts`;
  const signInUrl = `${address(terms.authUrl, xeroAuthUrl)}/connect/token`;

  const signIn = async (call: CallContext) => {
    const basic = Buffer.from(`${credential('client_id')}:${credential('client_secret')}`).toString('base64');
    try {
      const { data } = await send(
        {
          purpose: 'sign in',
          method: 'POST',
          url: signInUrl,
          headers: { authorization: `Basic ${basic}` },
          body: { form: { grant_type: 'client_credentials' } },
          effect: 'read',
          shape: token,
          counted: false,
        },
        call,
      );
      newest = data.access_token;
      return { accessToken: data.access_token, livesMs: data.expires_in * 1000 };
    } catch (error) {
      // OAuth refuses unknown clients with 400.
      if (!(error instanceof CallFailed) || error.failure !== 'refused') throw error;
      const message = `Xero has refused our sign-in: ${error.reason}`;
      throw new CallFailed(terms.id, failure('auth', message), error);
    }
  };

  const authorised = async <T>(request: HttpCall<T>, call: CallContext): Promise<Answer<T>> => {
    const once = async () => {
      const bearer = await tokens.current(call);
      const headers = { ...request.headers, authorization: `Bearer ${bearer}` };
      return { bearer, answer: await send({ ...request, headers }, call).catch(asRefusal) };
    };
    const first = await once();
    if (!(first.answer instanceof CallFailed)) return first.answer;
    tokens.forget(first.bearer);
    const { answer } = await once();
    if (answer instanceof CallFailed) throw answer;
    return answer;
  };

  const read = { method: 'GET', url: contacts, effect: 'read', shape: contactsAnswer } as const;
  return {
    list: (since, page, call) =>
      authorised(
        {
          ...read,
          purpose: 'read changed contacts',
          // In the order of ids a contact that is saved while we page pushes others back, never past us.
          query: paged({ page: String(page), pageSize: String(pageSize), order: 'ContactID ASC' }),
          ...(since ? { headers: { 'if-modified-since': xeroTime(since) } } : {}),
        },
        call,
      ),
    byIds: (ids, call) =>
      authorised(
        {
          ...read,
          purpose: 'read contacts',
          // Payment terms come only with a page.
          query: paged({ IDs: ids.join(','), page: '1', pageSize: '100' }),
        },
        call,
      ),
    update: (elements, idempotencyKey, call) =>
      authorised(
        {
          purpose: 'update contacts',
          method: 'POST',
          url: contacts,
          query: { summarizeErrors: 'false' },
          headers: { 'idempotency-key': idempotencyKey },
          body: { json: { Contacts: elements } },
          effect: 'repeatable',
          shape: contactsAnswer,
        },
        call,
      ),
  };
}

const paged = (query: Readonly<Record<string, string>>) => ({ ...query, includeArchived: 'true' });

/** UTC without a zone, to the second: any other format and Xero silently sends everything. */
export const xeroTime = (at: Date): string => at.toISOString().slice(0, 19);

/** A 401 is handed back, so that one fresh token can be tried; a 403 (disconnected) is final. */
function asRefusal(error: unknown): CallFailed {
  if (error instanceof CallFailed && error.status === 401) return error;
  throw error;
}
