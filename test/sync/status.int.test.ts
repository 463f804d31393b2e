import { isNull } from 'drizzle-orm';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { decideConflict } from '#src/ledger/questions/decisions.ts';
import { conflicts, pending } from '#src/ledger/tables/index.ts';
import { describeOn } from '#test/support/database.ts';
import { type MemoryEngine, openMemoryEngine, type SystemId } from '#test/support/memory-engine.ts';

const wren = { legal_name: 'Fairy Wren Interiors Pty Ltd', abn: '48910000065', email: 'hello@wren.example' };
const rules = {
  legal_name: 'overwrite',
  abn: 'approve',
  email: 'review',
  phone: 'overwrite',
  status: 'approve',
} as const;
const ids: readonly SystemId[] = ['hubspot', 'xero', 'cin7-core'];

async function begin(
  open: Parameters<Parameters<typeof describeOn>[2]>[0],
  hasBin = false,
): Promise<MemoryEngine> {
  const systems = hasBin ? { hubspot: { hasBin } } : {};
  const engine = await openMemoryEngine(await open(), { rules, systems });
  for (const id of ids) engine.systems[id].add(wren);
  await engine.run();
  return engine;
}

const questions = ({ database: { db } }: MemoryEngine) =>
  db.select().from(conflicts).where(isNull(conflicts.closedAt));

async function choose(engine: MemoryEngine, from: string): Promise<void> {
  const { db } = engine.database;
  for (const { changeId, field, optionsRevision: revision } of await questions(engine)) {
    const how = { changeId, field, revision, from, by: 'U0PRIYA001', agreementVersion: 1 };
    await decideConflict(db, { ...how, now: engine.clock.now() });
  }
  await engine.run();
  await engine.run();
}

const archivedIn = (engine: MemoryEngine) =>
  ids.filter((id) => engine.systems[id].records.get(`${id}-1`)?.archived);
const openChanges = async (engine: MemoryEngine) =>
  (await engine.ledger()).changes.filter(({ closedAt }) => closedAt === null);

describeOn('PGlite', 'the status of a record', (open) => {
  it('is asked about where one system archives it; chosen, it is archived everywhere and at rest', async () => {
    const engine = await begin(open);
    engine.systems.xero.archive('xero-1');
    await engine.run();
    const [question] = await questions(engine);
    expect(question?.options.map(({ connection, value }) => [connection, value])).toEqual([
      ['hubspot', 'active'],
      ['xero', 'archived'],
      ['cin7-core', 'active'],
    ]);
    await choose(engine, 'xero');
    expect(archivedIn(engine)).toEqual([...ids]);
    expect(await openChanges(engine)).toEqual([]);
    // Dormant: what is edited in one of them goes nowhere.
    engine.systems.hubspot.edit('hubspot-1', { email: 'late@wren.example' });
    await engine.run();
    await engine.run();
    expect(await openChanges(engine)).toEqual([]);
    expect(engine.systems.xero.records.get('xero-1')?.values.email).toBe(wren.email);
    expect(engine.systems.xero.writes).toEqual([]);
  });

  it('chosen to stay active brings the archived one back, with what it missed', async () => {
    const engine = await begin(open);
    engine.systems.xero.archive('xero-1');
    await engine.run();
    engine.systems.hubspot.edit('hubspot-1', { email: 'away@wren.example' });
    await engine.run();
    expect(engine.systems['cin7-core'].records.get('cin7-core-1')?.values.email).toBe('away@wren.example');
    expect(engine.systems.xero.records.get('xero-1')?.values.email).toBe(wren.email);
    await choose(engine, 'hubspot');
    await engine.run();
    expect(archivedIn(engine)).toEqual([]);
    expect(engine.systems.xero.records.get('xero-1')?.values.email).toBe('away@wren.example');
    expect(engine.systems.xero.writes.map(({ fields, wasArchived }) => [fields, wasArchived])).toEqual([
      [['status'], true],
      [['email'], false],
    ]);
    expect(await openChanges(engine)).toEqual([]);
  });

  it('forgets nothing that the archived one brought into an open question, and brings it back without writing over it', async () => {
    const engine = await openMemoryEngine(await open(), { rules, createIn: {} });
    const { hubspot, xero } = engine.systems;
    for (const system of [hubspot, xero]) system.add(wren);
    await engine.run();
    hubspot.edit('hubspot-1', { email: 'sales@wren.example' });
    xero.edit('xero-1', { email: 'bills@wren.example' });
    await engine.run();
    xero.archive('xero-1');
    await engine.run();
    const asked = (await questions(engine)).map(({ field, options }) => [
      field,
      options.map(({ value }) => value),
    ]);
    expect(asked.sort()).toEqual([
      ['email', ['sales@wren.example', 'bills@wren.example']],
      ['status', ['active', 'archived']],
    ]);
    xero.archive('xero-1', false);
    await engine.run();
    await engine.run();
    expect((await questions(engine)).map(({ field }) => field)).toEqual(['email']);
    expect(xero.records.get('xero-1')?.values.email).toBe('bills@wren.example');
    await choose(engine, 'xero');
    expect(hubspot.records.get('hubspot-1')?.values.email).toBe('bills@wren.example');
    expect(await openChanges(engine)).toEqual([]);
  });

  it('forgets it neither where the agreement keeps no status in step', async () => {
    const { status: _, ...others } = rules;
    const engine = await openMemoryEngine(await open(), { rules: others, createIn: {} });
    const { hubspot, xero } = engine.systems;
    for (const system of [hubspot, xero]) system.add(wren);
    await engine.run();
    hubspot.edit('hubspot-1', { email: 'sales@wren.example' });
    xero.edit('xero-1', { email: 'bills@wren.example' });
    await engine.run();
    xero.archive('xero-1');
    await engine.run();
    xero.archive('xero-1', false);
    await engine.run();
    await engine.run();
    expect((await questions(engine)).map(({ field }) => field)).toEqual(['email']);
    expect(xero.records.get('xero-1')?.values.email).toBe('bills@wren.example');
  });

  it('is one question where two systems archive it one after the other, and none once all have', async () => {
    const engine = await begin(open);
    const { hubspot, xero, 'cin7-core': cin7 } = engine.systems;
    xero.archive('xero-1');
    await engine.run();
    hubspot.archive('hubspot-1');
    await engine.run();
    const [question, ...more] = await questions(engine);
    expect([question?.options.map(({ value }) => value), more]).toEqual([
      ['archived', 'archived', 'active'],
      [],
    ]);
    cin7.archive('cin7-core-1');
    await engine.run();
    expect(await openChanges(engine)).toEqual([]);
    expect(ids.flatMap((id) => engine.systems[id].writes)).toEqual([]);
  });

  it('is back with another ABN: a person is asked, and nobody else’s record is touched', async () => {
    const engine = await begin(open);
    const { xero, hubspot } = engine.systems;
    const other = hubspot.add({ legal_name: 'Boobook Books Pty Ltd', abn: '50910000074' });
    await engine.run();
    await engine.run();
    xero.archive('xero-1');
    await engine.run();
    await choose(engine, 'xero');
    xero.edit('xero-1', { abn: '50910000074', email: 'late@wren.example' });
    await engine.run();
    expect(await openChanges(engine)).toEqual([]);
    xero.archive('xero-1', false);
    await engine.run();
    await engine.run();
    expect((await questions(engine)).map(({ field }) => field).sort()).toEqual(['status']);
    await choose(engine, 'xero');
    await engine.run();
    expect((await questions(engine)).map(({ field }) => field).sort()).toEqual(['abn']);
    expect(hubspot.records.get(other)?.values.legal_name).toBe('Boobook Books Pty Ltd');
    expect(hubspot.records.get('hubspot-1')?.values.abn).toBe(wren.abn);
  });

  it('says nothing where a system puts it into a bin that nobody can write to', async () => {
    const engine = await begin(open, true);
    engine.systems.hubspot.archive('hubspot-1');
    await engine.run();
    expect(await questions(engine)).toEqual([]);
    engine.systems.xero.archive('xero-1');
    await engine.run();
    await choose(engine, 'xero');
    expect(archivedIn(engine)).toEqual([...ids]);
    expect(engine.systems.hubspot.writes).toEqual([]);
    expect(await openChanges(engine)).toEqual([]);
  });

  it('of one that was archived before anybody linked it is asked about, and none is made beside it', async () => {
    const engine = await openMemoryEngine(await open(), { rules });
    engine.systems.xero.add(wren, { archived: true });
    engine.systems.hubspot.add(wren);
    await engine.run();
    await engine.run();
    expect(engine.systems.xero.records.size).toBe(1);
    expect((await questions(engine)).map(({ field }) => field)).toEqual(['status']);
  });

  it('whatever happens: of an archived record nothing but its status is ever written', {
    timeout: 120_000,
  }, async () => {
    const database = await open();
    const id = fc.constantFrom(...ids);
    const deed = fc.oneof(
      fc.record({ kind: fc.constant('archive' as const), id, archived: fc.boolean() }),
      fc.record({
        kind: fc.constant('edit' as const),
        id,
        phone: fc.constantFrom('0255501111', '0255502222'),
      }),
      fc.record({ kind: fc.constant('choose' as const), id }),
      fc.record({ kind: fc.constant('run' as const), id }),
    );
    const property = fc.asyncProperty(fc.array(deed, { minLength: 3, maxLength: 8 }), async (deeds) => {
      await database.empty();
      const engine = await openMemoryEngine(database, { rules });
      for (const one of ids) engine.systems[one].add(wren);
      await engine.run();
      for (const one of deeds) {
        const system = engine.systems[one.id];
        if (one.kind === 'archive') system.archive(`${one.id}-1`, one.archived);
        if (one.kind === 'edit') system.edit(`${one.id}-1`, { phone: one.phone });
        if (one.kind === 'choose') await choose(engine, one.id);
        else await engine.run();
      }
      await choose(engine, 'xero');
      for (const one of ids) {
        const toArchived = engine.systems[one].writes.filter(({ wasArchived }) => wasArchived);
        expect(
          toArchived
            .map(({ fields }) => fields)
            .filter(([first, ...more]) => first !== 'status' || more.length > 0),
        ).toEqual([]);
        expect(engine.systems[one].records.size).toBe(1);
      }
      expect(await engine.database.db.select().from(pending)).toEqual([]);
    });
    await fc.assert(property, { numRuns: 12 });
  });
});
