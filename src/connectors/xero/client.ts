import type { z } from 'zod';
import type { CallContext } from '../connector.ts';
import type { Answer, HttpCall } from '../http/call.ts';
import { createHttp, type Http } from '../http/client.ts';
import { CallFailed } from '../http/failure.ts';
import { address, type ConnectorOptions, knownSecrets } from '../options.ts';
import { contactsAnswer, organisationAnswer, taxRatesAnswer } from './schema.ts';
import { createSignIn, type Entry, type XeroSignIn, xeroBaseUrl } from './sign-in.ts';
import { xeroWords } from './words.ts';

export const pageSize = 1000;

type Contacts = Promise<Answer<z.infer<typeof contactsAnswer>>>;
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
  /** Contacts modified at or after `since` (null = all), archived ones too, by their ids' order. Pages count from 1. */
  list(since: Date | null, page: number, call: CallContext): Contacts;
  byIds(ids: readonly string[], call: CallContext): Contacts;
  /** The contact with this ContactNumber; null where there is none. */
  byNumber(contactNumber: string, call: CallContext): Promise<Awaited<Contacts> | null>;
  update(what: Elements, call: CallContext): Contacts;
  /** PUT, which never touches a contact that is there. */
  create(what: Elements, call: CallContext): Contacts;
  /** Any other list or record. Throws CallFailed. */
  get<T>(what: Reading<T>, call: CallContext): Promise<Answer<T>>;
  /** As {@link get}; null where there is none. */
  find<T>(what: Reading<T>, call: CallContext): Promise<Answer<T> | null>;
  /** Elements of any other list, each with its own verdict. Throws CallFailed. */
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
    ...contactCalls(lists),
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

type Lists = Pick<XeroClient, 'get' | 'find' | 'put'>;

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

type ContactCalls = Pick<XeroClient, 'list' | 'byIds' | 'byNumber' | 'update' | 'create'>;

function contactCalls({ get, find, put }: Lists): ContactCalls {
  const contacts = { path: 'Contacts', shape: contactsAnswer } as const;
  const written = { plural: 'Contacts', shape: contactsAnswer } as const;
  return {
    // In the order of ids a contact that is saved while we page pushes others back, never past us.
    list: (since, page, call) => {
      const query = paged({ page: String(page), pageSize: String(pageSize), order: 'ContactID ASC' });
      return get({ ...contacts, purpose: 'read changed contacts', query, since }, call);
    },
    // Payment terms come only with a page.
    byIds: (ids, call) => {
      const query = paged({ IDs: ids.join(','), page: '1', pageSize: '100' });
      return get({ ...contacts, purpose: 'read contacts', query }, call);
    },
    byNumber: (contactNumber, call) => {
      const path = `${contacts.path}/${encodeURIComponent(contactNumber)}`;
      return find({ ...contacts, purpose: 'look for a contact that we made', path }, call);
    },
    update: (what, call) => put({ ...what, ...written, purpose: 'update contacts', method: 'POST' }, call),
    create: (what, call) => put({ ...what, ...written, purpose: 'create contacts', method: 'PUT' }, call),
  };
}

const headersOf = (accessToken: string, organisation: Entry['organisation']): Record<string, string> => ({
  authorization: `Bearer ${accessToken}`,
  ...(organisation ? { 'xero-tenant-id': organisation.id } : {}),
});

const paged = (query: Readonly<Record<string, string>>) => ({ ...query, includeArchived: 'true' });

/** UTC without a zone, to the second: any other format and Xero silently sends everything. */
export const xeroTime = (at: Date): string => at.toISOString().slice(0, 19);

/** The newest secrets: those of calls that can still be logged. */
function keep(hidden: Set<string>, secret: string): void {
  hidden.delete(secret);
  hidden.add(secret);
  for (const oldest of hidden) if (hidden.size > 20) hidden.delete(oldest);
}
