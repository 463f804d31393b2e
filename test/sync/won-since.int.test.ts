import { expect, test } from 'vitest';
import { entityNamed } from '#src/entities/named.ts';
import { leftOutCounts } from '#src/ledger/records/left-out.ts';
import { firstLoadCounts } from '#src/ledger/records/lookup.ts';
import { practiceDeals } from '#src/playground/data/deals.ts';
import { person } from '#src/playground/vendors/hubspot/card.ts';
import type { FactSources } from '#src/slack/deps.ts';
import { firstLoadFacts } from '#src/slack/facts/first-load.ts';
import { describeOn, type TestDatabase } from '#test/support/database.ts';
import { openSalesEngine, type SalesEngine, type SalesOptions } from '#test/support/sales-engine.ts';

const sam = person('Sam Okafor');
/** Systems over HTTP on a machine that does other things too. */
const patience = 180_000;

const idOf = (name: string) => practiceDeals.find((deal) => deal.name === name)?.id ?? '';
const old = ['Site shed insulation', 'Spring stock, nursery'];

/** Two deals were won, and invoiced by hand, a year before Truce; nobody has put the invoices' numbers into HubSpot. */
async function withOldDeals(database: TestDatabase, options: SalesOptions = {}): Promise<SalesEngine> {
  const engine = await openSalesEngine(database, options);
  for (const name of old)
    engine.hubspot.crm.deals.update(idOf(name), { closedate: '2025-06-30T04:00:00.000Z' }, sam);
  return engine;
}

const numberOf = ({ hubspot }: SalesEngine, name: string) =>
  hubspot.screens.invoice?.card(idOf(name))?.fields.find(({ key }) => key === 'truce_invoice_number')
    ?.value ?? '';

/** The names of the deals of which there is an invoice in Xero that Truce made. */
const invoiced = ({ xero }: SalesEngine): string[] =>
  (xero.screens.invoice?.cards() ?? [])
    .map(({ fields }) => fields.find(({ key }) => key === 'Url')?.value ?? '')
    .flatMap((url) => practiceDeals.filter(({ id }) => url.includes(`/${id}#`)).map(({ name }) => name));

/** What the message says that asks for the approval of the first load. */
const askedOf = ({ db }: TestDatabase, { agreement }: SalesEngine) => {
  const sources = { db, agreement, labels: (id: string) => id, entity: entityNamed };
  return firstLoadFacts(sources as unknown as FactSources, 'invoices', 1);
};

const begin = (engine: SalesEngine) =>
  engine.run('customers', 'products', 'invoices', 'invoices', 'invoices');

describeOn('PGlite', 'deals that were won before the first day that is invoiced', (open) => {
  test(
    'become no invoices with the approval of the first load; what was asked said how many are left',
    async () => {
      const database = await open();
      const engine = await withOldDeals(database, { isApproved: false });
      await engine.run('customers', 'products', 'invoices');
      expect(await leftOutCounts(database.db, 'invoices')).toEqual({ hubspot: 2 });
      const asked = await firstLoadCounts(database.db, 'invoices');
      expect((await askedOf(database, engine))?.counts).toContainEqual({
        n: 2,
        what: 'deals won before 1 July 2026: left alone, no invoice is made',
      });
      for (const flow of ['customers', 'products', 'invoices'] as const) await engine.approve(flow);
      await begin(engine);
      const made = invoiced(engine);
      expect(made).toContain('Verandah renewal');
      expect(made.filter((name) => old.includes(name))).toEqual([]);
      // What is asked for is what is made, and what waits for something of its own.
      expect(asked.missing).toEqual([{ connection: 'xero', n: 10 }]);
    },
    patience,
  );

  test(
    'are made into one by whoever says that they were won today',
    async () => {
      const engine = await withOldDeals(await open());
      await begin(engine);
      expect(invoiced(engine)).not.toContain('Site shed insulation');
      const today = engine.clock.now().toISOString();
      engine.hubspot.crm.deals.update(idOf('Site shed insulation'), { closedate: today }, sam);
      await engine.run('invoices', 'invoices');
      expect(invoiced(engine)).toContain('Site shed insulation');
    },
    patience,
  );

  test(
    'an older agreement goes on without; once the day is said, what waited for the approval is left',
    async () => {
      const database = await open();
      const engine = await withOldDeals(database, { isApproved: false, wonSince: null });
      await engine.run('customers', 'products', 'invoices');
      expect((await firstLoadCounts(database.db, 'invoices')).missing).toEqual([
        { connection: 'xero', n: 12 },
      ]);
      await engine.agreeOn('2026-07-01');
      // Before any run has looked again.
      for (const flow of ['customers', 'products', 'invoices'] as const) await engine.approve(flow);
      await engine.run('invoices', 'customers', 'products', 'invoices', 'invoices');
      expect(invoiced(engine).filter((name) => old.includes(name))).toEqual([]);
      expect(invoiced(engine)).toContain('Verandah renewal');
      expect((await firstLoadCounts(database.db, 'invoices')).records).toBe(0);
    },
    patience,
  );

  test(
    'keep the invoice that Truce made of them before that day was moved',
    async () => {
      const engine = await withOldDeals(await open(), { wonSince: null });
      // Made, and its number not in HubSpot yet.
      await engine.run('customers', 'products', 'invoices', 'invoices');
      expect(invoiced(engine)).toContain('Site shed insulation');
      engine.hubspot.crm.deals.update(idOf('Site shed insulation'), { truce_invoice_number: '' }, sam);
      await engine.agreeOn('2026-07-01');
      await engine.run('invoices', 'invoices');
      expect(numberOf(engine, 'Site shed insulation')).not.toBe('');
      expect(invoiced(engine).filter((name) => name === 'Site shed insulation')).toHaveLength(1);
    },
    patience,
  );
});
