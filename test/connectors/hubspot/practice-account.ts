import { onTestFinished } from 'vitest';
import type { BillingContact } from '#src/agreement/agreement.ts';
import type { Create, ReadItem, Write } from '#src/connectors/connector.ts';
import { createHubSpot } from '#src/connectors/hubspot/index.ts';
import { openStore } from '#src/playground/store.ts';
import { person } from '#src/playground/vendors/hubspot/card.ts';
import { type HubSpotOptions, startHubSpot } from '#src/playground/vendors/hubspot/server.ts';
import { customersOf } from '#test/support/connections.ts';
import { call, clockAtNoon, memoryBudgets, memoryLog, memoryTokens, noon, terms } from '../kit.ts';

export const sam = person('Sam Okafor');

export const company = (id: string, properties: Record<string, string> = {}) => ({
  id,
  createdAt: '2026-01-05T00:00:00.000Z',
  modifiedAt: '2026-11-19T00:00:00.000Z',
  source: sam,
  properties: { name: `Company ${id}`, ...properties },
});

interface Options extends Partial<HubSpotOptions> {
  readonly billing?: BillingContact;
  readonly signIn?: 'token' | 'oauth';
  readonly wonStages?: readonly string[];
  readonly wonSince?: string | null;
}

/** A connector and a practice HubSpot with two companies, 901 and 902, that talk to each other over HTTP. */
export async function practiceAccount({
  billing = { kind: 'property' },
  signIn = 'token',
  wonStages = ['closedwon'],
  wonSince = null,
  ...more
}: Options = {}) {
  const clock = clockAtNoon();
  const store = openStore(':memory:');
  const seed = [company('901', { name: 'Acme' }), company('902', { name: 'Beta' })];
  const vendor = await startHubSpot({ store, clock, seed, ...more });
  onTestFinished(async () => {
    await vendor.close();
    store.close();
  });
  const log = memoryLog();
  const tokens = memoryTokens();
  const env: Readonly<Record<string, string | undefined>> = {
    token: vendor.env.HUBSPOT_TOKEN,
    client_id: vendor.env.HUBSPOT_CLIENT_ID,
    client_secret: vendor.env.HUBSPOT_CLIENT_SECRET,
    webhook_secret: vendor.env.HUBSPOT_CLIENT_SECRET,
  };
  const connectionTo = (baseUrl: string) =>
    createHubSpot({
      terms: terms('hubspot', {
        baseUrl,
        authUrl: vendor.authUrl,
        billingContact: billing,
        signIn,
        wonStages,
        wonSince,
        timeoutSeconds: 0.5,
      }),
      credential: (name) => env[name] ?? '',
      tokens,
      http: { log, budgets: memoryBudgets(), timeZone: 'Australia/Sydney' },
      clock,
    });
  const connectTo = (baseUrl: string) => customersOf(connectionTo(baseUrl));
  const connection = connectionTo(vendor.baseUrl);
  const connector = customersOf(connection);
  const { crm } = vendor;
  const read = async (...ids: string[]) => connector.read(ids, call);
  const observed = async (id: string) => {
    const [item] = await read(id);
    if (item?.kind !== 'read') throw new Error(`expected ${id} to be read, not ${JSON.stringify(item)}`);
    return item.observation;
  };
  const changedSince = async (since: Date) => {
    const items: ReadItem[] = [];
    for await (const page of connector.changed(since, clock.now(), call)) items.push(...page);
    return items.map((item) => (item.kind === 'read' ? item.observation.externalId : item.externalId));
  };
  /** A contact of companies, by a person, the billing contact of those where `label` is said. */
  const contact = (properties: Record<string, string>, companies: readonly string[], label?: string) => {
    const { id } = crm.contacts.create(properties, sam);
    const kinds = crm.associations
      .kinds('companies', 'contacts')
      .filter((kind) => label !== undefined && kind.label === label);
    for (const companyId of companies)
      crm.associations.add({ companies: companyId, contacts: id }, kinds, sam);
    return id;
  };
  const about = { vendor, crm, clock, log, tokens };
  return { ...about, connection, connectionTo, connector, connectTo, read, observed, changedSince, contact };
}

export const write = (externalId: string, fields: Write['fields'], key = 'intent-1'): Write => ({
  key,
  changeId: 'tr-7F3K92QDXB',
  externalId,
  fields,
});

export const create = (marker: string, fields: Create['fields'], key = 'intent-1'): Create => ({
  key,
  changeId: 'tr-7F3K92QDXB',
  marker,
  fields,
});

export { call, noon };
