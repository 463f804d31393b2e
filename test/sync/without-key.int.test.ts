import { expect, it } from 'vitest';
import { links, records } from '#src/ledger/tables/index.ts';
import { describeOnBothDatabases } from '#test/support/database.ts';
import { aud } from '#test/support/invoice.ts';
import { openInvoiceEngine } from '#test/support/invoice-engine.ts';

describeOnBothDatabases('identity: a record without the strong key', (open) => {
  it('waits and says so, where the agreement does not say otherwise', async () => {
    const engine = await openInvoiceEngine(await open());
    engine.invoices.hubspot.add({ number: null, amount: aud(100) });
    await engine.run('invoices');
    expect(await engine.open()).toMatchObject([{ state: 'held', hold: 'no_key' }]);
  });

  it('is left alone by without_key: leave, until it has one; losing it again changes nothing', async () => {
    const database = await open();
    const { db } = database;
    const engine = await openInvoiceEngine(database, { invoices: { withoutKey: 'leave' } });
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
});
