import type { Connection } from '../connection.ts';
import { VendorError } from '../connector.ts';
import type { ConnectorOptions } from '../options.ts';
import { readAccount } from './account.ts';
import { keepBookRules } from './books.ts';
import { xeroClient } from './client.ts';
import { xeroCustomers } from './contacts/index.ts';
import { xeroInvoices } from './invoices/index.ts';
import { xeroProducts } from './items/index.ts';
import { xeroPayments } from './payments/index.ts';
import { readXeroWebhook } from './webhook.ts';
import { xeroWords } from './words.ts';

/**
 * An organisation in Xero. Credentials of a Custom Connection: `client_id`, `client_secret`; of a sign-in through Xero's page:
 * `client_id`, and `client_secret` unless the client is a public one; `webhook_key` for webhooks.
 */
export function createXero(options: ConnectorOptions<'xero'>): Connection {
  const client = xeroClient(options);
  const { taxCodes, newInvoices } = options.terms;
  const rules = keepBookRules(client, options.clock);
  const book = { client, taxCodes, rules };
  return {
    system: 'xero',
    label: xeroWords.label,
    oauth: client.oauth,
    keeps: new Map([
      ['customer', xeroCustomers(client, taxCodes)],
      ['product', xeroProducts(client, taxCodes)],
      ['invoice', xeroInvoices({ ...book, newInvoices }, options.clock)],
      ['payment', xeroPayments(book)],
    ]),
    account: (entities, call) => readAccount(client, { taxCodes, newInvoices }, entities, call),
    // A contact's number is built in: there is nothing to set up.
    setUp: async (step) => {
      throw new VendorError('bug', options.terms.id, `Xero has no step ${step}`);
    },
    webhook: (request) => readXeroWebhook(request, () => options.credential('webhook_key')),
  };
}
