import { pino } from 'pino';
import type { ActiveAgreement, Agreement, Flow } from '#src/agreement/agreement.ts';
import type { Overlay } from '#src/agreement/read.ts';
import { type ManualClock, manualClock } from '#src/clock.ts';
import type { Connection } from '#src/connectors/connection.ts';
import { createConnections } from '#src/connectors/registry.ts';
import { type RunFlowOutcome, runFlow } from '#src/jobs/run-flow.ts';
import type { Wake } from '#src/jobs/wake.ts';
import { importAgreement } from '#src/ledger/agreement/agreements.ts';
import { budgetLedger } from '#src/ledger/connections/budgets.ts';
import { exchangeLog } from '#src/ledger/connections/exchanges.ts';
import type { Db } from '#src/ledger/db.ts';
import { openStore } from '#src/playground/store.ts';
import { startCin7Core } from '#src/playground/vendors/cin7-core/server.ts';
import { startHubSpot } from '#src/playground/vendors/hubspot/server.ts';
import type { PracticeSystem } from '#src/playground/vendors/vendor.ts';
import { startXero } from '#src/playground/vendors/xero/server.ts';
import { wrapped } from '#test/support/connections.ts';
import { type Life, type Moment, mortal, openLife } from './life.ts';
import type { Planted } from './planted.ts';
import { watched } from './watched.ts';

export const flowId = 'customers';
export const start = new Date('2026-11-20T01:00:00.000Z');
/** How long a dead process keeps its flow from the others. */
export const leaseMs = 30_000;

/** What wakes a run. */
export type Wakes = Omit<Wake, 'flow'> & Partial<Pick<Wake, 'flow'>>;

export type Vendors = Awaited<ReturnType<typeof startVendors>>;

/** The three practice vendors, over HTTP, with limits that nothing here meets by itself. */
async function startVendors(clock: ManualClock, { hubspot, xero, cin7, sales, books, goods }: Planted) {
  const store = openStore(':memory:');
  const limits = { minute: 1000, day: 1_000_000, appMinute: 100_000 };
  const vendors = {
    hubspot: await startHubSpot({ store, clock, seed: hubspot, ...sales }),
    xero: await startXero({ store, clock, seed: xero, limits, ...(books ? { books } : {}) }),
    'cin7-core': await startCin7Core({ store, clock, seed: cin7, ...(goods ? { goods } : {}) }),
  };
  const close = async () => {
    await Promise.all(Object.values(vendors).map((vendor) => vendor.close()));
    store.close();
  };
  return { ...vendors, close };
}

export interface HouseOptions {
  readonly db: Db;
  readonly planted: Planted;
  /** The agreement, told where the systems are. */
  agreement(overlay: Overlay): Promise<Agreement>;
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
  /** One run of a flow (left out: of customers), by the process that lives; a process that died is replaced first. */
  run(wake: Wakes): Promise<RunFlowOutcome>;
  /** The process that lives now. */
  readonly life: Life;
  restart(): void;
  agree(change: (flow: Flow) => Flow, id?: string): Promise<void>;
  close(): Promise<void>;
}

export async function openHouse(options: HouseOptions): Promise<House> {
  const { db } = options;
  const clock = manualClock(start);
  const vendors = await startVendors(clock, options.planted);
  const read = unlimited(await options.agreement(overlayOf(vendors)));
  let agreement = await importAgreement(db, read, { source: 'model', now: clock.now() });
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
    agree: async (change, id = flowId) => {
      const flows = { ...agreement.flows, [id]: change(agreement.flows[id] as Flow) };
      const next = { ...agreement, flows };
      agreement = await importAgreement(db, next, { source: 'model', now: clock.now() });
    },
    close: vendors.close,
  };
  return house;
}

const overlayOf = ({ close: _, ...vendors }: Vendors): Overlay =>
  Object.fromEntries(
    Object.values(vendors).map(({ system, baseUrl, authUrl }) => [system, { baseUrl, authUrl }]),
  );

/** So many calls that nothing here uses them up. */
function unlimited(agreement: Agreement): Agreement {
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
