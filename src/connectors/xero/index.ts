import type { Connector } from '../connector.ts';
import type { ConnectorOptions } from '../options.ts';
import { xeroClient } from './client.ts';
import { project, supports } from './map.ts';
import { changedContacts, readContacts } from './read.ts';
import { readXeroWebhook } from './webhook.ts';
import { xeroWords } from './words.ts';
import { writeContacts } from './write.ts';

/** Xero's contacts as customers, through a Custom Connection. Credentials: `client_id`, `client_secret`; `webhook_key` for webhooks. */
export function createXero(options: ConnectorOptions<'xero'>): Connector {
  const client = xeroClient(options);
  return {
    system: 'xero',
    label: xeroWords.label,
    role: 'contact',
    lagMs: 5_000,
    overlapMs: 120_000,
    canUpdate: true,
    canCreate: false,
    oauth: null,
    supports,
    project,
    changed: (since, _until, call) => changedContacts(client, since, call),
    read: async (ids, call) => (await readContacts(client, ids, call)).items,
    write: (writes, call) => writeContacts(client, writes, call),
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
    webhook: (request) => readXeroWebhook(request, () => options.credential('webhook_key')),
  };
}
