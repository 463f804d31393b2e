import type { z } from 'zod';
import type { CallContext } from '../connector.ts';
import type { Answer, HttpCall } from '../http/call.ts';
import { createHttp, type Http } from '../http/client.ts';
import { CallFailed } from '../http/failure.ts';
import { address, type ConnectorOptions, knownSecrets } from '../options.ts';
import { organisationAnswer, taxRatesAnswer } from './schema.ts';
import { createSignIn, type Entry, type XeroSignIn, xeroBaseUrl } from './sign-in.ts';
import { xeroWords } from './words.ts';

export const pageSize = 1000;

/** Every element names its record by id (update) or is a new one (create); the key makes a repetition within six minutes harmless. */
export interface Elements {
  readonly elements: readonly unknown[];
  readonly idempotencyKey: string;
}

/** A call that reads: what it is for, and the path below the API's address. */
export interface Reading<T> {
  readonly purpose: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Only what was modified at or after it; null = all. */
  readonly since?: Date | null;
  readonly shape: z.ZodType<T>;
}

/** A call that writes a list: PUT makes and never touches what is there, POST updates what its elements name by id. */
export interface Writing<T> extends Elements {
  readonly purpose: string;
  readonly method: 'PUT' | 'POST';
  /** `Contacts`: the path, and the key of the list. */
  readonly plural: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly shape: z.ZodType<T>;
}

export interface XeroClient extends Pick<XeroSignIn, 'oauth'> {
  /** How we are signed in. Throws CallFailed `auth`. */
  entry(call: CallContext): Promise<Entry>;
  /** Any list or record. Throws CallFailed. */
  get<T>(what: Reading<T>, call: CallContext): Promise<Answer<T>>;
  /** As {@link get}; null where there is none. */
  find<T>(what: Reading<T>, call: CallContext): Promise<Answer<T> | null>;
  /** Elements of any list, each with its own verdict. Throws CallFailed. */
  put<T>(what: Writing<T>, call: CallContext): Promise<Answer<T>>;
  organisation(call: CallContext): Promise<Answer<z.infer<typeof organisationAnswer>>>;
  taxRates(call: CallContext): Promise<Answer<z.infer<typeof taxRatesAnswer>>>;
}

export function xeroClient(options: ConnectorOptions<'xero'>): XeroClient {
  const { terms, credential, http, tokens, clock } = options;
  const hidden = new Set<string>();
  const send = createHttp({
    ...http,
    terms,
    clock,
    words: xeroWords,
    // By Xero's page on limits: five at one time, and any 24 hours count as a day.
    atOnce: 5,
    day: 'rolling',
    secrets: () => [...knownSecrets(credential, ['client_secret', 'client_id', 'webhook_key']), ...hidden],
  });
  const hide = (secret: string) => keep(hidden, secret);
  const signIn = createSignIn({ terms, credential, tokens, clock, send, hide });
  const base = address(terms.baseUrl, xeroBaseUrl);
  const lists = listCalls(sender(send, signIn), base);
  return {
    oauth: signIn.oauth,
    entry: signIn.current,
    ...lists,
    organisation: (call) =>
      lists.get({ purpose: 'read the organisation', path: 'Organisation', shape: organisationAnswer }, call),
    taxRates: (call) =>
      lists.get({ purpose: 'read tax rates', path: 'TaxRates', shape: taxRatesAnswer }, call),
  };
}

type Authorised = <T>(request: HttpCall<T>, call: CallContext) => Promise<Answer<T>>;

/** Sends as whoever we are signed in as. A 403 (disconnected) is final; after a 401 one fresh token is tried. */
function sender(send: Http, signIn: XeroSignIn): Authorised {
  return async (request, call) => {
    const as = ({ accessToken, organisation }: Entry) =>
      send({ ...request, headers: { ...request.headers, ...headersOf(accessToken, organisation) } }, call);
    const entry = await signIn.current(call);
    try {
      return await as(entry);
    } catch (error) {
      if (!(error instanceof CallFailed) || error.status !== 401) throw error;
      return as(await signIn.after(entry.accessToken, call));
    }
  };
}

/** What reads and writes lists, of whatever kind. */
export type Lists = Pick<XeroClient, 'get' | 'find' | 'put'>;

function listCalls(authorised: Authorised, base: string): Lists {
  const get: Lists['get'] = ({ purpose, path, query, since, shape }, call) =>
    authorised(
      {
        ...{ purpose, method: 'GET', url: `${base}/${path}`, effect: 'read', shape },
        ...(query ? { query } : {}),
        ...(since ? { headers: { 'if-modified-since': xeroTime(since) } } : {}),
      },
      call,
    );
  return {
    get,
    find: async (what, call) => {
      try {
        return await get(what, call);
      } catch (error) {
        if (error instanceof CallFailed && error.status === 404) return null;
        throw error;
      }
    },
    put: ({ purpose, method, plural, query, elements, idempotencyKey, shape }, call) =>
      authorised(
        {
          ...{ purpose, method, url: `${base}/${plural}`, shape },
          query: { summarizeErrors: 'false', ...query },
          headers: { 'idempotency-key': idempotencyKey },
          body: { json: { [plural]: elements } },
          effect: 'repeatable',
        },
        call,
      ),
  };
}

const headersOf = (accessToken: string, organisation: Entry['organisation']): Record<string, string> => ({
  authorization: `Bearer ${accessToken}`,
  ...(organisation ? { 'xero-tenant-id': organisation.id } : {}),
});

/** UTC without a zone, to the second: any other format and Xero silently sends everything. */
export const xeroTime = (at: Date): string => at.toISOString().slice(0, 19);

/** The newest secrets: those of calls that can still be logged. */
function keep(hidden: Set<string>, secret: string): void {
  hidden.delete(secret);
  hidden.add(secret);
  for (const oldest of hidden) if (hidden.size > 20) hidden.delete(oldest);
}
