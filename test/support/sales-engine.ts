import { readFileSync } from 'node:fs';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import type { ActiveAgreement, Agreement } from '#src/agreement/agreement.ts';
import { readAgreement } from '#src/agreement/read.ts';
import { type ManualClock, manualClock } from '#src/clock.ts';
import { createConnections } from '#src/connectors/registry.ts';
import { type RunFlowOutcome, runFlow } from '#src/jobs/run-flow.ts';
import { importAgreement } from '#src/ledger/agreement/agreements.ts';
import { budgetLedger } from '#src/ledger/connections/budgets.ts';
import { exchangeLog } from '#src/ledger/connections/exchanges.ts';
import { shapeStore } from '#src/ledger/connections/shapes.ts';
import { approveFirstLoad } from '#src/ledger/runs/runs.ts';
import { hubspotSales } from '#src/playground/data/as-hubspot-sales.ts';
import { xeroBooks } from '#src/playground/data/as-xero-books.ts';
import { practiceDeals } from '#src/playground/data/deals.ts';
import { seed } from '#src/playground/data/seed.ts';
import { openStore } from '#src/playground/store.ts';
import { startHubSpot } from '#src/playground/vendors/hubspot/server.ts';
import { startXero } from '#src/playground/vendors/xero/server.ts';
import { memoryTokens } from '#test/connectors/kit.ts';
import type { TestDatabase } from './database.ts';

const start = new Date('2026-11-20T01:00:00.000Z');

const common = `
    schedule: { cron: '*/5 * * * *', time_zone: Australia/Sydney }
    channel: sync-sales
    owners: { business: priya, technical: tom }
    system_of_record: xero
    safety_stop: { records: 1000, percent: 100 }`;
const flows = `
flows:
  customers:
    name: Customers
    entity: customer
    connections: [hubspot, xero]
    match_by: abn${common}
    fields:
      abn: { rule: overwrite }
  products:
    name: Products
    entity: product
    connections: [hubspot, xero]
    match_by: sku${common}
    fields:
      name: { rule: latest }
  invoices:
    name: Invoices
    entity: invoice
    connections: [hubspot, xero]
    match_by: source
    unmatched: leave
    create_in: { xero: [hubspot] }${common}
    fields:
      lines: { rule: overwrite, system_of_record: hubspot }
      reference: { rule: overwrite, system_of_record: hubspot }
      deal_link: { rule: overwrite, system_of_record: hubspot }
      number: { rule: read_only }
      issued_on: { rule: read_only }
      due_on: { rule: read_only }
      invoice_status: { rule: read_only }
      total: { rule: read_only }
      tax: { rule: read_only }
      amount_due: { rule: read_only }
      invoice_link: { rule: read_only }
  payments:
    name: Payments
    entity: payment
    connections: [xero, hubspot]
    match_by: number
    unmatched: leave${common}
    fields:
      payment_status: { rule: read_only }
      amount_paid: { rule: read_only }
      amount_credited: { rule: read_only }
      paid_on: { rule: read_only }
      credit_notes: { rule: read_only }
`;

type FlowId = 'customers' | 'products' | 'invoices' | 'payments';
type Vendors = Awaited<ReturnType<typeof startVendors>>;

/** The practice company's sales: HubSpot's deals, Xero's books, and the flows between them. No Slack. */
export interface SalesEngine extends Vendors {
  readonly clock: ManualClock;
  agreement(): ActiveAgreement;
  /** The business owner's word that a flow may begin to write. */
  approve(flow: FlowId): Promise<void>;
  /** Another first day whose deals are made into invoices, from the next run on. */
  agreeOn(wonSince: string | null): Promise<void>;
  /** A minute later, one run of each of these flows, in this order; how each ended. */
  run(...flows: readonly FlowId[]): Promise<readonly string[]>;
}

/** What invoices say where somebody else makes them in Xero: they are only read, and found by their number. */
const onlyRead = flows
  .replace('match_by: source', 'match_by: number')
  .replace(/ {4}create_in: \{ xero: \[hubspot\] \}\n?/, '')
  .replace(/ {6}(?:lines|reference|deal_link): .*\n/g, '');

export interface SalesOptions {
  /** True = Truce makes no invoices. */
  readonly isReadOnly?: boolean;
  /** False = no first load is approved yet. */
  readonly isApproved?: boolean;
  /** Null = an agreement of before it had to be said. */
  readonly wonSince?: string | null;
}

/** Everything set up and approved, nothing run yet. */
export async function openSalesEngine(
  { db }: TestDatabase,
  { isReadOnly = false, isApproved = true, wonSince = '2026-07-01' }: SalesOptions = {},
): Promise<SalesEngine> {
  const clock = manualClock(start);
  const vendors = await startVendors(clock);
  const both = [vendors.hubspot, vendors.xero];
  const overlay = Object.fromEntries(
    both.map(({ system, baseUrl, authUrl }) => [system, { baseUrl, authUrl }]),
  );
  const [connectionsText = ''] = readFileSync('truce.yml', 'utf8').split('\nflows:\n');
  const read = readAgreement(connectionsText + (isReadOnly ? onlyRead : flows), 'truce.yml', overlay);
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  const { timeZone } = read.agreement;
  const agreeOn = async (day: string | null) => {
    const agreement = await importAgreement(db, withWonSince(read.agreement, day), {
      source: 'test',
      now: clock.now(),
    });
    const connections = createConnections({
      agreement,
      credential: (name) => both.map(({ env }) => env[name]).find(Boolean),
      http: { log: exchangeLog(db), budgets: budgetLedger(db), shapes: shapeStore(db), timeZone },
      tokens: memoryTokens(),
      clock,
    });
    return { agreement, connections };
  };
  let agreed = await agreeOn(wonSince);
  const approve = async (flow: string) =>
    approveFirstLoad(db, { flow, by: 'U0PRIYA001', now: clock.now() }).then(() => undefined);
  if (isApproved) for (const flow of Object.keys(agreed.agreement.flows)) await approve(flow);
  const one = async (flow: FlowId): Promise<string> => {
    clock.advance(60_000);
    const { agreement, connections } = agreed;
    const parts = { db, clock, log: pino({ level: 'silent' }), connections, agreement: () => agreement };
    return told(await runFlow(parts, { flow, trigger: 'command' }));
  };
  return {
    ...vendors,
    clock,
    agreement: () => agreed.agreement,
    approve,
    agreeOn: async (day) => {
      agreed = await agreeOn(day);
    },
    run: async (...ids) => {
      const ends: string[] = [];
      for (const flow of ids) ends.push(await one(flow));
      return ends;
    },
  };
}

/** As stored by a Truce that did not know it, where the day is null. */
function withWonSince(agreement: Agreement, wonSince: string | null): Agreement {
  const { hubspot } = agreement.connections;
  if (hubspot?.system !== 'hubspot') throw new Error('HubSpot is not connected');
  return { ...agreement, connections: { ...agreement.connections, hubspot: { ...hubspot, wonSince } } };
}

const told = (outcome: RunFlowOutcome): string =>
  outcome.kind === 'ran' ? outcome.result.state : outcome.kind;

/** Only the customers that have deals, in both systems. */
async function startVendors(clock: ManualClock) {
  const store = openStore(':memory:');
  const planted = seed(start);
  const customers = new Set(practiceDeals.flatMap(({ customer }) => customer ?? []));
  const companies = planted.hubspot.filter(({ properties }) => customers.has(properties.name ?? ''));
  const names = new Set(companies.map(({ properties }) => properties.legal_name));
  const contacts = planted.xero.filter(({ texts }) => names.has(texts.Name));
  const hubspot = await startHubSpot({
    store,
    clock,
    seed: companies,
    ...hubspotSales(companies, start),
  });
  const xero = await startXero({ store, clock, seed: contacts, books: xeroBooks(contacts, start) });
  onTestFinished(async () => {
    await Promise.all([hubspot.close(), xero.close()]);
    store.close();
  });
  return { hubspot, xero };
}
