import { beforeAll, beforeEach, expect, it } from 'vitest';
import type { Wake } from '#src/jobs/wake.ts';
import { keepAgreed } from '#src/ledger/changes/keep-agreed.ts';
import { reopen } from '#src/ledger/changes/reprocess.ts';
import { links } from '#src/ledger/tables/index.ts';
import { findReference } from '#src/slack/facts/lookup.ts';
import { statusFacts } from '#src/slack/facts/status.ts';
import { describeOnBothDatabases, type TestDatabase } from '#test/support/database.ts';
import { aud, invoice } from '#test/support/invoice.ts';
import { type InvoiceEngine, openInvoiceEngine } from '#test/support/invoice-engine.ts';
import { approve, itemsOf, lastChange, previewOf, rollbackRun } from './rolling-back/undoing.ts';

const inHubspot = 'invoice-hubspot-1';
const inXero = 'invoice-xero-1';
const by = 'U0PRIYA001';

/** One invoice, in step in both systems. */
async function inStep(database: TestDatabase): Promise<InvoiceEngine> {
  const engine = await openInvoiceEngine(database);
  engine.invoices.hubspot.add({ number: 'INV-1', amount: aud(100), note: 'first' });
  await engine.run('invoices');
  await engine.run('invoices');
  expect(amounts(engine)).toEqual([aud(100), aud(100)]);
  return engine;
}

const amounts = ({ invoices }: InvoiceEngine) => [
  invoices.hubspot.records.get(inHubspot)?.values.amount,
  invoices.xero.records.get(inXero)?.values.amount,
];
const held = {
  state: 'held',
  hold: 'locked',
  holdDetail: 'xero: it is paid, seen since 20 November 2026 at 12:03 pm',
};

describeOnBothDatabases('a locked record (money): is never written', (open) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await open();
  });
  beforeEach(() => database.empty());

  it('and holds the change, says which lock and since when, once, and goes on by itself when the lock has gone', async () => {
    const engine = await inStep(database);
    const { hubspot, xero } = engine.invoices;
    xero.lock(inXero, 'it is paid');
    await engine.run('invoices');
    expect(await engine.open()).toEqual([]);
    hubspot.edit(inHubspot, { amount: aud(250) });
    await engine.run('invoices');
    expect(await engine.open()).toMatchObject([held]);
    await engine.run('invoices');
    await engine.run('invoices');
    const told = (await engine.story()).filter(({ kind }) => kind === 'held');
    expect(told).toMatchObject([{ connection: 'xero', data: { reason: 'locked', fields: ['amount'] } }]);
    expect([amounts(engine), xero.lockedWrites]).toEqual([[aud(250), aud(100)], []]);
    xero.lock(inXero, null);
    await engine.run('invoices');
    expect(amounts(engine)).toEqual([aud(250), aud(250)]);
    expect(await engine.open()).toEqual([]);
    expect((await engine.story()).map(({ kind }) => kind)).toContain('released');
  });

  it('where the lock came after the list was read, and nobody was told of it', async () => {
    const engine = await inStep(database);
    const { hubspot, xero } = engine.invoices;
    hubspot.edit(inHubspot, { amount: aud(250) });
    await engine.run('invoices', {}, async (point) => {
      if (point === 'decided') xero.lock(inXero, 'it is paid', true);
    });
    expect(await engine.open()).toMatchObject([held]);
    const [kept] = (await database.db.select().from(links)).filter(({ externalId }) => externalId === inXero);
    expect(kept).toMatchObject({ locked: 'it is paid', lockedAt: engine.clock.now() });
    expect([amounts(engine), xero.lockedWrites]).toEqual([[aud(250), aud(100)], []]);
    // A closed period opens again without a word: the sweep, or a person, finds it.
    engine.clock.advance(10 * 60_000);
    await engine.run('invoices');
    expect(await engine.open()).toMatchObject([held]);
    xero.lock(inXero, null, true);
    await engine.run('invoices');
    expect(await engine.open()).toMatchObject([held]);
    const [change] = await engine.open();
    await reopen(database.db, { changeId: change?.id ?? '', by, now: engine.clock.now() });
    await engine.run('invoices', { trigger: 'reprocess', targets: [change?.recordId ?? ''] });
    expect(amounts(engine)).toEqual([aud(250), aud(250)]);
  });

  it('though its last look said that it was locked and it is not any more, once the nightly sweep has read it', async () => {
    const engine = await inStep(database);
    const { hubspot, xero } = engine.invoices;
    xero.lock(inXero, 'the period is closed', true);
    hubspot.edit(inHubspot, { amount: aud(250) });
    await engine.run('invoices');
    xero.lock(inXero, null, true);
    engine.clock.advance(24 * 3_600_000);
    await engine.run('invoices', { trigger: 'sweep' });
    expect(amounts(engine)).toEqual([aud(250), aud(250)]);
    expect(await engine.open()).toEqual([]);
  });

  it('until a person keeps what is agreed: then the others go back to that, and nothing waits', async () => {
    const engine = await inStep(database);
    const { hubspot, xero } = engine.invoices;
    xero.lock(inXero, 'it is paid');
    hubspot.edit(inHubspot, { amount: aud(250) });
    await engine.run('invoices');
    const [change] = await engine.open();
    const press = { changeId: change?.id ?? '', by, now: engine.clock.now(), agreementVersion: 1 };
    const revision = change?.revision ?? 0;
    expect(await keepAgreed(database.db, { ...press, revision: revision - 1 })).toEqual({ kind: 'outdated' });
    expect(await keepAgreed(database.db, { ...press, agreementVersion: 7, revision })).toEqual({
      kind: 'other_agreement',
    });
    expect(await keepAgreed(database.db, { ...press, revision })).toEqual({
      kind: 'kept',
      fields: ['amount'],
    });
    expect(await keepAgreed(database.db, { ...press, revision })).toEqual({ kind: 'over' });
    await engine.run('invoices');
    await engine.run('invoices');
    expect([amounts(engine), xero.lockedWrites, xero.writes]).toEqual([[aud(100), aud(100)], [], []]);
    expect(await engine.open()).toEqual([]);
    expect(await engine.story()).toContainEqual(
      expect.objectContaining({ kind: 'decided', field: 'amount', actor: by }),
    );
  });

  it('and what else of it differs waits with it, while a lock on one system keeps nothing from another', async () => {
    const engine = await inStep(database);
    const { hubspot, xero } = engine.invoices;
    xero.lock(inXero, 'it is paid');
    xero.edit(inXero, { note: 'from xero' });
    hubspot.edit(inHubspot, { amount: aud(250) });
    await engine.run('invoices');
    await engine.run('invoices');
    expect(hubspot.records.get(inHubspot)?.values.note).toBe('from xero');
    expect(await engine.open()).toMatchObject([held]);
    expect(xero.lockedWrites).toEqual([]);
  });

  it('in what a person undoes either: it says so, be it locked before the preview or after', async () => {
    const engine = await inStep(database);
    const { hubspot, xero } = engine.invoices;
    hubspot.edit(inHubspot, { amount: aud(250) });
    await engine.run('invoices');
    expect(amounts(engine)).toEqual([aud(250), aud(250)]);
    const world = { ...engine, run: (wake: Partial<Wake> = {}) => engine.run('invoices', wake) };
    const early = await previewOf(world, await lastChange(world));
    xero.lock(inXero, 'it is paid', true);
    await approve(world, early);
    await world.run(rollbackRun);
    expect(await itemsOf(world, early)).toEqual(['xero amount: goes_back (locked) → moved']);
    const late = await previewOf(world, await lastChange(world));
    expect(await itemsOf(world, late)).toEqual(['xero amount: cannot (locked)']);
    expect([amounts(engine), xero.lockedWrites]).toEqual([[aud(250), aud(250)], []]);
  });

  it('and undoing a change that was parked in part leaves nothing behind', async () => {
    const engine = await inStep(database);
    const { hubspot, xero } = engine.invoices;
    xero.edit(inXero, { amount: aud(300) });
    hubspot.edit(inHubspot, { note: 'second' });
    xero.lock(inXero, 'it is paid');
    await engine.run('invoices');
    await engine.run('invoices');
    expect(hubspot.records.get(inHubspot)?.values.amount).toEqual(aud(300));
    expect(await engine.open()).toMatchObject([{ state: 'held', hold: 'locked' }]);
    const world = { ...engine, run: (wake: Partial<Wake> = {}) => engine.run('invoices', wake) };
    const id = await previewOf(world, await lastChange(world));
    await approve(world, id);
    await world.run(rollbackRun);
    expect(await itemsOf(world, id)).toEqual(['hubspot amount: goes_back → put_back']);
    expect(await engine.open()).toMatchObject([{ state: 'held', hold: 'locked' }]);
    xero.lock(inXero, null);
    await engine.run('invoices');
    await engine.run('invoices');
    expect(xero.records.get(inXero)?.values.note).toBe('second');
    expect(hubspot.records.get(inHubspot)?.values.amount).toEqual(aud(100));
    expect((await engine.open()).filter(({ hold }) => hold === 'locked')).toEqual([]);
  });

  it('is shown by status, with which lock and since when', async () => {
    const engine = await inStep(database);
    const { hubspot, xero } = engine.invoices;
    xero.lock(inXero, 'it is paid');
    hubspot.edit(inHubspot, { amount: aud(250) });
    await engine.run('invoices');
    const flow = engine.agreement.flows.invoices;
    if (!flow) throw new Error('no flow');
    const sources = {
      db: database.db,
      clock: engine.clock,
      agreement: () => engine.agreement,
      labels: (connection: string) => connection,
      entity: () => invoice,
    };
    const asker = { id: by, command: '/sync', mine: [flow], site: 'https://slack.example/' };
    const [status] = (await statusFacts(sources as never, [flow], asker)).flows;
    expect(status?.waiting).toEqual([{ words: 'nothing may be changed there any more', n: 1 }]);
    expect(status?.stuck).toMatchObject([
      { title: 'INV-1', why: 'locked in xero: it is paid, seen since 20 November 2026 at 12:03 pm' },
    ]);
    const [change] = await engine.open();
    const found = await findReference(sources as never, change?.id ?? '', {
      flows: [flow],
      command: '/sync',
    });
    expect(found).toMatchObject({
      kind: 'change',
      waitsFor: 'nothing may be changed there any more',
      waitsDetail: held.holdDetail,
      keepable: { revision: change?.revision },
    });
  });
});
