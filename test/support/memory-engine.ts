import { pino } from 'pino';
import type { ActiveAgreement, Agreement, FieldTerms, Flow, Rule } from '#src/agreement/agreement.ts';
import { type ManualClock, manualClock } from '#src/clock.ts';
import { type RunFlowOutcome, runFlow } from '#src/jobs/run-flow.ts';
import type { Wake } from '#src/jobs/wake.ts';
import { importAgreement } from '#src/ledger/agreement/agreements.ts';
import { approveFirstLoad } from '#src/ledger/runs/runs.ts';
import { changes, conflicts, links, records, type story } from '#src/ledger/tables/index.ts';
import { connectionOf } from './connections.ts';
import { customersAgreement } from './customers-only.ts';
import type { TestDatabase } from './database.ts';
import { type MemorySystem, type MemorySystemOptions, memorySystem } from './memory-system.ts';
import { openedStory } from './opened.ts';

const start = new Date('2026-11-20T01:00:00.000Z');
const minute = 60_000;

export type SystemId = 'hubspot' | 'xero' | 'cin7-core';
type Own = Omit<MemorySystemOptions, 'id' | 'clock'>;

export interface MemoryEngineOptions {
  readonly systems?: Partial<Record<SystemId, Own>>;
  /** Field → rule; the owner is Xero. */
  readonly rules?: Readonly<Record<string, Rule>>;
  /** Field → terms other than usual. */
  readonly terms?: Terms;
  readonly createIn?: Flow['createIn'];
  readonly approved?: boolean;
  /** Other terms of the flow than those of `truce.yml`. */
  readonly flow?: Partial<Flow>;
}

/** The engine between three systems in memory: for what needs no vendor's ways, and many runs. */
export interface MemoryEngine {
  readonly database: TestDatabase;
  readonly clock: ManualClock;
  readonly systems: Readonly<Record<SystemId, MemorySystem>>;
  readonly agreement: ActiveAgreement;
  approve(): Promise<void>;
  /** A new version of the agreement counts, with other terms for these fields. */
  amend(terms: Terms): Promise<void>;
  /** A minute later, one run of whatever changed. */
  run(wake?: Partial<Wake>, at?: (point: string) => Promise<void>): Promise<RunFlowOutcome>;
  /** What the ledger holds, whole tables of it. */
  ledger(): Promise<{
    records: (typeof records.$inferSelect)[];
    links: (typeof links.$inferSelect)[];
    changes: (typeof changes.$inferSelect)[];
    conflicts: (typeof conflicts.$inferSelect)[];
    story: (typeof story.$inferSelect)[];
  }>;
}

const everywhere: Flow['createIn'] = {
  hubspot: ['xero', 'cin7-core'],
  xero: ['hubspot', 'cin7-core'],
  'cin7-core': ['hubspot', 'xero'],
};

const usualRules: Readonly<Record<string, Rule>> = {
  legal_name: 'overwrite',
  abn: 'approve',
  email: 'review',
  phone: 'overwrite',
};

export async function openMemoryEngine(
  database: TestDatabase,
  {
    systems = {},
    rules = usualRules,
    terms = {},
    createIn = everywhere,
    approved = true,
    flow = {},
  }: MemoryEngineOptions = {},
): Promise<MemoryEngine> {
  const clock = manualClock(start);
  const { db } = database;
  const ids: readonly SystemId[] = ['hubspot', 'xero', 'cin7-core'];
  const made = Object.fromEntries(
    ids.map((id) => [id, memorySystem({ id, clock, ...systems[id] })]),
  ) as Record<SystemId, MemorySystem>;
  const imported = async (own: Terms) =>
    importAgreement(db, await agreementOf({ rules, terms: own, createIn, flow }), {
      source: 'test',
      now: clock.now(),
    });
  const agreement = await imported(terms);
  let active = agreement;
  const parts = {
    db,
    clock,
    log: pino({ level: 'silent' }),
    connections: new Map(ids.map((id) => [id as string, connectionOf(id, { customer: made[id].connector })])),
    agreement: () => active,
  };
  const approve = async () => {
    await approveFirstLoad(db, { flow: 'customers', by: 'U0PRIYA001', now: clock.now() });
  };
  if (approved) await approve();
  return {
    database,
    clock,
    systems: made,
    agreement,
    approve,
    amend: async (more) => {
      active = await imported({ ...terms, ...more });
    },
    run: async (wake = {}, at) => {
      clock.advance(minute);
      return runFlow({ ...parts, ...(at ? { at } : {}) }, { flow: 'customers', trigger: 'command', ...wake });
    },
    ledger: async () => ({
      records: await db.select().from(records),
      links: await db.select().from(links),
      changes: await db.select().from(changes).orderBy(changes.openedAt, changes.id),
      conflicts: await db.select().from(conflicts),
      story: await openedStory(db),
    }),
  };
}

type Terms = Readonly<Record<string, Partial<FieldTerms>>>;

async function agreementOf({
  rules,
  terms,
  createIn,
  flow: more,
}: {
  readonly rules: Readonly<Record<string, Rule>>;
  readonly terms: Terms;
  readonly createIn: Flow['createIn'];
  readonly flow: Partial<Flow>;
}): Promise<Agreement> {
  const agreed = await customersAgreement();
  const customers = agreed.flows.customers as Flow;
  const fields = Object.fromEntries(
    Object.entries(rules).map(([field, rule]) => [
      field,
      {
        field,
        rule,
        systemOfRecord: 'xero',
        decideWithinHours: null,
        ifNobodyChooses: 'hold' as const,
        twoPeople: false,
        between: customers.connections,
        ...terms[field],
      },
    ]),
  );
  return { ...agreed, flows: { customers: { ...customers, fields, createIn, ...more } } };
}
