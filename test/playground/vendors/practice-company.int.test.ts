import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { manualClock } from '#src/clock.ts';
import type { Connector, Observation } from '#src/connectors/connector.ts';
import { createConnections } from '#src/connectors/registry.ts';
import { customer } from '#src/entities/customer.ts';
import type { Observed } from '#src/entities/field.ts';
import { seed } from '#src/playground/data/seed.ts';
import { openStore } from '#src/playground/store.ts';
import { startCin7Core } from '#src/playground/vendors/cin7-core/server.ts';
import { startHubSpot } from '#src/playground/vendors/hubspot/server.ts';
import type { PracticeVendor } from '#src/playground/vendors/vendor.ts';
import { startXero } from '#src/playground/vendors/xero/server.ts';
import { memoryTokens, terms } from '#test/connectors/kit.ts';
import { noon, shown } from './kit.ts';

async function company(folder: string) {
  const clock = manualClock(noon);
  const store = openStore(folder);
  const { hubspot, xero, cin7Core } = seed(noon);
  const vendors = [
    await startHubSpot({ store, clock, seed: hubspot }),
    await startXero({ store, clock, seed: xero }),
    await startCin7Core({ store, clock, seed: cin7Core }),
  ];
  const close = async () => {
    await Promise.all(vendors.map((vendor) => vendor.close()));
    store.close();
  };
  return { clock, vendors, close };
}

const credentials = {
  hubspot: { token: 'HUBSPOT_TOKEN', webhook_secret: 'HUBSPOT_CLIENT_SECRET' },
  xero: { client_id: 'XERO_CLIENT_ID', client_secret: 'XERO_CLIENT_SECRET', webhook_key: 'XERO_WEBHOOK_KEY' },
  'cin7-core': {
    account_id: 'CIN7_ACCOUNT_ID',
    application_key: 'CIN7_APPLICATION_KEY',
    webhook_secret: 'CIN7_WEBHOOK_SECRET',
  },
};

/** As the repository's agreement has them. */
const own = {
  hubspot: {},
  xero: {
    taxCodes: {
      gst: 'OUTPUT',
      gst_free: 'EXEMPTOUTPUT',
      export: 'EXEMPTEXPORT',
      input_taxed: 'INPUTTAXED',
      out_of_scope: 'BASEXCLUDED',
    },
  },
  'cin7-core': {
    taxCodes: {
      gst: 'GST on Income',
      gst_free: 'GST Free Income',
      export: 'GST Free Exports',
      input_taxed: 'Input Taxed',
      out_of_scope: 'BAS Excluded',
    },
  },
};

/** Truce's own connectors on the practice vendors, with no ledger behind them. */
function connectionsTo(vendors: readonly PracticeVendor[], clock: ReturnType<typeof manualClock>) {
  const connections = Object.fromEntries(
    vendors.map(({ system, baseUrl, authUrl }) => {
      const calls = { callsPerMinute: 60, callsPerDay: 5000, timeoutSeconds: 5 };
      return [
        system,
        terms(system, { baseUrl, authUrl, credentials: credentials[system], ...calls, ...own[system] }),
      ];
    }),
  );
  return createConnections({
    agreement: { connections },
    credential: (name) => vendors.map(({ env }) => env[name]).find(Boolean),
    tokens: memoryTokens(),
    http: {
      log: { write: async () => 1 },
      budgets: {
        lease: async ({ calls }) => ({ granted: calls, until: null }),
        feed: async () => {},
        close: async () => {},
        tellZone: async () => {},
      },
    },
    clock,
  });
}

async function everything(connector: Connector | undefined): Promise<Observation[]> {
  const read: Observation[] = [];
  const call = { runId: null, correlationId: 'tr-7F3K92QDXB', changeIds: [] };
  for await (const page of connector?.changed(null, noon, call) ?? []) {
    for (const item of page) {
      if (item.kind !== 'read') throw new Error(`could not read ${JSON.stringify(item)}`);
      read.push(item.observation);
    }
  }
  return read;
}

const normalOf = (field: string, observed: Observed | undefined): string | null => {
  const rule = customer.fields.find(({ name }) => name === field);
  return observed?.state === 'value' ? (rule?.normal(observed.value) ?? null) : null;
};

test('Truce reads three systems that agree in whatever two of them can hold, special cases aside', async () => {
  const { vendors, clock, close } = await company(':memory:');
  onTestFinished(close);
  const connections = connectionsTo(vendors, clock);
  const [hubspot = [], xero = [], cin7Core = []] = await Promise.all(
    vendors.map(({ system }) => everything(connections.get(system)?.keeps.get('customer'))),
  );
  expect([hubspot.length, xero.length, cin7Core.length]).toEqual([205, 203, 203]);
  const apart: string[] = [];
  const abnOf = ({ fields }: Observation) => normalOf('abn', fields.abn);
  for (const company of hubspot) {
    for (const other of [...xero, ...cin7Core]) {
      if (abnOf(company) === null || abnOf(company) !== abnOf(other)) continue;
      for (const { name } of customer.fields) {
        const [mine, theirs] = [company.fields[name], other.fields[name]];
        if (theirs?.state === 'unsupported') continue;
        if (normalOf(name, mine) !== normalOf(name, theirs)) apart.push(`${shownName(company)}: ${name}`);
      }
    }
  }
  expect([...new Set(apart)].sort()).toEqual([
    'Kookabura Bend Electrical Services: billing_address',
    'Kookabura Bend Electrical Services: email',
    'Kookabura Bend Electrical Services: legal_name',
    'Mangrove Jack Charters: billing_address',
    'Mangrove Jack Charters: delivery_address',
    'Mangrove Jack Charters: email',
    'Mangrove Jack Charters: phone',
    'Sheoak Picture Framing: phone',
    'Wattlebird Cafe: legal_name',
  ]);
});

const shownName = ({ fields }: Observation): string => customer.title(fields);

test('what people and Truce changed is still there after a restart, and nothing is planted twice', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'truce-company-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const keys = { hubspot: 'city', xero: 'City', 'cin7-core': 'City' };
  const first = await company(folder);
  for (const vendor of first.vendors) {
    vendor.edit(vendor.cards()[0]?.externalId ?? '', { [keys[vendor.system]]: 'Pambula' }, 'Priya Nair');
  }
  const before = first.vendors.map((vendor) => vendor.cards());
  await first.close();
  const second = await company(folder);
  onTestFinished(second.close);
  expect(second.vendors.map((vendor) => vendor.cards())).toEqual(before);
  for (const vendor of second.vendors) {
    expect(shown(vendor, vendor.cards()[0]?.externalId ?? '', keys[vendor.system])).toBe('Pambula');
  }
});
