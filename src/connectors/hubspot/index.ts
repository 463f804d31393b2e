import type { Connection } from '../connection.ts';
import { VendorError } from '../connector.ts';
import type { ConnectorOptions } from '../options.ts';
import type { Account } from './account.ts';
import { reportAccount } from './account.ts';
import { hubspotClient } from './client.ts';
import { billingBook } from './companies/billing.ts';
import { hubspotCustomers } from './companies/index.ts';
import { hubspotDeals } from './deals/index.ts';
import { dealMoney } from './money.ts';
import { hubspotPayments } from './payments/index.ts';
import { hubspotProducts } from './products/index.ts';
import { makeProperties } from './set-up.ts';
import { hubspotStock } from './stock/index.ts';
import { wantedBy } from './wanted.ts';
import { readHubSpotWebhook } from './webhook.ts';
import { hubspotWords } from './words.ts';

/**
 * An account of HubSpot. Credentials: `token`, or `client_id` and `client_secret` where somebody signs in; `webhook_secret` for
 * webhooks.
 */
export function createHubSpot(options: ConnectorOptions<'hubspot'>): Connection {
  const client = hubspotClient(options);
  const billing = billingBook(client, options.terms.billingContact);
  const { wonStages, wonSince } = options.terms;
  const account: Account = { client, billing, wonStages, wonSince, timeZone: options.http.timeZone ?? 'UTC' };
  const money = dealMoney(client);
  return {
    system: 'hubspot',
    label: hubspotWords.label,
    oauth: client.oauth,
    keeps: new Map([
      ['customer', hubspotCustomers(account, options.terms.billingContact)],
      ['product', hubspotProducts(client)],
      ['stock_level', hubspotStock(client)],
      ['invoice', hubspotDeals(account, money)],
      ['payment', hubspotPayments(account, money)],
    ]),
    webhook: (request) =>
      readHubSpotWebhook(request, () => options.credential('webhook_secret'), billing.inContact),
    account: (entities, call) => reportAccount(account, entities, call),
    setUp: async (step, call) => {
      const wanted = Object.values(wantedBy(billing.mapping)).find((one) => one.step === step);
      if (!wanted) throw new VendorError('bug', options.terms.id, `HubSpot has no step ${step}`);
      await makeProperties(client, wanted, call);
    },
  };
}
