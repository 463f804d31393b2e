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
/** Every element names its contact by id (update) or is a new one (create); the key makes a repetition within six minutes harmless. */
interface Elements {
  readonly elements: readonly unknown[];
  readonly idempotencyKey: string;
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
  const authorised = sender(send, signIn);
  return {
    oauth: signIn.oauth,
    entry: signIn.current,
    ...reading(authorised, base),
    ...writing(authorised, base),
    organisation: (call) => authorised(read(base, 'Organisation', organisationAnswer), call),
    taxRates: (call) => authorised(read(base, 'TaxRates', taxRatesAnswer), call),
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

const purposes = {
  Contacts: 'read contacts',
  Organisation: 'read the organisation',
  TaxRates: 'read tax rates',
} as const;

const read = <T>(base: string, what: keyof typeof purposes, shape: z.ZodType<T>) =>
  ({ purpose: purposes[what], method: 'GET', url: `${base}/${what}`, effect: 'read', shape }) as const;

function reading(authorised: Authorised, base: string): Pick<XeroClient, 'list' | 'byIds' | 'byNumber'> {
  const contacts = read(base, 'Contacts', contactsAnswer);
  return {
    list: (since, page, call) =>
      authorised(
        {
          ...contacts,
          purpose: 'read changed contacts',
          // In the order of ids a contact that is saved while we page pushes others back, never past us.
          query: paged({ page: String(page), pageSize: String(pageSize), order: 'ContactID ASC' }),
          ...(since ? { headers: { 'if-modified-since': xeroTime(since) } } : {}),
        },
        call,
      ),
    // Payment terms come only with a page.
    byIds: (ids, call) =>
      authorised({ ...contacts, query: paged({ IDs: ids.join(','), page: '1', pageSize: '100' }) }, call),
    byNumber: async (contactNumber, call) => {
      const url = `${contacts.url}/${encodeURIComponent(contactNumber)}`;
      try {
        return await authorised({ ...contacts, purpose: 'look for a contact that we made', url }, call);
      } catch (error) {
        if (error instanceof CallFailed && error.status === 404) return null;
        throw error;
      }
    },
  };
}

function writing(authorised: Authorised, base: string): Pick<XeroClient, 'update' | 'create'> {
  const request = ({ elements, idempotencyKey }: Elements) =>
    ({
      url: `${base}/Contacts`,
      query: { summarizeErrors: 'false' },
      headers: { 'idempotency-key': idempotencyKey },
      body: { json: { Contacts: elements } },
      effect: 'repeatable',
      shape: contactsAnswer,
    }) as const;
  return {
    update: (what, call) =>
      authorised({ ...request(what), purpose: 'update contacts', method: 'POST' }, call),
    create: (what, call) => authorised({ ...request(what), purpose: 'create contacts', method: 'PUT' }, call),
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
