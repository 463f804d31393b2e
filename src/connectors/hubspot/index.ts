import { type Connection, VendorError } from '../connector.ts';
import type { ConnectorOptions } from '../options.ts';
import { reportAccount } from './account.ts';
import { billingBook } from './billing.ts';
import { hubspotClient } from './client.ts';
import { hubspotCustomers } from './customers.ts';
import type { Account } from './read.ts';
import { makeProperties, setUpProperties } from './set-up.ts';
import { readHubSpotWebhook } from './webhook.ts';
import { hubspotWords } from './words.ts';

/**
 * An account of HubSpot. Credentials: `token`, or `client_id` and `client_secret` where somebody signs in; `webhook_secret` for
 * webhooks.
 */
export function createHubSpot(options: ConnectorOptions<'hubspot'>): Connection {
  const client = hubspotClient(options);
  const billing = billingBook(client, options.terms.billingContact);
  const account: Account = { client, billing };
  return {
    system: 'hubspot',
    label: hubspotWords.label,
    oauth: client.oauth,
    keeps: new Map([['customer', hubspotCustomers(account, options.terms.billingContact)]]),
    webhook: (request) =>
      readHubSpotWebhook(request, () => options.credential('webhook_secret'), billing.inContact),
    account: (_entities, call) => reportAccount(account, call),
    setUp: async (step, call) => {
      if (step !== setUpProperties)
        throw new VendorError('bug', options.terms.id, `HubSpot has no step ${step}`);
      await makeProperties(client, billing.mapping, call);
    },
  };
}
