import { eq } from 'drizzle-orm';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { isOver } from '#src/alerts/money.ts';
import { countWaiting } from '#src/ledger/alerts/incidents.ts';
import { heldUp } from '#src/ledger/changes/held-up.ts';
import { waitingValues } from '#src/ledger/questions/waiting-worth.ts';
import { changes, outbox } from '#src/ledger/tables/index.ts';
import { describeOnBothDatabases, type TestDatabase } from '#test/support/database.ts';
import { aud } from '#test/support/invoice.ts';
import { type InvoiceEngine, openInvoiceEngine } from '#test/support/invoice-engine.ts';

const wren = { legal_name: 'Fairy Wren Interiors Pty Ltd', abn: '48910000065' };
const owl = { legal_name: 'Boobook Books Pty Ltd' };
const customerOf = (externalId: string) => ({ entity: 'customer', externalId });

const held = (engine: InvoiceEngine, by: Parameters<typeof heldUp>[2]) =>
  heldUp(engine.database.db, Object.values(engine.agreement.flows), by);

/** Two invoices of a customer whom Xero lacks since nobody knows the ABN, and one of a customer who is in both. */
async function waiting(database: TestDatabase): Promise<InvoiceEngine> {
  const engine = await openInvoiceEngine(database);
  engine.customers.hubspot.add(wren);
  engine.customers.hubspot.add(owl);
  engine.invoices.hubspot.add({ number: 'INV-1', amount: aud(100) }, { needs: [customerOf('hubspot-1')] });
  engine.invoices.hubspot.add({ number: 'INV-2', amount: aud(1000) }, { needs: [customerOf('hubspot-2')] });
  engine.invoices.hubspot.add({ number: 'INV-3', amount: aud(250) }, { needs: [customerOf('hubspot-2')] });
  await engine.run('customers');
  await engine.run('customers');
  await engine.run('invoices');
  return engine;
}

describeOnBothDatabases('what waits on what', (open) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await open();
  });
  beforeEach(() => database.empty());

  it('is found for all records of a flow at once, with what each is about', async () => {
    const engine = await waiting(database);
    const found = await held(engine, { flows: ['customers'] });
    expect(found.map(({ title, entity, flow, by }) => [title, entity, flow, by.flow, by.asks])).toEqual([
      ['INV-2', 'invoice', 'invoices', 'customers', false],
      ['INV-3', 'invoice', 'invoices', 'customers', false],
    ]);
    expect(found[0]?.seen).toMatchObject([{ amount: { state: 'value', value: aud(1000) } }]);
    const [first] = found;
    expect(await held(engine, { changes: [first?.by.changeId ?? ''] })).toEqual(found);
    expect(await held(engine, { waiting: [first?.recordId ?? ''] })).toEqual([first]);
    expect(await held(engine, { flows: ['invoices'] })).toEqual([]);
    expect(await held(engine, { changes: [] })).toEqual([]);
  });

  it('is told of records that wait themselves with what they hold, read or compared', async () => {
    const engine = await openInvoiceEngine(database);
    engine.invoices.hubspot.add({ number: 'INV-1', amount: aud(100) });
    await engine.run('invoices');
    await engine.run('invoices');
    expect(await waitingValues(database.db, 'invoices')).toEqual([]);
    engine.invoices.hubspot.edit('invoice-hubspot-1', { amount: aud(250) });
    engine.invoices.hubspot.add({ number: 'INV-2', amount: aud(40) });
    await engine
      .run('invoices', {}, async (point) => {
        if (point === 'staged') throw new Error('killed');
      })
      .catch(() => undefined);
    const amounts = (await waitingValues(database.db, 'invoices')).map(({ seen }) => seen[0]?.amount);
    expect(amounts).toHaveLength(await countWaiting(database.db, 'invoices'));
    expect(amounts).toEqual(
      expect.arrayContaining([aud(250), aud(40)].map((value) => ({ state: 'value', value }))),
    );
  });

  it('is over once the other record is where it goes', async () => {
    const engine = await waiting(database);
    engine.customers.hubspot.edit('hubspot-2', { abn: '50910000074' });
    await engine.run('customers');
    await engine.run('customers');
    expect(await held(engine, { flows: ['customers'] })).toEqual([]);
  });

  it('is told on the message of the decision that it waits for, as soon as it waits', async () => {
    const engine = await waiting(database);
    const [first] = await held(engine, { flows: ['customers'] });
    const changeId = first?.by.changeId ?? '';
    await database.db.update(changes).set({ state: 'asking' }).where(eq(changes.id, changeId));
    const wanted = async () => {
      const [row] = await database.db
        .select({ wanted: outbox.wanted })
        .from(outbox)
        .where(eq(outbox.subject, `change:${changeId}`));
      return row?.wanted ?? 0;
    };
    const before = await wanted();
    engine.invoices.hubspot.add({ number: 'INV-4', amount: aud(9) }, { needs: [customerOf('hubspot-2')] });
    await engine.run('invoices');
    expect(await wanted()).toBe(before + 1);
    await engine.run('invoices');
    expect(await wanted()).toBe(before + 1);
  });
});

it('is much once the amounts of one currency are more than agreed', () => {
  const invoice = (recordId: string, total: { minor: number; currency: string }) => ({
    by: { changeId: 'tr-1', flow: 'customers', asks: true },
    recordId,
    title: recordId,
    entity: 'invoice',
    flow: 'invoices',
    seen: [{ total: { state: 'value' as const, value: total } }],
  });
  const dollars = (minor: number) => ({ minor, currency: 'AUD' });
  expect(isOver([invoice('a', dollars(60_000)), invoice('b', dollars(40_001))], 1000)).toBe(true);
  expect(isOver([invoice('a', dollars(60_000)), invoice('b', dollars(40_000))], 1000)).toBe(false);
  expect(isOver([invoice('a', dollars(60_000)), invoice('a', dollars(60_000))], 1000)).toBe(false);
  expect(
    isOver([invoice('a', dollars(60_000)), invoice('b', { minor: 60_000, currency: 'NZD' })], 1000),
  ).toBe(false);
  expect(isOver([invoice('a', { minor: 1001, currency: 'JPY' })], 1000)).toBe(true);
});
