import type { Connection } from '../connection.ts';
import { VendorError } from '../connector.ts';
import type { ConnectorOptions } from '../options.ts';
import { cin7CoreAccount } from './account.ts';
import { availabilityClient } from './availability/client.ts';
import { cin7CoreAvailability } from './availability/index.ts';
import { cin7CoreCalls } from './calls.ts';
import { cin7CoreClient } from './client.ts';
import { customersClient } from './customers/client.ts';
import { cin7CoreCustomers } from './customers/index.ts';
import { productsClient } from './products/client.ts';
import { cin7CoreProducts } from './products/index.ts';
import { readCin7CoreWebhook } from './webhook.ts';
import { cin7CoreWords } from './words.ts';

/** An account of Cin7 Core. Credentials: `account_id`, `application_key`; `webhook_secret` for webhooks. */
export function createCin7Core(options: ConnectorOptions<'cin7-core'>): Connection {
  const { terms } = options;
  const calls = cin7CoreCalls(options);
  const client = cin7CoreClient(calls);
  const products = productsClient(calls);
  const stock = { products, availability: availabilityClient(calls), connection: terms.id };
  return {
    system: 'cin7-core',
    label: cin7CoreWords.label,
    oauth: null,
    keeps: new Map([
      ['customer', cin7CoreCustomers({ customers: customersClient(calls), account: client }, options)],
      ['product', cin7CoreProducts(products, options)],
      ['stock_level', cin7CoreAvailability(stock)],
    ]),
    account: (entities, call) => cin7CoreAccount({ client, products, terms }, entities, call),
    setUp: async (step) => {
      throw new VendorError('bug', terms.id, `Cin7 Core has no step ${step}`);
    },
    webhook: (request) => readCin7CoreWebhook(request, () => options.credential('webhook_secret')),
  };
}
