import { expect, it } from 'vitest';
import { reopen } from '#src/ledger/changes/reprocess.ts';
import { describeOnBothDatabases } from '#test/support/database.ts';
import { aud } from '#test/support/invoice.ts';
import { openInvoiceEngine } from '#test/support/invoice-engine.ts';

describeOnBothDatabases('one that is back in use, and is made elsewhere', (open) => {
  it('is made with what it is now, and not with what it was when it went out of use', async () => {
    const { customers, invoices, run } = await openInvoiceEngine(await open());
    const customer = customers.hubspot.add({ legal_name: 'Wren Pty Ltd' });
    const needs = [{ entity: 'customer', externalId: customer }];
    const id = invoices.hubspot.add({ number: 'D-1', amount: aud(100) }, { needs });
    // Its customer has no ABN yet: the invoice waits.
    await run('customers');
    await run('invoices');
    invoices.hubspot.archive(id);
    await run('invoices');
    invoices.hubspot.edit(id, { amount: aud(250) });
    invoices.hubspot.archive(id, false);
    customers.hubspot.edit(customer, { abn: '48910000065' });
    await run('customers');
    await run('customers');
    await run('invoices');
    await run('invoices');
    const made = [...invoices.xero.records.values()].map(({ values }) => values.amount);
    expect(made).toEqual([aud(250)]);
  });

  it('leaves nothing open where it goes out of use just when its making is to be tried again', async () => {
    const engine = await openInvoiceEngine(await open());
    const { invoices, run } = engine;
    const id = invoices.hubspot.add({ number: 'D-1', amount: aud(100) });
    invoices.xero.answers.push('lacking');
    await run('invoices');
    await run('invoices');
    const [failed] = await engine.open();
    expect(failed).toMatchObject({ state: 'failed', holdDetail: 'as the test says' });
    await reopen(engine.database.db, {
      changeId: failed?.id ?? '',
      by: 'U0TOMW0001',
      now: engine.clock.now(),
    });
    invoices.hubspot.archive(id);
    await run('invoices');
    await run('invoices');
    expect(await engine.open()).toEqual([]);
    expect(invoices.xero.records.size).toBe(0);
  });
});
