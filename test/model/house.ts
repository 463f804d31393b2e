import { pino } from 'pino';
import type { ActiveAgreement, Agreement, Flow } from '#src/agreement/agreement.ts';
import { type ManualClock, manualClock } from '#src/clock.ts';
import type { Connection } from '#src/connectors/connector.ts';
import { createConnections } from '#src/connectors/registry.ts';
import { type RunFlowOutcome, runFlow } from '#src/jobs/run-flow.ts';
import type { Wake } from '#src/jobs/wake.ts';
import { importAgreement } from '#src/ledger/agreements.ts';
import { budgetLedger } from '#src/ledger/budgets.ts';
import type { Db } from '#src/ledger/db.ts';
import { exchangeLog } from '#src/ledger/exchanges.ts';
import { openStore } from '#src/playground/store.ts';
import { startCin7Core } from '#src/playground/vendors/cin7-core/server.ts';
import { startHubSpot } from '#src/playground/vendors/hubspot/server.ts';
import type { PracticeSystem } from '#src/playground/vendors/vendor.ts';
import { startXero } from '#src/playground/vendors/xero/server.ts';
import { wrapped } from '#test/support/connections.ts';
import { customersAgreement } from '#test/support/customers-only.ts';
import type { World } from '#test/support/engine.ts';
import { type Life, type Moment, mortal, openLife } from './life.ts';
import { watched } from './watched.ts';

export const flowId = 'customers';
export const start = new Date('2026-11-20T01:00:00.000Z');
/** How long a dead process keeps its flow from the others. */
export const leaseMs = 30_000;

export type Vendors = Awaited<ReturnType<typeof startVendors>>;

/** The three practice vendors, over HTTP, with limits that nothing here meets by itself. */
async function startVendors(clock: ManualClock, world: World) {
  const store = openStore(':memory:');
  const limits = { minute: 1000, day: 1_000_000, appMinute: 100_000 };
  const vendors = {
    hubspot: await startHubSpot({ store, clock, seed: world.hubspot }),
    xero: await startXero({ store, clock, seed: world.xero, limits }),
    'cin7-core': await startCin7Core({ store, clock, seed: world.cin7 }),
  };
  const close = async () => {
    await Promise.all(Object.values(vendors).map((vendor) => vendor.close()));
    store.close();
  };
  return { ...vendors, close };
}

export interface HouseOptions {
  readonly db: Db;
  readonly world: World;
  agreement(agreement: Agreement): Agreement;
  /** Something else's turn, in the middle of a run. */
  happens(moment: Moment): Promise<void>;
  /** What a run has read of a vendor's record, just before it asked. */
  reads(system: PracticeSystem, externalIds: readonly string[]): void;
}

/** Truce without Slack, between the practice vendors, on a clock that moves when told; one process at a time, which can die. */
export interface House {
  readonly db: Db;
  readonly clock: ManualClock;
  readonly vendors: Vendors;
  readonly agreement: ActiveAgreement;
  readonly connections: ReadonlyMap<string, Connection>;
  /** One run, by the process that lives; a process that died is replaced first. */
  run(wake: Omit<Wake, 'flow'>): Promise<RunFlowOutcome>;
  /** The process that lives now. */
  readonly life: Life;
  restart(): void;
  agree(change: (flow: Flow) => Flow): Promise<void>;
  close(): Promise<void>;
}

export async function openHouse(options: HouseOptions): Promise<House> {
  const { db } = options;
  const clock = manualClock(start);
  const vendors = await startVendors(clock, options.world);
  const read = await agreementOf(vendors);
  let agreement = await importAgreement(db, options.agreement(read), { source: 'model', now: clock.now() });
  const env = Object.assign({}, vendors.hubspot.env, vendors.xero.env, vendors['cin7-core'].env);
  const openProcess = () => {
    const life = openLife(options.happens);
    const own = mortal(db, life);
    const log = exchangeLog(own);
    const made = createConnections({
      agreement,
      credential: (name) => env[name],
      http: {
        log: {
          write: async (exchange) => {
            const id = await log.write(exchange);
            await life.moment(`called ${exchange.connection}`);
            return id;
          },
        },
        budgets: budgetLedger(own),
      },
      tokens: noTokens,
      clock,
    });
    const connections = new Map(
      [...made].map(
        ([id, one]) => [id, wrapped(one, (connector) => watched(connector, id, options.reads))] as const,
      ),
    );
    const at = (point: string) => life.moment(`at ${point}`);
    const quiet = pino({ level: 'silent' });
    return { life, connections, parts: { db: own, clock, log: quiet, connections, at, inTurn: true } };
  };
  let process = openProcess();
  const house: House = {
    db,
    clock,
    vendors,
    get agreement() {
      return agreement;
    },
    get connections() {
      return process.connections;
    },
    get life() {
      return process.life;
    },
    restart: () => {
      process = openProcess();
    },
    run: (wake) => {
      if (process.life.isOver) house.restart();
      return runFlow({ ...process.parts, agreement: () => agreement }, { flow: flowId, ...wake });
    },
    agree: async (change) => {
      const flow = change(agreement.flows[flowId] as Flow);
      agreement = await importAgreement(
        db,
        { ...agreement, flows: { [flowId]: flow } },
        { source: 'model', now: clock.now() },
      );
    },
    close: vendors.close,
  };
  return house;
}

async function agreementOf({ close: _, ...vendors }: Vendors): Promise<Agreement> {
  const overlay = Object.fromEntries(
    Object.values(vendors).map(({ system, baseUrl, authUrl }) => [system, { baseUrl, authUrl }]),
  );
  const agreement = await customersAgreement(overlay);
  const connections = Object.entries(agreement.connections).map(([id, terms]) => [
    id,
    { ...terms, callsPerMinute: 100_000, callsPerDay: 10_000_000 },
  ]);
  return { ...agreement, connections: Object.fromEntries(connections) };
}

/** Nobody signs in through a page here. */
const never = async (): Promise<never> => {
  throw new Error('no connection of the model signs in through a page');
};
const noTokens = { read: async () => null, renew: never, connect: never };
