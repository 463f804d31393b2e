import { and, eq, isNull, like } from 'drizzle-orm';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { customer } from '#src/entities/customer.ts';
import { reopen } from '#src/ledger/changes/reprocess.ts';
import { outboxRow } from '#src/ledger/posts/outbox-sending.ts';
import { decideConflict } from '#src/ledger/questions/decisions.ts';
import { agreed, changes, conflicts, outbox } from '#src/ledger/tables/index.ts';
import { drawRow } from '#src/slack/draw-row.ts';
import { describeOn, type TestDatabase } from '#test/support/database.ts';
import { type MemoryEngine, openMemoryEngine, type SystemId } from '#test/support/memory-engine.ts';

const wren = {
  legal_name: 'Fairy Wren Interiors Pty Ltd',
  abn: '48910000065',
  email: 'hello@wren.example',
  phone: '02 5550 1111',
  payment_terms: { days: 14, from: 'invoice_date' },
};
const ids: readonly SystemId[] = ['hubspot', 'xero', 'cin7-core'];
const rules = {
  legal_name: 'overwrite',
  payment_terms: 'read_only',
  abn: 'approve',
  email: 'review',
  phone: 'overwrite',
  status: 'approve',
} as const;
const other = { days: 30, from: 'invoice_date' };

const held = (engine: MemoryEngine, field: string) =>
  ids.map((id) => engine.systems[id].records.get(`${id}-1`)?.values[field] ?? null);
const openChanges = ({ database: { db } }: MemoryEngine) =>
  db.select().from(changes).where(isNull(changes.closedAt));

/** Every message of this kind, as it would be drawn now: its words. */
async function drawnOf(engine: MemoryEngine, subject: string): Promise<string[]> {
  const { db } = engine.database;
  const rows = await db
    .select()
    .from(outbox)
    .where(and(eq(outbox.kind, 'card'), like(outbox.subject, `${subject}%`)))
    .orderBy(outbox.createdAt);
  const labels: Readonly<Record<string, string>> = {
    hubspot: 'HubSpot',
    xero: 'Xero',
    'cin7-core': 'Cin7 Core',
  };
  const sources = {
    db,
    clock: engine.clock,
    agreement: () => engine.agreement,
    labels: (id: string) => labels[id] ?? id,
    entity: () => customer,
  };
  const drawn = await Promise.all(
    rows.map(async ({ key }) => drawRow(sources as never, (await outboxRow(db, key)) as never)),
  );
  return drawn.flatMap((one) => (one.kind === 'draw' ? [one.drawn.text] : []));
}

describeOn('PGlite', 'a change where the agreement lets nobody change it (rules)', (open) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await open();
  });
  beforeEach(() => database.empty());

  const begin = async () => {
    const engine = await openMemoryEngine(database, { rules });
    for (const id of ids) engine.systems[id].add(wren);
    await engine.run();
    return engine;
  };

  it('is put back and reported under read_only: by one message, with who had changed it', async () => {
    const engine = await begin();
    engine.systems.hubspot.edit('hubspot-1', { payment_terms: other }, 'Mia Farrow-Hall');
    await engine.run();
    expect(held(engine, 'payment_terms')).toEqual([
      wren.payment_terms,
      wren.payment_terms,
      wren.payment_terms,
    ]);
    expect(await openChanges(engine)).toEqual([]);
    expect(await drawnOf(engine, 'put_back:')).toEqual([`Put back: payment terms of ${wren.legal_name}.`]);
    const lines = (await engine.ledger()).story.filter(({ kind }) => kind === 'ruled');
    expect(lines.map(({ data }) => data)).toEqual([
      {
        value: wren.payment_terms,
        putBack: true,
        undone: [{ connection: 'hubspot', value: other, by: 'Mia Farrow-Hall' }],
      },
    ]);
  });

  it('is put back without a word under overwrite', async () => {
    const engine = await begin();
    engine.systems.hubspot.edit('hubspot-1', { phone: '02 5550 9999' });
    await engine.run();
    expect(held(engine, 'phone')).toEqual([wren.phone, wren.phone, wren.phone]);
    expect(await drawnOf(engine, '')).toEqual([]);
  });

  it('is reported by one new message an hour, however much it is', async () => {
    const engine = await begin();
    for (const id of ids)
      engine.systems[id].add({ ...wren, legal_name: 'Boobook Books Pty Ltd', abn: '50910000074' });
    await engine.run();
    engine.systems.hubspot.edit('hubspot-1', { payment_terms: other });
    await engine.run();
    engine.systems.hubspot.edit('hubspot-1', { payment_terms: other });
    engine.systems['cin7-core'].edit('cin7-core-2', { payment_terms: null });
    await engine.run();
    expect(await drawnOf(engine, 'put_back:')).toEqual(['Put back: 2 details of 2 customers.']);
    engine.clock.advance(3_600_000);
    engine.systems.hubspot.edit('hubspot-2', { payment_terms: other });
    await engine.run();
    expect(await drawnOf(engine, 'put_back:')).toEqual([
      'Put back: 2 details of 2 customers.',
      'Put back: payment terms of Boobook Books Pty Ltd.',
    ]);
  });

  it('is reported where the owner changed it at the same time: that change was lost too', async () => {
    const engine = await begin();
    const owners = { days: 7, from: 'invoice_date' };
    engine.systems.hubspot.edit('hubspot-1', { payment_terms: other });
    engine.systems.xero.edit('xero-1', { payment_terms: owners });
    await engine.run();
    expect(held(engine, 'payment_terms')).toEqual([owners, owners, owners]);
    expect(await drawnOf(engine, 'put_back:')).toEqual([`Put back: payment terms of ${wren.legal_name}.`]);
  });

  it('made again and again is left alone, a message says what and offers the way on, and a person lets it go on', async () => {
    const engine = await begin();
    for (let i = 0; i < 5; i++) {
      engine.systems.hubspot.edit('hubspot-1', { phone: '02 5550 9999' }, 'Example Importer');
      await engine.run();
    }
    expect(held(engine, 'phone')).toEqual(['02 5550 9999', wren.phone, wren.phone]);
    const [change] = await openChanges(engine);
    expect(change).toMatchObject({ state: 'held', hold: 'tug_of_war' });
    const told = await drawnOf(engine, `change:${change?.id}`);
    expect(told).toEqual([
      `Something keeps changing the phone of ${wren.legal_name}. Nothing is written there until somebody looks.`,
    ]);
    const { db } = engine.database;
    await reopen(db, { changeId: change?.id ?? '', by: 'U0PRIYA001', now: engine.clock.now() });
    await engine.run({ trigger: 'reprocess', targets: [change?.recordId ?? ''] });
    expect(held(engine, 'phone')).toEqual([wren.phone, wren.phone, wren.phone]);
    expect(await openChanges(engine)).toEqual([]);
  });

  it('keeps waiting, and says so, when a question about another detail of the record is decided meanwhile', async () => {
    const engine = await begin();
    for (let i = 0; i < 4; i++) {
      engine.systems.hubspot.edit('hubspot-1', { phone: '02 5550 9999' });
      await engine.run();
    }
    engine.systems.hubspot.edit('hubspot-1', { email: 'a@wren.example' });
    engine.systems.xero.edit('xero-1', { email: 'b@wren.example' });
    await engine.run();
    const { db } = engine.database;
    const [question] = await db.select().from(conflicts).where(isNull(conflicts.closedAt));
    const verdict = await decideConflict(db, {
      changeId: question?.changeId ?? '',
      field: 'email',
      from: 'xero',
      revision: question?.optionsRevision ?? 0,
      by: 'U0PRIYA001',
      now: engine.clock.now(),
      agreementVersion: engine.agreement.version,
    });
    expect(verdict.kind).toBe('decided');
    expect(await openChanges(engine)).toMatchObject([{ state: 'writing', hold: 'tug_of_war' }]);
    await engine.run();
    expect(held(engine, 'email')).toEqual(['b@wren.example', 'b@wren.example', 'b@wren.example']);
    expect(await openChanges(engine)).toMatchObject([{ state: 'held', hold: 'tug_of_war' }]);
  });

  it.each(['merged', 'name_taken'] as const)(
    'that it waits because of “%s” outlives a decision',
    async (hold) => {
      const engine = await begin();
      const { db } = engine.database;
      engine.systems.hubspot.edit('hubspot-1', { email: 'a@wren.example' });
      engine.systems.xero.edit('xero-1', { email: 'b@wren.example' });
      await engine.run();
      await db.update(changes).set({ hold, holdDetail: 'as the test says' });
      const [question] = await db.select().from(conflicts);
      await decideConflict(db, {
        changeId: question?.changeId ?? '',
        field: 'email',
        from: 'xero',
        revision: question?.optionsRevision ?? 0,
        by: 'U0PRIYA001',
        now: engine.clock.now(),
        agreementVersion: engine.agreement.version,
      });
      expect(await openChanges(engine)).toMatchObject([
        { state: 'writing', hold, holdDetail: 'as the test says' },
      ]);
    },
  );

  it('of others, agreed among them while the owner was archived, does not stand against it once it is back', async () => {
    const engine = await begin();
    engine.systems.xero.archive('xero-1');
    await engine.run();
    for (const id of ['hubspot', 'cin7-core'] as const)
      engine.systems[id].edit(`${id}-1`, { phone: '02 5550 7777', email: 'new@wren.example' });
    await engine.run();
    expect(held(engine, 'phone')).toEqual(['02 5550 7777', wren.phone, '02 5550 7777']);
    engine.systems.xero.archive('xero-1', false);
    await engine.run();
    await engine.run();
    // By its rule the owner's; where nobody owns it, what was agreed meanwhile.
    expect(held(engine, 'phone')).toEqual([wren.phone, wren.phone, wren.phone]);
    expect(held(engine, 'email')).toEqual(['new@wren.example', 'new@wren.example', 'new@wren.example']);
    expect(await openChanges(engine)).toEqual([]);
    const [phone] = await engine.database.db.select().from(agreed).where(eq(agreed.field, 'phone'));
    expect(phone?.value).toBe(wren.phone);
  });

  it('of others stands where the owner that comes back has nothing there: its blank was chosen by nobody', async () => {
    const engine = await begin();
    engine.systems.xero.edit('xero-1', { phone: null });
    await engine.run();
    expect(held(engine, 'phone')).toEqual([null, null, null]);
    engine.systems.xero.archive('xero-1');
    await engine.run();
    for (const id of ['hubspot', 'cin7-core'] as const)
      engine.systems[id].edit(`${id}-1`, { phone: '02 5550 7777' });
    await engine.run();
    engine.systems.xero.archive('xero-1', false);
    await engine.run();
    await engine.run();
    expect(held(engine, 'phone')).toEqual(['02 5550 7777', '02 5550 7777', '02 5550 7777']);
    expect(await openChanges(engine)).toEqual([]);
  });
});
