import { readFileSync } from 'node:fs';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { readAgreement } from '#src/agreement/read.ts';
import { type ManualClock, manualClock } from '#src/clock.ts';
import type { Connection } from '#src/connectors/connection.ts';
import { createConnections } from '#src/connectors/registry.ts';
import { type RunFlowOutcome, runFlow } from '#src/jobs/run-flow.ts';
import { importAgreement } from '#src/ledger/agreement/agreements.ts';
import { budgetLedger } from '#src/ledger/connections/budgets.ts';
import { exchangeLog } from '#src/ledger/connections/exchanges.ts';
import { shapeStore } from '#src/ledger/connections/shapes.ts';
import { approveFirstLoad } from '#src/ledger/runs/runs.ts';
import { cin7CoreGoods } from '#src/playground/data/as-cin7-core-products.ts';
import { hubspotSales } from '#src/playground/data/as-hubspot-sales.ts';
import { xeroBooks } from '#src/playground/data/as-xero-books.ts';
import { openStore } from '#src/playground/store.ts';
import { startCin7Core } from '#src/playground/vendors/cin7-core/server.ts';
import { startHubSpot } from '#src/playground/vendors/hubspot/server.ts';
import type { PracticeSystem, PracticeVendor, Screen } from '#src/playground/vendors/vendor.ts';
import { startXero } from '#src/playground/vendors/xero/server.ts';
import { call, memoryTokens } from '#test/connectors/kit.ts';
import type { TestDatabase } from './database.ts';

const start = new Date('2026-11-20T01:00:00.000Z');

const flows = `
flows:
  products:
    name: Products
    entity: product
    connections: [cin7-core, xero, hubspot]
    match_by: sku
    create_in: { xero: [cin7-core], hubspot: [cin7-core] }
    schedule: { cron: '*/5 * * * *', time_zone: Australia/Sydney }
    channel: sync-products
    owners: { business: priya, technical: tom }
    system_of_record: cin7-core
    safety_stop: { records: 1000, percent: 100 }
    fields:
      sku: { rule: read_only }
      name: { rule: overwrite }
      description: { rule: overwrite }
      sell_price: { rule: overwrite }
      cost: { rule: read_only }
      tax_treatment: { rule: overwrite }
      unit: { rule: overwrite }
      status: { rule: overwrite }
  stock:
    name: Stock
    entity: stock_level
    connections: [cin7-core, hubspot]
    match_by: sku
    schedule: { cron: '*/5 * * * *', time_zone: Australia/Sydney }
    channel: sync-products
    owners: { business: priya, technical: tom }
    system_of_record: cin7-core
    safety_stop: { records: 1000, percent: 100 }
    fields:
      sku: { rule: read_only }
      on_hand: { rule: overwrite }
      allocated: { rule: overwrite }
      available: { rule: overwrite }
      locations: { rule: overwrite }
`;

/** The practice company's goods in three systems over HTTP, and two flows that keep them in step. No Slack. */
export interface GoodsEngine {
  readonly clock: ManualClock;
  readonly vendors: Readonly<Record<PracticeSystem, PracticeVendor>>;
  screen(system: PracticeSystem, entity: string): Screen;
  /** A minute later, one run of a flow. */
  run(flow: 'products' | 'stock'): Promise<RunFlowOutcome>;
  /** How many calls the vendor has heard that change something. */
  writes(system: PracticeSystem): number;
}

/** Everything set up and approved, nothing run yet. */
export async function openGoodsEngine({ db }: TestDatabase): Promise<GoodsEngine> {
  const clock = manualClock(start);
  const vendors = await startVendors(clock);
  const overlay = Object.fromEntries(
    Object.values(vendors).map(({ system, baseUrl, authUrl }) => [system, { baseUrl, authUrl }]),
  );
  const [connectionsText = ''] = readFileSync('truce.yml', 'utf8').split('\nflows:\n');
  const read = readAgreement(connectionsText + flows, 'truce.yml', overlay);
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  const agreement = await importAgreement(db, read.agreement, { source: 'test', now: clock.now() });
  const { timeZone } = agreement;
  const connections = createConnections({
    agreement,
    credential: (name) =>
      Object.values(vendors)
        .map(({ env }) => env[name])
        .find(Boolean),
    http: { log: exchangeLog(db), budgets: budgetLedger(db), shapes: shapeStore(db), timeZone },
    tokens: memoryTokens(),
    clock,
  });
  await setUp(connections);
  for (const flow of Object.keys(agreement.flows))
    await approveFirstLoad(db, { flow, by: 'U0PRIYA001', now: clock.now() });
  const parts = { db, clock, log: pino({ level: 'silent' }), connections, agreement: () => agreement };
  return {
    clock,
    vendors,
    screen: (system, entity) => {
      const screen = vendors[system].screens[entity];
      if (!screen) throw new Error(`${system} has no screen of ${entity}`);
      return screen;
    },
    run: async (flow) => {
      clock.advance(60_000);
      return runFlow(parts, { flow, trigger: 'command' });
    },
    writes: (system) => vendors[system].log.filter(({ method, path }) => isWrite(method, path)).length,
  };
}

/** Every step that goods need, as if a person had approved it. */
async function setUp(connections: ReadonlyMap<string, Connection>): Promise<void> {
  for (const connection of connections.values()) {
    const { steps } = await connection.account(['product', 'stock_level'], { ...call, runId: null });
    for (const { id } of steps) await connection.setUp(id, { ...call, runId: null });
  }
}

const isWrite = (method: string, path: string) =>
  method === 'PUT' || (method === 'POST' && /batch\/(update|create|upsert)$|\/(Items|product)$/.test(path));

async function startVendors(clock: ManualClock) {
  const store = openStore(':memory:');
  const vendors = {
    hubspot: await startHubSpot({ store, clock, ...hubspotSales([], start) }),
    xero: await startXero({ store, clock, books: xeroBooks([], start) }),
    'cin7-core': await startCin7Core({ store, clock, goods: cin7CoreGoods(start) }),
  };
  onTestFinished(async () => {
    await Promise.all(Object.values(vendors).map((vendor) => vendor.close()));
    store.close();
  });
  return vendors;
}
