import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import type { ActiveAgreement, Agreement, Flow } from '#src/agreement/agreement.ts';
import { type ManualClock, manualClock } from '#src/clock.ts';
import type { Connector } from '#src/connectors/connector.ts';
import { createConnections } from '#src/connectors/registry.ts';
import { type RunFlowOutcome, runFlow } from '#src/jobs/run-flow.ts';
import type { Wake } from '#src/jobs/wake.ts';
import { importAgreement } from '#src/ledger/agreement/agreements.ts';
import { budgetLedger } from '#src/ledger/connections/budgets.ts';
import { exchangeLog } from '#src/ledger/connections/exchanges.ts';
import { shapeStore } from '#src/ledger/connections/shapes.ts';
import { approveFirstLoad } from '#src/ledger/runs/runs.ts';
import { asCin7Customer } from '#src/playground/data/as-cin7-core.ts';
import { asCompany } from '#src/playground/data/as-hubspot.ts';
import { asContact } from '#src/playground/data/as-xero.ts';
import { ordinaryCustomers, type PracticeCustomer } from '#src/playground/data/customers.ts';
import { openStore } from '#src/playground/store.ts';
import { startCin7Core } from '#src/playground/vendors/cin7-core/server.ts';
import type { CustomerSeed } from '#src/playground/vendors/cin7-core/state.ts';
import { startHubSpot } from '#src/playground/vendors/hubspot/server.ts';
import type { CompanySeed } from '#src/playground/vendors/hubspot/state.ts';
import type { PracticeSystem, PracticeVendor } from '#src/playground/vendors/vendor.ts';
import { startXero } from '#src/playground/vendors/xero/server.ts';
import type { ContactSeed } from '#src/playground/vendors/xero/state.ts';
import { memoryTokens } from '#test/connectors/kit.ts';
import { wrapped } from './connections.ts';
import { customersAgreement } from './customers-only.ts';
import type { TestDatabase } from './database.ts';

/** The connection ids of `truce.yml`. */
export const hubspot = 'hubspot';
export const xero = 'xero';
export const cin7 = 'cin7-core';
const minute = 60_000;
const start = new Date('2026-11-20T01:00:00.000Z');

export interface World {
  readonly hubspot: CompanySeed[];
  readonly xero: ContactSeed[];
  readonly cin7: CustomerSeed[];
}

export interface EngineOptions {
  /** The customers that all three systems have alike; three ordinary ones if left out. */
  readonly customers?: readonly PracticeCustomer[];
  /** Changes what the vendors hold before anything is read. */
  readonly plant?: (world: World) => World;
  readonly agreement?: (agreement: Agreement) => Agreement;
  /** What the environment holds for connections to other systems than the vendors. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Puts something between the engine and a connector. */
  readonly wrap?: (connector: Connector, connection: string) => Connector;
  /** False leaves the first load unapproved, and runs nothing. */
  readonly loaded?: boolean;
  /** True = one system after the other: what one waits for is not another's time. */
  readonly inTurn?: boolean;
}

/** The engine with real connectors, practice vendors over HTTP and a database, on a clock that moves when told. No Slack. */
export interface Engine {
  readonly database: TestDatabase;
  readonly clock: ManualClock;
  readonly customers: readonly PracticeCustomer[];
  readonly vendors: Readonly<Record<PracticeSystem, PracticeVendor>>;
  readonly agreement: ActiveAgreement;
  /** Called at every named point of a run, until it is replaced. */
  at: (point: string) => Promise<void> | void;
  /** Types into the system's own screen, under its own keys. */
  edit(system: PracticeSystem, customer: number, values: Readonly<Record<string, string>>): void;
  /** One field of a customer's card, under the system's own key. */
  held(system: PracticeSystem, customer: number, key: string): string | undefined;
  /** A minute later, one run of whatever changed. `at` is told the points of this run alone. */
  run(wake?: Partial<Wake>, at?: (point: string) => Promise<void>): Promise<RunFlowOutcome>;
  /** Takes an agreement that differs in the flow's terms as the next version. */
  agree(change: (flow: Flow) => Flow): Promise<void>;
  approve(): Promise<void>;
  /** How many calls the vendor has heard that change something. */
  writes(system: PracticeSystem): number;
}

export async function openEngine(database: TestDatabase, options: EngineOptions = {}): Promise<Engine> {
  const clock = manualClock(start);
  const store = openStore(':memory:');
  const customers = options.customers ?? ordinaryCustomers(3);
  const planted = (options.plant ?? ((world: World) => world))(worldOf(customers));
  const started = {
    hubspot: await startHubSpot({ store, clock, seed: planted.hubspot }),
    xero: await startXero({ store, clock, seed: planted.xero }),
    'cin7-core': await startCin7Core({ store, clock, seed: planted.cin7 }),
  };
  const vendors = Object.values(started);
  onTestFinished(async () => {
    await Promise.all(vendors.map((vendor) => vendor.close()));
    store.close();
  });
  const { db } = database;
  const read = (options.agreement ?? ((agreement: Agreement) => agreement))(
    await customersAgreement(overlayOf(vendors)),
  );
  let agreement = await importAgreement(db, read, { source: 'test', now: clock.now() });
  const made = createConnections({
    agreement,
    credential: (name) =>
      options.environment?.[name] ?? vendors.map((vendor) => vendor.env[name]).find(Boolean),
    http: {
      log: exchangeLog(db),
      budgets: budgetLedger(db),
      shapes: shapeStore(db),
      timeZone: agreement.timeZone,
    },
    tokens: memoryTokens(),
    clock,
  });
  const { wrap = (connector: Connector) => connector } = options;
  const connections = new Map(
    [...made].map(([id, one]) => [id, wrapped(one, (connector) => wrap(connector, id))]),
  );
  const { inTurn = false } = options;
  const log = pino({ level: 'silent' });
  const parts = { db, clock, log, connections, agreement: () => agreement, inTurn };
  const cardOf = (system: PracticeSystem, customer: number) => {
    const { abn } = customers[customer] as PracticeCustomer;
    const found = started[system].cards().find((card) => card.abn === abn);
    if (!found) throw new Error(`${system} has no customer ${customer}`);
    return found;
  };
  const engine: Engine = {
    database,
    clock,
    customers,
    vendors: started,
    get agreement() {
      return agreement;
    },
    at: () => undefined,
    edit: (system, customer, values) =>
      started[system].edit(cardOf(system, customer).externalId, values, 'Mia Torres'),
    held: (system, customer, key) =>
      cardOf(system, customer).fields.find((field) => field.key === key)?.value,
    run: async (wake = {}, at = async (point) => engine.at(point)) => {
      clock.advance(minute);
      return runFlow({ ...parts, at }, { flow: 'customers', trigger: 'command', ...wake });
    },
    agree: async (change) => {
      const { customers: flow } = agreement.flows;
      const next = { ...agreement, flows: { customers: change(flow as Flow) } };
      agreement = await importAgreement(db, next, { source: 'test', now: clock.now() });
    },
    approve: async () => {
      await approveFirstLoad(db, { flow: 'customers', by: 'U0PRIYA001', now: clock.now() });
    },
    writes: (system) => started[system].log.filter(({ method, path }) => isWrite(method, path)).length,
  };
  if (options.loaded !== false) {
    await engine.approve();
    await engine.run();
    await engine.run();
  }
  return engine;
}

const isWrite = (method: string, path: string) =>
  method === 'PUT' || (method === 'POST' && /batch\/update$|\/Contacts$/.test(path));

function overlayOf(vendors: readonly PracticeVendor[]) {
  return Object.fromEntries(
    vendors.map(({ system, baseUrl, authUrl }) => [system, { baseUrl, authUrl: authUrl ?? null }]),
  );
}

/** The same customers in three systems, last touched a day before the first run. */
function worldOf(customers: readonly PracticeCustomer[]): World {
  const at = new Date(start.getTime() - 24 * 60 * minute);
  return {
    hubspot: customers.map((customer, i) => asCompany(customer, { number: i + 1, at, imported: null })),
    xero: customers.map((customer, i) => asContact(customer, { id: uuid('a', i), at })),
    cin7: customers.map((customer, i) => {
      const idOf = (part: string) => uuid(part === 'address' ? 'c' : 'd', i);
      return asCin7Customer(customer, { id: uuid('b', i), idOf, at });
    }),
  };
}

export const uuid = (kind: string, i: number) =>
  `${kind.repeat(8)}-0000-4000-a000-${String(i + 1).padStart(12, '0')}`;
