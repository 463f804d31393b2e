import type { z } from 'zod';
import type { CallContext } from '../connector.ts';
import type { Answer } from '../http/call.ts';
import { createHttp } from '../http/client.ts';
import { address, type ConnectorOptions, knownSecrets } from '../options.ts';
import { customersAnswer } from './schema.ts';
import { cin7CoreWords } from './words.ts';

export const cin7CoreBaseUrl = 'https://inventory.dearsystems.com/ExternalApi/v2';
export const pageSize = 1000;

type Customers = Promise<Answer<z.infer<typeof customersAnswer>>>;

export interface Cin7CoreClient {
  /** Customers modified since (null = all), deprecated ones too, with all their fields. Pages count from 1. */
  list(since: Date | null, page: number, call: CallContext): Customers;
  byId(id: string, call: CallContext): Customers;
  /** One customer per call; `repeatable` unless the body adds an address or a contact. */
  update(body: unknown, effect: 'repeatable' | 'once', call: CallContext): Customers;
}

export function cin7CoreClient({
  terms,
  credential,
  http,
  clock,
}: ConnectorOptions<'cin7-core'>): Cin7CoreClient {
  const send = createHttp({
    ...http,
    terms,
    clock,
    words: cin7CoreWords,
    secrets: () => knownSecrets(credential, ['account_id', 'application_key', 'webhook_secret']),
  });
  const url = `${address(terms.baseUrl, cin7CoreBaseUrl)}/customer`;
  const signedIn = () => ({
    'api-auth-accountid': credential('account_id'),
    'api-auth-applicationkey': credential('application_key'),
  });
  const get = (purpose: string, query: Readonly<Record<string, string>>, call: CallContext) =>
    send(
      {
        purpose,
        method: 'GET',
        url,
        query: { ...query, IncludeDeprecated: 'true' },
        headers: signedIn(),
        effect: 'read',
        shape: customersAnswer,
      },
      call,
    );
  return {
    list: (since, page, call) =>
      get(
        since ? 'read changed customers' : 'read customers',
        {
          Page: String(page),
          Limit: String(pageSize),
          ...(since ? { ModifiedSince: since.toISOString() } : {}),
        },
        call,
      ),
    byId: (id, call) => get('read a customer', { ID: id, Page: '1', Limit: '100' }, call),
    update: (body, effect, call) =>
      send(
        {
          purpose: 'update a customer',
          method: 'PUT',
          url,
          headers: signedIn(),
          body: { json: body },
          effect,
          shape: customersAnswer.partial({ Total: true, Page: true }),
        },
        call,
      ) as Customers,
  };
}
