import { readFileSync } from 'node:fs';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { readAgreement } from '#src/agreement/read.ts';
import { type ManualClock, manualClock } from '#src/clock.ts';
import { createConnections } from '#src/connectors/registry.ts';
import { entityNamed } from '#src/entities/named.ts';
import type { MoneyProof } from '#src/entities/proof/money-proof.ts';
import { proveMoney } from '#src/jobs/prove-money.ts';
import { runFlow } from '#src/jobs/run-flow.ts';
import { importAgreement } from '#src/ledger/agreement/agreements.ts';
import { heldUp, worthOf } from '#src/ledger/changes/held-up.ts';
import { budgetLedger } from '#src/ledger/connections/budgets.ts';
import { exchangeLog } from '#src/ledger/connections/exchanges.ts';
import { shapeStore } from '#src/ledger/connections/shapes.ts';
import { newestProof } from '#src/ledger/money/proofs.ts';
import { approveFirstLoad } from '#src/ledger/runs/runs.ts';
import { cin7CoreGoods } from '#src/playground/data/as-cin7-core-products.ts';
import { hubspotSales } from '#src/playground/data/as-hubspot-sales.ts';
import { xeroBooks } from '#src/playground/data/as-xero-books.ts';
import { seed } from '#src/playground/data/seed.ts';
import { openStore } from '#src/playground/store.ts';
import { startCin7Core } from '#src/playground/vendors/cin7-core/server.ts';
import { startHubSpot } from '#src/playground/vendors/hubspot/server.ts';
import type { Card } from '#src/playground/vendors/vendor.ts';
import { startXero } from '#src/playground/vendors/xero/server.ts';
import { call, memoryTokens } from '#test/connectors/kit.ts';
import { describeOn, type TestDatabase } from '#test/support/database.ts';

const order = ['customers', 'products', 'stock', 'invoices', 'payments'];

/** The whole practice company over HTTP, with every flow of `truce.yml`, approved. No Slack. */
async function company({ db }: TestDatabase) {
  const clock = manualClock(new Date('2026-11-20T01:00:00.000Z'));
  const vendors = await startVendors(clock);
  const overlay = Object.fromEntries(
    vendors.map(({ system, baseUrl, authUrl }) => [system, { baseUrl, authUrl }]),
  );
  const read = readAgreement(readFileSync('truce.yml', 'utf8'), 'truce.yml', overlay);
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  const agreement = await importAgreement(db, read.agreement, { source: 'test', now: clock.now() });
  const connections = createConnections({
    agreement,
    credential: (name) => vendors.map(({ env }) => env[name]).find(Boolean),
    http: {
      log: exchangeLog(db),
      budgets: budgetLedger(db),
      shapes: shapeStore(db),
      timeZone: agreement.timeZone,
    },
    tokens: memoryTokens(),
    clock,
  });
  const entities = [...new Set(Object.values(agreement.flows).map(({ entity }) => entity))];
  for (const connection of connections.values()) {
    const kept = entities.filter((entity) => connection.keeps.has(entity));
    const { steps } = await connection.account(kept, { ...call, runId: null });
    for (const { id } of steps) await connection.setUp(id, { ...call, runId: null });
  }
  for (const flow of order) await approveFirstLoad(db, { flow, by: 'U0PRIYA001', now: clock.now() });
  const log = pino({ level: 'silent' });
  const parts = { db, clock, log, connections, agreement: () => agreement };
  const screenOf = (system: 'xero' | 'hubspot') => {
    const screen = vendors.find((vendor) => vendor.system === system)?.screens.invoice;
    if (!screen) throw new Error(`${system} has no screen of invoices`);
    return screen;
  };
  return {
    screenOf,
    run: async (rounds: number) => {
      for (let round = 0; round < rounds; round += 1)
        for (const flow of order) {
          clock.advance(60_000);
          await runFlow(parts, { flow, trigger: 'command' });
        }
    },
    /** What waits for customers: its title, and what it comes to in cents. */
    waiting: async () =>
      (await heldUp(db, Object.values(agreement.flows), { flows: ['customers'] })).map(
        (one) => [one.title, worthOf(entityNamed(one.entity), one)?.minor] as const,
      ),
    /** The next morning's look. */
    prove: async () => {
      clock.advance(24 * 3_600_000);
      await proveMoney(parts);
      const proof = await newestProof(db, 'invoices');
      if (!proof) throw new Error('nobody looked at the money');
      return proof.found;
    },
  };
}

async function startVendors(clock: ManualClock) {
  const store = openStore(':memory:');
  const [planted, now] = [seed(clock.now()), clock.now()];
  const vendors = [
    await startHubSpot({ store, clock, seed: planted.hubspot, ...hubspotSales(planted.hubspot, now) }),
    await startXero({ store, clock, seed: planted.xero, books: xeroBooks(planted.xero, now) }),
    await startCin7Core({ store, clock, seed: planted.cin7Core, goods: cin7CoreGoods(now) }),
  ];
  onTestFinished(async () => {
    await Promise.all(vendors.map((vendor) => vendor.close()));
    store.close();
  });
  return vendors;
}

const held = (card: Card, key: string) => card.fields.find((field) => field.key === key)?.value ?? '';
function found<T>(all: readonly T[], is: (one: T) => boolean): T {
  const one = all.find(is);
  if (!one) throw new Error('it is not there');
  return one;
}
const named = (proofs: readonly MoneyProof[]) =>
  proofs.flatMap(({ causes }) => causes.map(({ step, cause }) => `${step} ${cause}`));

describeOn('PGlite', 'the money of the practice company', (open) => {
  test('has a reason for every cent between its deals, its invoices and what was paid; what waits for a customer is known', async () => {
    const { run, prove, screenOf, waiting } = await company(await open());
    const [books, deals] = [screenOf('xero'), screenOf('hubspot')];
    const made = () => books.cards().filter((card) => held(card, 'Url') !== '');
    for (let round = 0; round < 5 && made().length < 7; round += 1) await run(1);
    expect(made()).toHaveLength(7);
    // Its customer has no ABN, and so is not in Xero.
    expect(await waiting()).toEqual([['Roadhouse bench seats', 85_580]]);
    const invoiceOf = (deal: string): Card => found(made(), (card) => held(card, 'Reference') === deal);
    const press = (deal: string, deed: string, typed: Readonly<Record<string, string>> = {}) =>
      books.press?.(invoiceOf(deal).externalId, deed, typed, 'Kim Doyle');
    const dealOf = (name: string): Card => found(deals.cards(), ({ title }) => title === name);

    await run(1);
    // It knows its number by now, and stays the deal of its invoice whatever becomes of it.
    const lost = dealOf('Weekly beans and cups');
    expect(held(lost, 'truce_invoice_number')).not.toBe('');
    press('Verandah renewal', 'approve');
    press('Verandah renewal', 'pay', { amount: held(invoiceOf('Verandah renewal'), 'Total') });
    press('Site shed insulation', 'approve');
    press('Site shed insulation', 'pay', { amount: '100.01' });
    press('Spring stock, nursery', 'approve');
    press('Spring stock, nursery', 'credit', { amount: '50.05' });
    // Two deals have this name: the invoice of one stays a draft.
    press('Concrete top-up', 'approve');
    press('Concrete top-up', 'void');
    press('Weekly beans and cups', 'approve');
    deals.edit(lost.externalId, { dealstage: 'Closed lost' }, 'Sam Lee');
    press('Roof sheets, workshop', 'approve');
    const changed = dealOf('Roof sheets, workshop');
    const { key } = found(changed.fields, (field) => field.key.endsWith('.quantity'));
    deals.edit(changed.externalId, { [key]: '123' }, 'Sam Lee');
    await run(2);
    const { proofs, clashes } = await prove();
    expect(proofs.flatMap(({ unexplained }) => unexplained)).toEqual([]);
    expect(clashes).toEqual([]);
    for (const { sums, causes } of proofs) {
      const apart = (step: string) =>
        causes.reduce((sum, cause) => (cause.step === step ? sum + cause.minor : sum), 0);
      expect(apart('invoiced')).toBe(sums.sold - sums.invoiced);
      expect(apart('paid')).toBe(sums.invoiced - sums.paid);
    }
    const invoiced = ['draft', 'voided', 'no_longer_won', 'deal_changed', 'no_tax_code', 'not_made'];
    const paid = ['unpaid', 'part_paid', 'credited'];
    expect(named(proofs)).toEqual(
      expect.arrayContaining([
        ...invoiced.map((cause) => `invoiced ${cause}`),
        ...paid.map((cause) => `paid ${cause}`),
      ]),
    );
  }, 240_000);
});
