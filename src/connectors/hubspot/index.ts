import { type Connector, VendorError } from '../connector.ts';
import type { ConnectorOptions } from '../options.ts';
import { reportAccount } from './account.ts';
import { billingBook } from './billing.ts';
import { changedCompanies } from './changed.ts';
import { hubspotClient } from './client.ts';
import { createCompanies, findMade } from './create.ts';
import { projectFor, supports } from './map.ts';
import { type Account, batchSize, readCompanies, resolveHints } from './read.ts';
import { makeProperties, setUpProperties } from './set-up.ts';
import { readHubSpotWebhook } from './webhook.ts';
import { hubspotWords } from './words.ts';
import { writeCompanies } from './write.ts';

/**
 * HubSpot's companies, with their billing contacts, as customers. Credentials: `token`, or `client_id` and `client_secret` where
 * somebody signs in; `webhook_secret` for webhooks.
 */
export function createHubSpot(options: ConnectorOptions<'hubspot'>): Connector {
  const client = hubspotClient(options);
  const billing = billingBook(client, options.terms.billingContact);
  const account: Account = { client, billing };
  return {
    system: 'hubspot',
    label: hubspotWords.label,
    role: 'company',
    // With a contact: which it is, and its own values.
    costs: () => {
      const calls = billing.inContact ? 3 : 1;
      return {
        read: { calls, records: batchSize },
        write: { calls, records: batchSize },
        create: { calls, records: batchSize },
      };
    },
    lagMs: 10_000,
    // The search index has been seen up to an hour behind (estuary #2210, #5180 of 2026).
    overlapMs: 3_600_000,
    canUpdate: true,
    canCreate: true,
    oauth: client.oauth,
    supports,
    project: projectFor(options.terms.billingContact),
    changed: (since, until, call) => changedCompanies(account, since, until, call),
    read: (ids, call) => readCompanies(account, ids, call),
    write: (writes, call) => writeCompanies(account, writes, call),
    create: (creates, call) => createCompanies(account, creates, call),
    findMade: (creates, call) => findMade(account, creates, call),
    webhook: (request) =>
      readHubSpotWebhook(request, () => options.credential('webhook_secret'), billing.inContact),
    resolve: (hinted, call) => resolveHints(account, hinted, call),
    account: (call) => reportAccount(account, call),
    setUp: async (step, call) => {
      if (step !== setUpProperties)
        throw new VendorError('bug', options.terms.id, `HubSpot has no step ${step}`);
      await makeProperties(client, billing.mapping, call);
    },
  };
}
