import type { Connector } from '../connector.ts';
import type { ConnectorOptions } from '../options.ts';
import { hubspotClient } from './client.ts';
import { project, supports } from './map.ts';
import { changedCompanies, readCompanies } from './read.ts';
import { readHubSpotWebhook } from './webhook.ts';
import { hubspotWords } from './words.ts';
import { writeCompanies } from './write.ts';

/** HubSpot's companies as customers. Credentials: `token`; `webhook_secret` for webhooks. */
export function createHubSpot(options: ConnectorOptions<'hubspot'>): Connector {
  const client = hubspotClient(options);
  return {
    system: 'hubspot',
    label: hubspotWords.label,
    role: 'company',
    lagMs: 10_000,
    overlapMs: 300_000,
    canUpdate: true,
    canCreate: false,
    oauth: null,
    supports,
    project,
    changed: (since, until, call) => changedCompanies(client, since, until, call),
    read: (ids, call) => readCompanies(client, ids, call),
    write: (writes, call) => writeCompanies(client, writes, call),
    create: async () => [],
    findMade: async () => new Map(),
    account: async () => ({
      account: null,
      scopes: null,
      missingScopes: [],
      expiresAt: null,
      problems: [],
      steps: [],
    }),
    setUp: async () => undefined,
    webhook: (request) => readHubSpotWebhook(request, () => options.credential('webhook_secret')),
  };
}
