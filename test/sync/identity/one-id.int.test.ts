import { beforeAll, beforeEach, expect, it } from 'vitest';
import { addHints } from '#src/ledger/runs/hints.ts';
import { absences, links, records } from '#src/ledger/tables/index.ts';
import { describeOnBothDatabases, type TestDatabase } from '#test/support/database.ts';
import { aud } from '#test/support/invoice.ts';
import { type InvoiceEngine, openInvoiceEngine } from '#test/support/invoice-engine.ts';

const id = 'hubspot-1';

/** A customer and an invoice that HubSpot knows by one and the same id, both in step with Xero. */
async function inStep(database: TestDatabase): Promise<InvoiceEngine> {
  const engine = await openInvoiceEngine(database, { plainIds: true });
  const needs = [{ entity: 'customer', externalId: id }];
  expect(engine.customers.hubspot.add({ legal_name: 'Fairy Wren Pty Ltd', abn: '48910000065' })).toBe(id);
  expect(engine.invoices.hubspot.add({ number: 'INV-1', amount: aud(100) }, { needs })).toBe(id);
  for (const flow of ['customers', 'customers', 'invoices', 'invoices'] as const) await engine.run(flow);
  expect(await engine.open()).toEqual([]);
  return engine;
}

const kindsAt = async ({ db }: TestDatabase, connection: string) =>
  (await db.select().from(links))
    .filter((link) => link.connection === connection && link.externalId === id)
    .map(({ role }) => role)
    .sort();

describeOnBothDatabases('identity: one id of a system that serves two kinds of record', (open) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await open();
  });
  beforeEach(() => database.empty());

  it('is linked once for each, and each changes by itself', async () => {
    const engine = await inStep(database);
    const { customers, invoices } = engine;
    expect(await kindsAt(database, 'hubspot')).toEqual(['customer', 'invoice']);
    customers.hubspot.edit(id, { legal_name: 'Fairy Wren Interiors Pty Ltd' });
    invoices.hubspot.edit(id, { amount: aud(250) });
    await engine.run('invoices');
    expect([...invoices.xero.records.values()].map(({ values }) => values.amount)).toEqual([aud(250)]);
    expect([...customers.xero.records.values()].map(({ values }) => values.legal_name)).toEqual([
      'Fairy Wren Pty Ltd',
    ]);
    await engine.run('customers');
    expect([...customers.xero.records.values()].map(({ values }) => values.legal_name)).toEqual([
      'Fairy Wren Interiors Pty Ltd',
    ]);
    expect(await database.db.$count(records)).toBe(2);
  });

  it('is gone as the one and there as the other', async () => {
    const engine = await inStep(database);
    // A list that names nothing at all would be strange, and believed of nobody.
    engine.invoices.hubspot.add({ number: 'INV-2', amount: aud(5) });
    await engine.run('invoices');
    engine.invoices.hubspot.remove(id);
    engine.clock.advance(24 * 3_600_000);
    for (const flow of ['customers', 'invoices'] as const) await engine.run(flow, { trigger: 'sweep' });
    const gone = await database.db.select().from(absences);
    expect(gone.map(({ flow, externalId }) => [flow, externalId])).toEqual([['invoices', id]]);
    engine.customers.hubspot.edit(id, { legal_name: 'Still here Pty Ltd' });
    await engine.run('customers');
    expect([...engine.customers.xero.records.values()][0]?.values.legal_name).toBe('Still here Pty Ltd');
  });

  it('is read by the flow of its kind when a webhook names it', async () => {
    const engine = await inStep(database);
    const { customers, invoices, clock } = engine;
    const before = [customers, invoices].map(({ hubspot }) => hubspot.asked.byId.length);
    await addHints(database.db, {
      connection: 'hubspot',
      entity: 'invoice',
      externalIds: [id],
      now: clock.now(),
    });
    await engine.run('customers', { trigger: 'hint' });
    await engine.run('invoices', { trigger: 'hint' });
    const after = [customers, invoices].map(({ hubspot }) => hubspot.asked.byId.length);
    expect(after.map((count, i) => count - (before[i] ?? 0))).toEqual([0, 1]);
  });

  it('merged away as the one, follows as that one alone', async () => {
    const engine = await inStep(database);
    const { customers } = engine;
    const other = customers.hubspot.add({ legal_name: 'Fairy Wren Old Pty Ltd', abn: null });
    customers.hubspot.merge(id, other);
    engine.clock.advance(24 * 3_600_000);
    await engine.run('customers', { trigger: 'sweep' });
    expect(await kindsAt(database, 'hubspot')).toEqual(['invoice']);
    engine.invoices.hubspot.refer(id, [{ entity: 'customer', externalId: other }]);
    engine.invoices.hubspot.edit(id, { amount: aud(300) });
    await engine.run('invoices');
    expect([...engine.invoices.xero.records.values()].map(({ values }) => values.amount)).toEqual([aud(300)]);
  });
});
