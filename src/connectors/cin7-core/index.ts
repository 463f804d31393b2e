import type { Connector } from '../connector.ts';
import type { ConnectorOptions } from '../options.ts';
import { cin7CoreClient } from './client.ts';
import { project, supports } from './map.ts';
import { changedCustomers, readCustomers } from './read.ts';
import { readCin7CoreWebhook } from './webhook.ts';
import { cin7CoreWords } from './words.ts';
import { writeCustomers } from './write.ts';

/** Cin7 Core's customers. Credentials: `account_id`, `application_key`; `webhook_secret` for webhooks. */
export function createCin7Core(options: ConnectorOptions<'cin7-core'>): Connector {
  const client = cin7CoreClient(options);
  return {
    system: 'cin7-core',
    label: cin7CoreWords.label,
    role: 'customer',
    lagMs: 10_000,
    overlapMs: 300_000,
    canUpdate: true,
    canCreate: false,
    oauth: null,
    supports,
    project,
    changed: (since, _until, call) => changedCustomers(client, since, call),
    read: async (ids, call) => (await readCustomers(client, ids, call)).items,
    write: (writes, call) => writeCustomers(client, writes, call),
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
    webhook: (request) => readCin7CoreWebhook(request, () => options.credential('webhook_secret')),
  };
}
