import { type Connection, VendorError } from '../connector.ts';
import type { ConnectorOptions } from '../options.ts';
import { cin7CoreAccount } from './account.ts';
import { cin7CoreCalls } from './calls.ts';
import { cin7CoreClient } from './client.ts';
import { cin7CoreCustomers } from './customers.ts';
import { readCin7CoreWebhook } from './webhook.ts';
import { cin7CoreWords } from './words.ts';

/** An account of Cin7 Core. Credentials: `account_id`, `application_key`; `webhook_secret` for webhooks. */
export function createCin7Core(options: ConnectorOptions<'cin7-core'>): Connection {
  const { terms } = options;
  const client = cin7CoreClient(cin7CoreCalls(options));
  return {
    system: 'cin7-core',
    label: cin7CoreWords.label,
    oauth: null,
    keeps: new Map([['customer', cin7CoreCustomers(client, options)]]),
    account: (_entities, call) => cin7CoreAccount(client, terms, call),
    setUp: async (step) => {
      throw new VendorError('bug', terms.id, `Cin7 Core has no step ${step}`);
    },
    webhook: (request) => readCin7CoreWebhook(request, () => options.credential('webhook_secret')),
  };
}
