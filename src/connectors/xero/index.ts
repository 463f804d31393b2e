import { type Connector, VendorError } from '../connector.ts';
import type { ConnectorOptions } from '../options.ts';
import { readAccount } from './account.ts';
import { xeroClient } from './client.ts';
import { createContacts, findMadeContacts } from './create.ts';
import { project, supports } from './map.ts';
import { changedContacts, idsPerCall, readContacts } from './read.ts';
import { readXeroWebhook } from './webhook.ts';
import { xeroWords } from './words.ts';
import { elementsPerCall, writeContacts } from './write.ts';

/**
 * Xero's contacts as customers. Credentials of a Custom Connection: `client_id`, `client_secret`; of a sign-in through Xero's page:
 * `client_id`, and `client_secret` unless the client is a public one; `webhook_key` for webhooks.
 */
export function createXero(options: ConnectorOptions<'xero'>): Connector {
  const client = xeroClient(options);
  const { taxCodes } = options.terms;
  return {
    system: 'xero',
    label: xeroWords.label,
    role: 'contact',
    // Before a write the contacts are read, so that their lists go out whole.
    costs: () => ({
      read: { calls: 1, records: idsPerCall },
      write: { calls: 2, records: elementsPerCall },
      create: { calls: 1, records: elementsPerCall },
    }),
    lagMs: 5_000,
    overlapMs: 120_000,
    canUpdate: true,
    canCreate: true,
    oauth: client.oauth,
    supports,
    project,
    changed: (since, _until, call) => changedContacts(client, taxCodes, since, call),
    read: async (ids, call) => (await readContacts(client, taxCodes, ids, call)).items,
    write: (writes, call) => writeContacts(client, taxCodes, writes, call),
    create: (creates, call) => createContacts(client, taxCodes, creates, call),
    findMade: (creates, call) => findMadeContacts(client, creates, call),
    account: (call) => readAccount(client, taxCodes, call),
    // A contact's number is built in: there is nothing to set up.
    setUp: async (step) => {
      throw new VendorError('bug', options.terms.id, `Xero has no step ${step}`);
    },
    webhook: (request) => readXeroWebhook(request, () => options.credential('webhook_key')),
  };
}
