import { beforeAll, beforeEach, expect, it } from 'vitest';
import { links, records } from '#src/ledger/tables/index.ts';
import { describeOnBothDatabases, type TestDatabase } from '#test/support/database.ts';
import { aud } from '#test/support/invoice.ts';
import { openInvoiceEngine } from '#test/support/invoice-engine.ts';

describeOnBothDatabases('identity: a record that matches none', (open) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await open();
  });
  beforeEach(() => database.empty());

  it('for want of a key waits and says so, where the agreement does not say otherwise', async () => {
    const engine = await openInvoiceEngine(database);
    engine.invoices.hubspot.add({ number: null, amount: aud(100) });
    await engine.run('invoices');
    expect(await engine.open()).toMatchObject([{ state: 'held', hold: 'no_key' }]);
  });

  it('for want of a key is left alone by unmatched: leave, until it has one; losing it again changes nothing', async () => {
    const { db } = database;
    const engine = await openInvoiceEngine(database, { invoices: { unmatched: 'leave' } });
    const { hubspot, xero } = engine.invoices;
    const id = hubspot.add({ number: null, amount: aud(100) });
    await engine.run('invoices');
    expect([await engine.open(), await db.select().from(records)]).toEqual([[], []]);
    hubspot.edit(id, { number: 'INV-7' });
    await engine.run('invoices');
    await engine.run('invoices');
    expect([...xero.records.values()].map(({ values }) => values)).toMatchObject([
      { number: 'INV-7', amount: aud(100) },
    ]);
    hubspot.edit(id, { number: null, amount: aud(300) });
    await engine.run('invoices');
    expect((await db.select().from(links)).map(({ externalId }) => externalId).sort()).toEqual([
      'invoice-hubspot-1',
      'invoice-xero-1',
    ]);
    expect([...xero.records.values()].map(({ values }) => values.amount)).toEqual([aud(300)]);
  });

  it.each(['wait', 'leave'] as const)(
    'and is in one system only, none being to get it: unmatched is %s',
    async (unmatched) => {
      const engine = await openInvoiceEngine(database, { invoices: { unmatched, createIn: {} } });
      engine.invoices.xero.add({ number: 'INV-7', amount: aud(100) });
      await engine.run('invoices');
      const held = [{ state: 'held', hold: 'not_linked', holdDetail: 'not in hubspot' }];
      expect(await engine.open()).toMatchObject(unmatched === 'wait' ? held : []);
      engine.invoices.hubspot.add({ number: 'INV-7', amount: aud(100) });
      await engine.run('invoices');
      expect(await engine.open()).toEqual([]);
    },
  );
});
