import { beforeAll, beforeEach, expect, it } from 'vitest';
import type { Flow } from '#src/agreement/agreement.ts';
import { watchData } from '#src/alerts/watch-data.ts';
import { addHints } from '#src/ledger/runs/hints.ts';
import { links } from '#src/ledger/tables/index.ts';
import { describeOnBothDatabases, type TestDatabase } from '#test/support/database.ts';
import { openIncidents } from '#test/support/incidents.ts';
import { aud } from '#test/support/invoice.ts';
import { type InvoiceEngine, openInvoiceEngine } from '#test/support/invoice-engine.ts';

const wren = { legal_name: 'Fairy Wren Interiors Pty Ltd', abn: '48910000065' };
const owl = { legal_name: 'Boobook Books Pty Ltd', abn: '50910000074' };
const customerOf = (externalId: string) => ({ entity: 'customer', externalId });
const forFirst = { needs: [customerOf('hubspot-1')] };

/** An invoice of a customer, both in both systems and in step. */
async function inStep(database: TestDatabase, invoices: Partial<Flow> = {}): Promise<InvoiceEngine> {
  const engine = await openInvoiceEngine(database, { invoices });
  engine.customers.hubspot.add(wren);
  engine.invoices.hubspot.add({ number: 'INV-1', amount: aud(100) }, forFirst);
  await engine.run('customers');
  await engine.run('customers');
  await engine.run('invoices');
  await engine.run('invoices');
  expect(engine.invoices.xero.records.get('invoice-xero-1')?.values).toMatchObject({ amount: aud(100) });
  expect(await engine.open()).toEqual([]);
  return engine;
}

/** The invoice is another customer's from now on, one that Xero lacks, and its amount has changed with that. */
async function moveToOwl(engine: InvoiceEngine): Promise<void> {
  engine.customers.hubspot.add(owl);
  engine.invoices.hubspot.refer('invoice-hubspot-1', [customerOf('hubspot-2')]);
  engine.invoices.hubspot.edit('invoice-hubspot-1', { amount: aud(250) });
  await engine.run('invoices');
}

const amountInXero = ({ invoices }: InvoiceEngine) =>
  invoices.xero.records.get('invoice-xero-1')?.values.amount;
const told = async (engine: InvoiceEngine, kind: string) =>
  (await engine.story()).filter((line) => line.kind === kind && line.data.reason === 'waits_for_other');

describeOnBothDatabases('order: what refers to another record waits for it', (open) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await open();
  });
  beforeEach(() => database.empty());

  it('is not made before what it refers to is there, says what it waits for, and is made by itself then', async () => {
    const engine = await openInvoiceEngine(database);
    engine.customers.hubspot.add(wren);
    engine.invoices.hubspot.add({ number: 'INV-1', amount: aud(100) }, forFirst);
    await engine.run('invoices');
    await engine.run('invoices');
    expect(await engine.open()).toMatchObject([
      {
        state: 'held',
        hold: 'waits_for_other',
        holdDetail: 'its customer: hubspot’s hubspot-1 is not known yet',
      },
    ]);
    await engine.run('customers');
    await engine.run('invoices');
    expect(await engine.open()).toMatchObject([
      { holdDetail: 'its customer: Fairy Wren Interiors Pty Ltd is not in xero yet' },
    ]);
    expect(engine.invoices.xero.records.size).toBe(0);
    await engine.run('customers');
    await engine.run('invoices');
    expect([...engine.invoices.xero.records.values()]).toMatchObject([
      { values: { number: 'INV-1', amount: aud(100) }, needs: [customerOf('xero-1')] },
    ]);
    expect(await engine.open()).toEqual([]);
  });

  it('is not written while it waits, nor read again for nothing, nor told twice; the newest value goes out by itself', async () => {
    const engine = await inStep(database);
    await moveToOwl(engine);
    expect(await engine.open()).toMatchObject([
      {
        state: 'held',
        hold: 'waits_for_other',
        holdDetail: 'its customer: hubspot’s hubspot-2 is not known yet',
      },
    ]);
    const asked = engine.invoices.xero.asked.byId.length;
    await engine.run('invoices');
    await engine.run('invoices');
    expect(engine.invoices.xero.asked.byId).toHaveLength(asked);
    expect(await told(engine, 'held')).toHaveLength(1);
    engine.invoices.hubspot.edit('invoice-hubspot-1', { amount: aud(300) });
    await engine.run('invoices');
    expect(amountInXero(engine)).toEqual(aud(100));
    expect(await engine.open()).toMatchObject([{ state: 'held', hold: 'waits_for_other' }]);
    await engine.run('customers');
    await engine.run('customers');
    await engine.run('invoices');
    expect(amountInXero(engine)).toEqual(aud(300));
    expect(await engine.open()).toEqual([]);
    expect(await told(engine, 'released')).toHaveLength(1);
  });

  it('ends when its value goes back by itself', async () => {
    const engine = await inStep(database);
    await moveToOwl(engine);
    engine.invoices.hubspot.edit('invoice-hubspot-1', { amount: aud(100) });
    await engine.run('invoices');
    await engine.run('invoices');
    expect(await engine.open()).toEqual([]);
    expect(engine.invoices.xero.writes).toEqual([]);
  });

  it('follows a customer that is merged while the invoice waits', async () => {
    const engine = await inStep(database);
    await moveToOwl(engine);
    engine.customers.hubspot.merge('hubspot-2', 'hubspot-1');
    engine.invoices.hubspot.refer('invoice-hubspot-1', [customerOf('hubspot-2')]);
    await engine.run('customers');
    await engine.run('invoices');
    expect(amountInXero(engine)).toEqual(aud(100));
    // The system's own screen has it at the one that lives on.
    engine.invoices.hubspot.refer('invoice-hubspot-1', [customerOf('hubspot-1')]);
    await engine.run('invoices');
    await engine.run('invoices');
    expect(amountInXero(engine)).toEqual(aud(250));
  });

  it('follows a known customer under its new id without a look at the invoice', async () => {
    const engine = await openInvoiceEngine(database, { customersIn: {} });
    engine.customers.hubspot.add(wren);
    engine.invoices.hubspot.add({ number: 'INV-1', amount: aud(100) }, forFirst);
    await engine.run('customers');
    await engine.run('invoices');
    await engine.run('invoices');
    const asked = engine.customers.hubspot.add(wren);
    engine.customers.hubspot.merge('hubspot-1', asked);
    await engine.run('customers');
    engine.customers.xero.add(wren);
    await engine.run('customers');
    await engine.run('customers');
    await engine.run('invoices');
    expect(engine.invoices.xero.records.size).toBe(1);
  });

  it('waits for one that is archived where it goes, and for itself never', async () => {
    const engine = await inStep(database);
    engine.customers.xero.archive('xero-1');
    await engine.run('customers');
    engine.invoices.hubspot.edit('invoice-hubspot-1', { amount: aud(250) });
    await engine.run('invoices');
    expect(await engine.open()).toMatchObject([
      { holdDetail: 'its customer: Fairy Wren Interiors Pty Ltd is archived in xero' },
    ]);
    engine.customers.xero.archive('xero-1', false);
    await engine.run('customers');
    await engine.run('invoices');
    expect(amountInXero(engine)).toEqual(aud(250));
    engine.invoices.hubspot.add(
      { number: 'INV-2' },
      { needs: [{ entity: 'invoice', externalId: 'invoice-hubspot-2' }] },
    );
    await engine.run('invoices');
    await engine.run('invoices');
    expect(engine.invoices.xero.records.size).toBe(2);
  });

  it('is not taken for gone by the flow of the other entity, which its hint comes to as well', async () => {
    const engine = await inStep(database);
    const { db } = database;
    for (const connection of ['hubspot', 'xero']) {
      const externalIds = [`invoice-${connection}-1`];
      await addHints(db, { connection, externalIds, now: engine.clock.now() });
    }
    await engine.run('customers');
    const known = await db.select().from(links);
    expect(known.filter(({ archived, how }) => archived || how === 'gone')).toEqual([]);
  });

  it('is taken up where a run died while it was parked, and loses nothing', async () => {
    const engine = await inStep(database);
    engine.customers.hubspot.add(owl);
    engine.invoices.hubspot.refer('invoice-hubspot-1', [customerOf('hubspot-2')]);
    engine.invoices.hubspot.edit('invoice-hubspot-1', { amount: aud(250) });
    const dies = async (point: string) => {
      if (point === 'parked' || point === 'decided') throw new Error(`died at ${point}`);
    };
    await engine.run('invoices', {}, dies);
    await engine.run('invoices', {}, dies);
    expect(amountInXero(engine)).toEqual(aud(100));
    for (const flow of ['customers', 'customers', 'invoices', 'invoices'] as const) await engine.run(flow);
    expect(amountInXero(engine)).toEqual(aud(250));
    expect(await engine.open()).toEqual([]);
  });

  it('is woken when what it waits for has come, whatever its own schedule says', async () => {
    const nightly = { schedule: { cron: '0 3 * * *', timeZone: 'Australia/Sydney' } };
    const engine = await inStep(database, nightly);
    await engine.run('invoices', { trigger: 'schedule' });
    await moveToOwl(engine);
    expect(await engine.woken()).toEqual([]);
    await engine.run('customers');
    await engine.run('customers');
    const [waiting] = await engine.open();
    expect(await engine.woken()).toEqual([
      { flow: 'invoices', trigger: 'recovery', targets: [waiting?.recordId] },
    ]);
    for (const wake of await engine.woken()) await engine.run('invoices', wake);
    expect(amountInXero(engine)).toEqual(aud(250));
    expect(await engine.woken()).toEqual([]);
  });

  it('is raised like partial work where what it waits for does not come, with what that is, and where two wait for each other', async () => {
    const engine = await openInvoiceEngine(database);
    const other = (n: number) => ({ needs: [{ entity: 'invoice', externalId: `invoice-hubspot-${n}` }] });
    engine.invoices.hubspot.add({ number: 'INV-1' }, other(2));
    engine.invoices.hubspot.add({ number: 'INV-2' }, other(1));
    await engine.run('invoices');
    await engine.run('invoices');
    const { db } = database;
    const flow = engine.agreement.flows.invoices;
    if (!flow) throw new Error('no flow');
    const watch = () =>
      db.transaction((tx) =>
        watchData(tx, flow, { labels: (id) => id, now: engine.clock.now(), agreement: engine.agreement }),
      );
    await watch();
    expect(await openIncidents(db)).toEqual([]);
    engine.clock.advance(25 * 3_600_000);
    await watch();
    const [problem, ...others] = await openIncidents(db);
    expect([problem?.cause, others]).toEqual(['partial', []]);
    expect(problem?.message).toContain('Not everywhere after 24 hours. Missing in xero: ');
    expect(problem?.message).toContain('INV-1 (waits for its invoice: INV-2 is not in xero yet)');
    expect(problem?.message).toContain('INV-2 (waits for its invoice: INV-1 is not in xero yet)');
  });
});
