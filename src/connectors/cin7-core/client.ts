import type { z } from 'zod';
import type { CallContext } from '../connector.ts';
import type { Answer, HttpCall } from '../http/call.ts';
import { createHttp } from '../http/client.ts';
import { address, type ConnectorOptions, knownSecrets } from '../options.ts';
import {
  customersAnswer,
  meAnswer,
  paymentTermsAnswer,
  taxRulesAnswer,
  webhooksAnswer,
  writtenAnswer,
} from './schema.ts';
import { cin7CoreWords } from './words.ts';

export const cin7CoreBaseUrl = 'https://inventory.dearsystems.com/ExternalApi/v2';
export const pageSize = 1000;

type Answered<S extends z.ZodType> = Promise<Answer<z.infer<S>>>;
type Customers = Answered<typeof customersAnswer>;
type Written = Answered<typeof writtenAnswer>;

/** UTC without a zone, as the vendor's page on date formats has it for parameters too: 2012-11-14T13:28:33.363. */
const cin7Time = (at: Date): string => at.toISOString().slice(0, -1);

export interface Cin7CoreClient {
  /** Customers modified since (null = all), deprecated ones too, with all their fields. Pages count from 1. */
  list(since: Date | null, page: number, call: CallContext): Customers;
  byId(id: string, call: CallContext): Customers;
  /** Customers whose name begins with this, deprecated ones too. */
  byName(beginning: string, page: number, call: CallContext): Customers;
  /** One customer per call; `repeatable` unless the body adds an address or a contact. */
  update(body: unknown, effect: 'repeatable' | 'once', call: CallContext): Written;
  /** Never sent twice: the same customer again is refused, but by its name alone. */
  add(body: unknown, call: CallContext): Written;
  me(call: CallContext): Answered<typeof meAnswer>;
  paymentTerms(call: CallContext): Answered<typeof paymentTermsAnswer>;
  taxRules(call: CallContext): Answered<typeof taxRulesAnswer>;
  webhooks(call: CallContext): Answered<typeof webhooksAnswer>;
}

export function cin7CoreClient(options: ConnectorOptions<'cin7-core'>): Cin7CoreClient {
  const { terms, credential, http, clock } = options;
  const send = createHttp({
    ...http,
    terms,
    clock,
    words: cin7CoreWords,
    secrets: () => knownSecrets(credential, ['account_id', 'application_key', 'webhook_secret']),
  });
  const base = address(terms.baseUrl, cin7CoreBaseUrl);
  const ask = <T>(path: string, rest: Omit<HttpCall<T>, 'url' | 'headers'>, call: CallContext) => {
    const headers = {
      'api-auth-accountid': credential('account_id'),
      'api-auth-applicationkey': credential('application_key'),
    };
    return send({ ...rest, url: base + path, headers }, call);
  };
  const get = <T>(
    purpose: string,
    path: string,
    shape: z.ZodType<T>,
    call: CallContext,
    query: Readonly<Record<string, string>> = {},
  ) => ask(path, { purpose, method: 'GET', query, effect: 'read', shape }, call);
  const customers = (purpose: string, query: Readonly<Record<string, string>>, call: CallContext) =>
    get(purpose, '/customer', customersAnswer, call, { ...query, IncludeDeprecated: 'true' });
  const inPages = (page: number) => ({ Page: String(page), Limit: String(pageSize) });
  return {
    list: (since, page, call) =>
      since
        ? customers('read changed customers', { ...inPages(page), ModifiedSince: cin7Time(since) }, call)
        : customers('read customers', inPages(page), call),
    byId: (id, call) => customers('read a customer', { ID: id, Page: '1', Limit: '100' }, call),
    byName: (beginning, page, call) =>
      customers('look for a customer’s name', { ...inPages(page), Name: beginning }, call),
    update: (json, effect, call) =>
      ask(
        '/customer',
        { purpose: 'update a customer', method: 'PUT', body: { json }, effect, shape: writtenAnswer },
        call,
      ),
    add: (json, call) =>
      ask(
        '/customer',
        {
          purpose: 'create a customer',
          method: 'POST',
          body: { json },
          effect: 'once',
          shape: writtenAnswer,
        },
        call,
      ),
    me: (call) => get('read the account', '/me', meAnswer, call),
    paymentTerms: (call) =>
      get('read payment terms', '/ref/paymentterm', paymentTermsAnswer, call, inPages(1)),
    taxRules: (call) => get('read tax rules', '/ref/tax', taxRulesAnswer, call, inPages(1)),
    webhooks: (call) => get('read webhooks', '/webhooks', webhooksAnswer, call),
  };
}
