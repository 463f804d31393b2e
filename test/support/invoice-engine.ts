import { isNull } from 'drizzle-orm';
import { pino } from 'pino';
import type { ActiveAgreement, Agreement, Flow, Rule } from '#src/agreement/agreement.ts';
import { type ManualClock, manualClock } from '#src/clock.ts';
import { entityNamed } from '#src/entities/named.ts';
import { wakesDue } from '#src/jobs/due.ts';
import { type RunFlowOutcome, type RunFlowParts, runFlow } from '#src/jobs/run-flow.ts';
import type { Wake } from '#src/jobs/wake.ts';
import { importAgreement } from '#src/ledger/agreement/agreements.ts';
import type { Change } from '#src/ledger/changes/changes.ts';
import { approveFirstLoad } from '#src/ledger/runs/runs.ts';
import { changes, type story } from '#src/ledger/tables/index.ts';
import { connectionOf } from './connections.ts';
import { customersAgreement } from './customers-only.ts';
import type { TestDatabase } from './database.ts';
import { invoice } from './invoice.ts';
import { type MemorySystem, type MemorySystemOptions, memorySystem } from './memory-system.ts';
import { openedStory } from './opened.ts';

export type FlowId = 'customers' | 'invoices';
export type Place = 'hubspot' | 'xero';
const places: readonly Place[] = ['hubspot', 'xero'];
const minute = 60_000;

export interface InvoiceEngineOptions {
  /** Where customers are made; everywhere if left out. */
  readonly customersIn?: Flow['createIn'];
  readonly invoices?: Partial<Flow>;
  /** What a system fills in by itself in an invoice that Truce makes there. */
  readonly fillsIn?: MemorySystemOptions['fillsIn'];
  /** True = an invoice may have the id of a customer. */
  readonly plainIds?: boolean;
}

/** Two flows over the same two systems in memory: invoices refer to customers, each flow runs when it is told to. */
export interface InvoiceEngine {
  readonly database: TestDatabase;
  readonly clock: ManualClock;
  readonly agreement: ActiveAgreement;
  readonly customers: Readonly<Record<Place, MemorySystem>>;
  readonly invoices: Readonly<Record<Place, MemorySystem>>;
  /** A minute later, one run of one flow. */
  run(flow: FlowId, wake?: Partial<Wake>, at?: (point: string) => Promise<void>): Promise<RunFlowOutcome>;
  /** What would be woken now, beside what its schedule wakes. */
  woken(): Promise<Wake[]>;
  /** Open changes of the invoices. */
  open(): Promise<Change[]>;
  story(): Promise<(typeof story.$inferSelect)[]>;
}

const both: Flow['createIn'] = { hubspot: ['xero'], xero: ['hubspot'] };

export async function openInvoiceEngine(
  database: TestDatabase,
  { customersIn = both, invoices: more = {}, plainIds = false, fillsIn = {} }: InvoiceEngineOptions = {},
): Promise<InvoiceEngine> {
  const { db } = database;
  const clock = manualClock(new Date('2026-11-20T01:00:00.000Z'));
  const make = (role?: string) =>
    Object.fromEntries(
      places.map((id) => [
        id,
        memorySystem({
          id,
          clock,
          ...(role ? { role, plainIds, fillsIn, fields: ['number', 'amount', 'note'] } : {}),
        }),
      ]),
    ) as Record<Place, MemorySystem>;
  const systems = { customers: make(), invoices: make('invoice') };
  const wanted = await agreementOf(customersIn, more);
  const agreement = await importAgreement(db, wanted, { source: 'test', now: clock.now() });
  const connections = new Map(
    places.map((id) => {
      const keeps = {
        customer: systems.customers[id].connector,
        [invoice.name]: systems.invoices[id].connector,
      };
      return [id as string, connectionOf(id, keeps)];
    }),
  );
  const parts: RunFlowParts = {
    db,
    clock,
    log: pino({ level: 'silent' }),
    connections,
    agreement: () => agreement,
    entities: (name) => (name === invoice.name ? invoice : entityNamed(name)),
  };
  for (const flow of ['customers', 'invoices'] as const)
    await approveFirstLoad(db, { flow, by: 'U0PRIYA001', now: clock.now() });
  return {
    database,
    clock,
    agreement,
    ...systems,
    run: async (flow, wake = {}, at) => {
      clock.advance(minute);
      return runFlow({ ...parts, ...(at ? { at } : {}) }, { flow, trigger: 'command', ...wake });
    },
    woken: async () =>
      (await wakesDue({ db, clock, agreement: () => agreement })).filter(
        (wake) => wake.targets !== undefined,
      ),
    open: async () =>
      (await db.select().from(changes).where(isNull(changes.closedAt))).filter(
        (one) => one.flow === 'invoices',
      ),
    story: () => openedStory(db),
  };
}

async function agreementOf(customersIn: Flow['createIn'], more: Partial<Flow>): Promise<Agreement> {
  const agreed = await customersAgreement();
  const customers = agreed.flows.customers as Flow;
  const fieldsOf = (rules: Readonly<Record<string, Rule>>): Flow['fields'] =>
    Object.fromEntries(
      Object.entries(rules).map(([field, rule]) => [
        field,
        {
          field,
          rule,
          systemOfRecord: 'hubspot',
          decideWithinHours: null,
          ifNobodyChooses: 'hold' as const,
          twoPeople: false,
          between: places,
        },
      ]),
    );
  const common = { ...customers, connections: places };
  const flows = {
    customers: {
      ...common,
      createIn: customersIn,
      fields: fieldsOf({ legal_name: 'review', abn: 'review' }),
    },
    invoices: {
      ...common,
      id: 'invoices',
      name: 'Invoices',
      entity: 'invoice' as const,
      matchBy: 'number',
      createIn: { xero: ['hubspot'] },
      fields: fieldsOf({ number: 'review', amount: 'review', note: 'review' }),
      ...more,
    },
  };
  return { ...agreed, flows };
}
