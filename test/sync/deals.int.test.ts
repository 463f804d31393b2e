import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import type { Flow } from '#src/agreement/agreement.ts';
import { proofNow } from '#src/ledger/money/prove.ts';
import { changes } from '#src/ledger/tables/index.ts';
import { practiceDeals } from '#src/playground/data/deals.ts';
import { person } from '#src/playground/vendors/hubspot/card.ts';
import { describeOn, type TestDatabase } from '#test/support/database.ts';
import { openSalesEngine, type SalesEngine } from '#test/support/sales-engine.ts';

const sam = person('Sam Okafor');
/** Systems over HTTP on a machine that does other things too. */
const patience = 180_000;

const idOf = (name: string) => practiceDeals.find((deal) => deal.name === name)?.id ?? '';

/** What the page of a deal says, by the labels that people read. */
function deal({ hubspot }: SalesEngine, name: string): Readonly<Record<string, string>> {
  const fields = hubspot.screens.invoice?.card(idOf(name))?.fields ?? [];
  return Object.fromEntries(fields.map(({ label, value }) => [label, value]));
}

/** The invoices of a deal in Xero, by Xero's own keys. */
const invoicesOf = ({ xero }: SalesEngine, name: string) =>
  (xero.screens.invoice?.cards() ?? [])
    .map(({ fields }) => Object.fromEntries(fields.map(({ key, value }) => [key, value])))
    .filter(({ Url }) => Url?.includes(`/${idOf(name)}#`));

const countInXero = ({ xero }: SalesEngine) => xero.screens.invoice?.cards().length ?? 0;

/** Why invoices wait, by their titles. */
async function waiting({ db }: TestDatabase): Promise<Readonly<Record<string, string | null>>> {
  const rows = await db.select().from(changes).where(eq(changes.flow, 'invoices'));
  const open = rows.filter(({ closedAt }) => closedAt === null);
  return Object.fromEntries(open.map(({ subject, holdDetail }) => [subject, holdDetail]));
}

const made = ['Verandah renewal', 'Site shed insulation', 'Spring stock, nursery'];

async function invoiced(database: TestDatabase) {
  const engine = await openSalesEngine(database);
  const before = countInXero(engine);
  const ends = await engine.run('customers', 'products', 'invoices', 'invoices', 'invoices', 'payments');
  expect(new Set(ends)).toEqual(new Set(['done']));
  return { engine, before };
}

describeOn('PGlite', 'deals that are won', (open) => {
  test(
    'become drafts, once each, and learn number, days and totals; what cannot be invoiced says why and is not',
    async () => {
      const database = await open();
      const { engine, before } = await invoiced(database);
      // These three, and one that was won twice alike: two deals, two invoices.
      expect(countInXero(engine) - before).toBe(5);
      for (const name of made) {
        const [draft, ...others] = invoicesOf(engine, name);
        expect([name, draft?.Status, others]).toEqual([name, 'DRAFT', []]);
        expect(deal(engine, name)).toMatchObject({
          'Invoice number': draft?.InvoiceNumber,
          'Invoice status': 'Draft',
          'Invoice total': draft?.Total,
          'Invoice GST': draft?.TotalTax,
          'Invoice due': '2026-12-20',
          'Deal stage': 'Closed won',
        });
      }
      // 112.5 × 13.90 less 5 %, 1800 × 0.1285, 85: 1801.86 by line, and GST of each line.
      expect(deal(engine, 'Verandah renewal')).toMatchObject({ 'Invoice total': '1982.05' });
      expect(await waiting(database)).toEqual({
        'Weekly beans and cups': 'its customer: Wattlebird Cafe is not in Xero yet',
        'Roof sheets, workshop': expect.stringMatching(/^its product: Corrugated.* is not in Xero yet$/),
        'Roadhouse bench seats': 'its customer: Nullarbor Roadhouse is not in Xero yet',
        'Tea for the staff room': 'its product: English breakfast tea, 500 bags is not in Xero yet',
        'Display shelves': 'line 1 (Joinery as quoted) has no GST code',
        'Custom gate': 'line 2 (Gate made to measure, powder coated) has no GST code',
        'Walk-in: pavers': 'its customer is not known in Xero',
      });
      // What was invoiced by hand before Truce keeps its invoice, and learns what was paid of it.
      expect(invoicesOf(engine, 'Courtyard paving')).toEqual([]);
      expect(deal(engine, 'Courtyard paving')).toMatchObject({
        'Invoice number': 'INV-2036',
        'Payment status': 'Part paid',
        'Amount paid': '1000.00',
      });
      expect(deal(engine, 'Cafe opening order')).toMatchObject({ 'Credit notes': 'CN-0012 $110.00' });
      const calls = [engine.hubspot, engine.xero].map(({ log }) => log.length);
      await engine.run('invoices', 'payments');
      const writes = [engine.hubspot, engine.xero].flatMap(({ log }, at) =>
        log.slice(calls[at]).filter(({ method, path }) => method === 'PUT' || path.endsWith('/batch/update')),
      );
      expect([countInXero(engine) - before, writes]).toEqual([5, []]);
    },
    patience,
  );

  test(
    'a deal is won, a line changes, a customer is named: the invoice follows by itself, and never a second one',
    async () => {
      const database = await open();
      const { engine, before } = await invoiced(database);
      const { hubspot } = engine;
      const screen = hubspot.screens.invoice;
      screen?.edit(idOf('Espresso corner'), { dealstage: 'Closed won' }, 'Priya Nair');
      const [company] = hubspot.crm.associations.of('deals', idOf('Verandah renewal'), 'companies');
      hubspot.crm.associations.add({ deals: idOf('Walk-in: pavers'), companies: company?.id ?? '' }, [], sam);
      const quantity = screen
        ?.card(idOf('Spring stock, nursery'))
        ?.fields.find(({ label }) => label === 'Line 3 quantity');
      screen?.edit(idOf('Spring stock, nursery'), { [quantity?.key ?? '']: '30' }, 'Priya Nair');
      // What was refused is tried again after an hour.
      engine.clock.advance(3_700_000);
      await engine.run('invoices', 'invoices', 'invoices');
      expect(countInXero(engine) - before).toBe(7);
      for (const name of ['Espresso corner', 'Walk-in: pavers']) {
        const [draft] = invoicesOf(engine, name);
        expect([name, deal(engine, name)['Invoice number']]).toEqual([name, draft?.InvoiceNumber]);
      }
      // Ten bags more at 19.80, and their GST.
      expect(invoicesOf(engine, 'Spring stock, nursery')).toMatchObject([{ Total: '2082.30' }]);
      expect(deal(engine, 'Spring stock, nursery')).toMatchObject({ 'Invoice total': '2082.30' });
      expect(await waiting(database)).not.toHaveProperty('Walk-in: pavers');
    },
    patience,
  );

  test(
    'whose invoices somebody else makes learn of them by their number, and nothing is written in Xero',
    async () => {
      const database = await open();
      const { db } = database;
      const engine = await openSalesEngine(database, { isReadOnly: true });
      const before = countInXero(engine);
      const ends = await engine.run('customers', 'products', 'invoices', 'invoices', 'payments');
      expect(new Set(ends)).toEqual(new Set(['done']));
      expect(deal(engine, 'Courtyard paving')).toMatchObject({
        'Invoice number': 'INV-2036',
        'Invoice status': 'Approved',
        'Payment status': 'Part paid',
      });
      expect(deal(engine, 'Courtyard paving')['Invoice due']).toMatch(/^2026-/);
      // Deals are held against those invoices all the same, each cent with its reason or its record.
      const { agreement, clock } = engine;
      const { flows, connections } = agreement();
      const proof = await proofNow(db, { flow: flows.invoices as Flow, connections }, clock.now());
      const sold = proof?.proofs.reduce((sum, { sums }) => sum + sums.sold, 0) ?? 0;
      expect(sold).toBeGreaterThan(0);
      expect(proof?.proofs.flatMap(({ unexplained }) => unexplained)).toEqual([]);
      // A won deal that names no invoice waits for nobody: it is the other system's to make one.
      expect(deal(engine, 'Verandah renewal')['Invoice number'] ?? '').toBe('');
      const written = engine.xero.log.filter(
        ({ method, path }) => method !== 'GET' && path.includes('/Invoices'),
      );
      expect([countInXero(engine), written]).toEqual([before, []]);
    },
    patience,
  );
});
