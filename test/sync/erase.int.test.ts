import { eq, sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { decideConflict } from '#src/ledger/questions/decisions.ts';
import { questionsOf, storyOf } from '#src/ledger/records/lookup.ts';
import { valueHistory } from '#src/ledger/records/why.ts';
import { writesTo } from '#src/ledger/rollback/writes.ts';
import { type EraseResult, erasureOf, standingOf } from '#src/ledger/sealing/erasures.ts';
import { openVault } from '#src/ledger/sealing/vault.ts';
import * as tables from '#src/ledger/tables/index.ts';
import { describeOn, describeOnBothDatabases, type TestDatabase } from '#test/support/database.ts';
import { type MemoryEngine, openMemoryEngine, type SystemId } from '#test/support/memory-engine.ts';
import { until } from '#test/support/until.ts';
import { erase, goneFrom, priya, recordOf, sweep, tellsOf } from './erasing.ts';

const company = { legal_name: 'Boobook Books Pty Ltd', abn: '50910000074', email: 'books@boobook.example' };
/** Whatever of it was anywhere at any time. */
const personal = [
  ...Object.values(company),
  '0255501870',
  '0255501999',
  'new@boobook.example',
  'other@boobook.example',
];
const systems: readonly SystemId[] = ['hubspot', 'xero', 'cin7-core'];
const sealed = ['sightings', 'settlements', 'intents', 'rollback_items', 'decisions', 'story'];

/** A customer with a past: loaded, changed by rule, and by a person's decision. */
async function lived(database: TestDatabase): Promise<MemoryEngine> {
  const engine = await openMemoryEngine(database, { flow: { whenGone: 'ignore' } });
  for (const system of systems) engine.systems[system].add({ ...company, phone: '0255501870' });
  engine.systems.xero.add({ legal_name: 'Wombat Wines', abn: '83914571673', email: 'wine@wombat.example' });
  await engine.run();
  engine.systems.xero.edit('xero-1', { phone: '0255501999' });
  await engine.run();
  engine.systems.xero.edit('xero-1', { email: 'new@boobook.example' });
  engine.systems.hubspot.edit('hubspot-1', { email: 'other@boobook.example' });
  await engine.run();
  const { conflicts } = await engine.ledger();
  const [asked] = conflicts;
  await decideConflict(database.db, {
    changeId: asked?.changeId ?? '',
    field: 'email',
    from: 'hubspot',
    revision: asked?.optionsRevision ?? 0,
    by: priya,
    now: engine.clock.now(),
    agreementVersion: engine.agreement.version,
  });
  await engine.run();
  return engine;
}

const goneEverywhere = (engine: MemoryEngine) => goneFrom(engine, systems);

describeOnBothDatabases('what is kept of the past', (open) => {
  it('stands nowhere in plain, and is read as it was', async () => {
    const engine = await lived(await open());
    const { database } = engine;
    expect(await tellsOf(database, personal, sealed)).toEqual([]);
    const history = await valueHistory(database.db, await recordOf(engine, company.abn), 'email');
    expect(history.settlements.map(({ value }) => value)).toEqual([company.email, 'other@boobook.example']);
    expect(new Set(history.sightings.map(({ seen }) => seen.value))).toEqual(
      new Set([company.email, 'new@boobook.example', 'other@boobook.example']),
    );
    const [change] = (await engine.ledger()).changes.slice(-1);
    const told = await storyOf(database.db, change?.id ?? '');
    expect(told.find(({ kind }) => kind === 'decided')?.data.value).toBe('other@boobook.example');
  });

  it('is plain where there is no key, and can be erased all the same', async () => {
    const database = await open();
    openVault(database.db, []);
    const engine = await lived(database);
    expect(await tellsOf(database, personal, ['sightings', 'intents'])).not.toEqual([]);
    await goneEverywhere(engine);
    const recordId = await recordOf(engine, company.abn);
    expect(await erase(engine, recordId)).toMatchObject({ kind: 'erased' });
    // A line of a story, and a decision, are never written over.
    const left = (await tellsOf(database, personal)).map((one) => one.split(':')[0]);
    expect([...new Set(left)].sort()).toEqual(['decisions', 'story']);
  });
});

describeOnBothDatabases('erasing a record', (open) => {
  it('is refused while a system has it, and leaves everything as it is', async () => {
    const engine = await lived(await open());
    const recordId = await recordOf(engine, company.abn);
    const in_use = { kind: 'in_use', connections: ['cin7-core', 'hubspot', 'xero'] };
    expect(await standingOf(engine.database.db, recordId)).toEqual(in_use);
    expect(await erase(engine, recordId)).toEqual(in_use);
    expect((await valueHistory(engine.database.db, recordId, 'email')).agreed?.value).toBe(
      'other@boobook.example',
    );
    // Nothing keeps the next run off.
    expect((await engine.run()).kind).toBe('ran');
  });

  it('leaves nothing of it to be read anywhere, its ids and decisions in place, and others untouched', async () => {
    const engine = await lived(await open());
    const { database } = engine;
    const recordId = await recordOf(engine, company.abn);
    await goneEverywhere(engine);
    const before = await engine.ledger();
    const result = await erase(engine, recordId);
    expect(result).toMatchObject({ kind: 'erased', reference: expect.stringMatching(/^tr-/) });
    expect(await tellsOf(database, personal)).toEqual([]);
    expect(await erasureOf(database.db, recordId)).toEqual({ by: priya, at: engine.clock.now() });
    expect(await erase(engine, recordId)).toMatchObject({ kind: 'erased', erasure: { by: priya } });

    const after = await engine.ledger();
    expect(after.records.find(({ id }) => id === recordId)?.title).toBe('Erased record');
    expect(after.links.map(({ externalId }) => externalId).sort()).toEqual(
      before.links.map(({ externalId }) => externalId).sort(),
    );
    expect(after.story.slice(0, before.story.length).map(({ id, kind, actor }) => [id, kind, actor])).toEqual(
      before.story.map(({ id, kind, actor }) => [id, kind, actor]),
    );
    const [decision] = await database.db.select().from(tables.decisions);
    expect(decision).toMatchObject({ by: priya, from: 'hubspot', field: 'email' });
    const wombat = await recordOf(engine, '83914571673');
    expect((await valueHistory(database.db, wombat, 'email')).agreed?.value).toBe('wine@wombat.example');
  });

  it('is told of in a story of its own, and to the business owner', async () => {
    const engine = await lived(await open());
    const { db } = engine.database;
    await goneEverywhere(engine);
    const result = await erase(engine, await recordOf(engine, company.abn));
    const reference = result.kind === 'erased' && 'reference' in result ? result.reference : '';
    expect(await storyOf(db, reference)).toMatchObject([{ kind: 'erased', actor: priya }]);
    const [note] = await db.select().from(tables.outbox).where(eq(tables.outbox.template, 'erased'));
    expect(note?.params).toMatchObject({ to: priya, by: priya, reference });
  });

  it('leaves what reads afterwards standing', async () => {
    const engine = await lived(await open());
    const { db } = engine.database;
    const recordId = await recordOf(engine, company.abn);
    await goneEverywhere(engine);
    await erase(engine, recordId);
    for (const { id } of (await engine.ledger()).changes.filter((one) => one.recordId === recordId)) {
      expect(await writesTo(db, { scope: 'change', target: id }, [recordId])).toEqual([]);
      for (const { data } of await storyOf(db, id)) expect(Object.keys(data)).not.toContain('value');
      for (const { options, agreedBefore, chosen } of await questionsOf(db, id))
        expect([...options.map(({ value }) => value), agreedBefore, chosen?.value ?? null]).toEqual(
          Array(options.length + 2).fill(null),
        );
    }
    const history = await valueHistory(db, recordId, 'email');
    expect(history.now).toEqual({});
    expect(history.sightings.length).toBeGreaterThan(0);
    expect(history.sightings.every(({ seen }) => seen.value === undefined)).toBe(true);
    expect(history.settlements.every(({ value }) => value === undefined)).toBe(true);
    await engine.run({ trigger: 'sweep' });
    await engine.run();
    expect(await tellsOf(engine.database, personal)).toEqual([]);
  });

  it('is not done while a run is under way, nor while something of it is', async () => {
    const engine = await lived(await open());
    const { db } = engine.database;
    const recordId = await recordOf(engine, company.abn);
    await goneEverywhere(engine);
    let during: EraseResult | null = null;
    engine.systems.xero.edit('xero-2', { phone: '0270100000' });
    await engine.run({}, async () => {
      during ??= await erase(engine, recordId);
    });
    expect(during).toEqual({ kind: 'busy' });
    const [intent] = await db.select().from(tables.intents).where(eq(tables.intents.recordId, recordId));
    await db
      .update(tables.intents)
      .set({ state: 'unknown' })
      .where(eq(tables.intents.id, intent?.id ?? ''));
    expect(await erase(engine, recordId)).toEqual({ kind: 'under_way' });
  });

  it('keeps what is archived from being read again; what is put back in use comes as a new record', async () => {
    const engine = await lived(await open());
    const recordId = await recordOf(engine, company.abn);
    engine.systems.hubspot.remove('hubspot-1');
    engine.systems['cin7-core'].remove('cin7-core-1');
    engine.systems.xero.archive('xero-1');
    await sweep(engine);
    expect(await standingOf(engine.database.db, recordId)).toEqual({
      kind: 'ready',
      gone: ['cin7-core', 'hubspot'],
      archived: ['xero'],
    });
    await erase(engine, recordId);
    engine.systems.xero.edit('xero-1', { phone: '0255501870' });
    await engine.run();
    await engine.run({ trigger: 'sweep' });
    expect(await tellsOf(engine.database, personal)).toEqual([]);
    engine.systems.xero.archive('xero-1', false);
    await engine.run();
    const { records } = await engine.ledger();
    expect(records.find(({ id }) => id === recordId)).toMatchObject({
      title: 'Erased record',
      keyValue: null,
    });
    expect(await recordOf(engine, company.abn)).not.toBe(recordId);
    expect(await standingOf(engine.database.db, recordId)).toMatchObject({ kind: 'erased' });
  });
});

describeOn('PostgreSQL', 'erasing a record beside a run', (open) => {
  it('holds nothing that a transaction of the run wants, while it waits for the run', async () => {
    const engine = await lived(await open());
    const { db } = engine.database;
    const recordId = await recordOf(engine, company.abn);
    await goneEverywhere(engine);
    const isBlocked = async () => {
      const waiting = await db.execute(
        sql`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      );
      return waiting.length > 0;
    };
    let erasing: Promise<EraseResult> | null = null;
    // As every transaction of a run: first its lease, then rows that refer to the record.
    await db.transaction(async (run) => {
      await run.select().from(tables.leases).where(eq(tables.leases.name, 'flow:customers')).for('share');
      erasing = erase(engine, recordId);
      await until(isBlocked);
      await run.select().from(tables.records).where(eq(tables.records.id, recordId)).for('key share');
    });
    expect(await erasing).toMatchObject({ kind: 'erased' });
  });
});
