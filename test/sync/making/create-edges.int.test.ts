import { eq } from 'drizzle-orm';
import { expect, it } from 'vitest';
import type { Flow } from '#src/agreement/agreement.ts';
import { importAgreement } from '#src/ledger/agreement/agreements.ts';
import { firstLoadCounts } from '#src/ledger/records/lookup.ts';
import { intents } from '#src/ledger/tables/index.ts';
import { describeOn } from '#test/support/database.ts';
import { type MemoryEngine, openMemoryEngine } from '#test/support/memory-engine.ts';
import type { MemorySystem } from '#test/support/memory-system.ts';

const wren = { legal_name: 'Fairy Wren Interiors Pty Ltd', abn: '48910000065', email: 'hello@wren.example' };
const owl = { legal_name: 'Boobook Books Pty Ltd', abn: '50910000074', email: 'hello@boobook.example' };

const namesIn = ({ records }: MemorySystem) =>
  [...records.values()].map(({ values }) => values.legal_name).sort();
const openChanges = async (engine: MemoryEngine) =>
  (await engine.ledger()).changes.filter(({ closedAt }) => closedAt === null);

describeOn('PGlite', 'a record that waits to be made', (open) => {
  it('waits for the approval first, is told once of each system, and then gets what it lacked elsewhere', async () => {
    const engine = await openMemoryEngine(await open(), { approved: false });
    const { hubspot, xero, 'cin7-core': cin7 } = engine.systems;
    xero.add({ legal_name: 'FAIRY WREN INTERIORS P/L' });
    hubspot.add(wren);
    await engine.run();
    await engine.run();
    const first = await openChanges(engine);
    const held = first.find(({ subject }) => subject === wren.legal_name);
    expect(held).toMatchObject({
      state: 'held',
      hold: 'first_load',
      holdDetail: 'xero has “FAIRY WREN INTERIORS P/L” already, without a valid ABN; to be made in cin7-core',
    });
    expect(await firstLoadCounts(engine.database.db, 'customers')).toMatchObject({
      missing: [{ connection: 'cin7-core', n: 1 }],
    });
    await engine.run();
    await engine.run();
    // Nothing has changed since, so nothing is told or shown again.
    expect(await openChanges(engine)).toEqual(first);
    await engine.approve();
    await engine.run();
    expect(namesIn(cin7)).toEqual([wren.legal_name]);
    const waits = (await openChanges(engine)).find(({ subject }) => subject === wren.legal_name);
    expect(waits?.hold).toBe('name_taken');
  });

  it('gets what it lacks where it is, once approved, though its name is taken where it is not', async () => {
    const engine = await openMemoryEngine(await open(), {
      approved: false,
      rules: { legal_name: 'overwrite', abn: 'approve', phone: 'latest' },
      createIn: { xero: ['hubspot'] },
    });
    const { hubspot, xero, 'cin7-core': cin7 } = engine.systems;
    xero.add({ legal_name: wren.legal_name });
    hubspot.add({ ...wren, legal_name: 'Fairy Wren Interiors Pty Ltd', phone: '0255501111' });
    cin7.add({ ...wren, phone: '0255502222' });
    await engine.run();
    await engine.run();
    await engine.approve();
    await engine.run();
    expect((await engine.ledger()).conflicts.map(({ field }) => field)).toEqual(['phone']);
    expect((await openChanges(engine)).map(({ hold }) => hold).sort()).toEqual(['name_taken', 'no_key']);
  });

  it('is no reason to keep from the others what is on its way to them, where its name is taken', async () => {
    const engine = await openMemoryEngine(await open(), { createIn: { xero: ['hubspot'] } });
    const { hubspot, xero, 'cin7-core': cin7 } = engine.systems;
    hubspot.add(wren);
    cin7.add(wren);
    xero.answers.push('taken', 'taken');
    await engine.run();
    await engine.run();
    expect((await openChanges(engine)).map(({ hold }) => hold)).toEqual(['name_taken']);
    hubspot.edit('hubspot-1', { email: 'new@wren.example' });
    await engine.run();
    await engine.run();
    expect(cin7.records.get('cin7-core-1')?.values.email).toBe('new@wren.example');
    expect(await openChanges(engine)).toMatchObject([{ state: 'held', hold: 'name_taken' }]);
  });

  it('is no reason to keep from the others what is on its way to them, where it is refused', async () => {
    const engine = await openMemoryEngine(await open(), { createIn: { xero: ['hubspot'] } });
    const { hubspot, xero, 'cin7-core': cin7 } = engine.systems;
    hubspot.add(wren);
    cin7.add(wren);
    xero.answers.push('refused', 'refused');
    await engine.run();
    await engine.run();
    hubspot.edit('hubspot-1', { email: 'new@wren.example' });
    await engine.run();
    await engine.run();
    expect(cin7.records.get('cin7-core-1')?.values.email).toBe('new@wren.example');
    // That it is missing in Xero is not forgotten with that.
    expect(await openChanges(engine)).toMatchObject([{ state: 'failed', holdDetail: 'as the test says' }]);
    expect((await engine.ledger()).changes).toHaveLength(1);
  });

  it('is made though others before it are refused, all for one reason', async () => {
    // So many at once are made here without a word of anybody.
    const flow = { safetyStop: { records: 1000, percent: 100 } };
    const engine = await openMemoryEngine(await open(), { createIn: { xero: ['hubspot'] }, flow });
    const { hubspot, xero } = engine.systems;
    await engine.run();
    const create = xero.connector.create;
    // A tax code that the account lacks, say.
    Object.assign(xero.connector, {
      create: async (...[creates, call]: Parameters<typeof create>) => {
        const isBad = creates.map(({ fields }) => fields.email === 'bad@bad.example');
        const made = await create(
          creates.filter((_, i) => !isBad[i]),
          call,
        );
        return creates.map(({ key }, i) =>
          isBad[i]
            ? { kind: 'refused', key, reason: 'Xero has no code for export.', taken: false, exchangeId: null }
            : made.find((one) => one.key === key),
        );
      },
    });
    for (const abn of validAbns(60))
      hubspot.add({ legal_name: `Customer ${abn}`, abn, email: 'bad@bad.example' });
    await engine.run();
    await engine.run();
    hubspot.add(owl);
    await engine.run();
    await engine.run();
    expect(namesIn(xero)).toEqual([owl.legal_name]);
  });

  it('is made where it is missing, and goes on waiting for what something else keeps writing', async () => {
    const engine = await openMemoryEngine(await open(), { createIn: {} });
    const { hubspot, xero, 'cin7-core': cin7 } = engine.systems;
    for (const system of [hubspot, xero]) system.add({ ...wren, phone: '0255501111' });
    await engine.run();
    for (let i = 0; i < 4; i++) {
      hubspot.edit('hubspot-1', { phone: '0255502222' });
      await engine.run();
    }
    const [held] = await openChanges(engine);
    expect(held).toMatchObject({ state: 'held', hold: 'tug_of_war' });
    await agree(engine, (flow) => ({ ...flow, createIn: { 'cin7-core': ['hubspot'] } }));
    await engine.run();
    await engine.run();
    expect(namesIn(cin7)).toEqual([wren.legal_name]);
    expect(await openChanges(engine)).toMatchObject([{ id: held?.id, state: 'held', hold: 'tug_of_war' }]);
  });

  it('is not given up as done while the system asks us to wait', async () => {
    const engine = await openMemoryEngine(await open(), {
      approved: false,
      createIn: { xero: ['hubspot'] },
    });
    const { hubspot, xero } = engine.systems;
    hubspot.add(wren);
    await engine.run();
    await engine.run();
    await engine.approve();
    await engine.run({}, async (point) => {
      if (point === 'creates') xero.isDown = true;
    });
    expect(await openChanges(engine)).toMatchObject([{ subject: wren.legal_name }]);
    xero.isDown = false;
    await engine.run();
    expect(namesIn(xero)).toEqual([wren.legal_name]);
    expect((await engine.ledger()).changes.map(({ state }) => state)).toEqual(['settled']);
  });

  it('without an answer is not made again in the same run: it may still be under way', async () => {
    const engine = await openMemoryEngine(await open(), { createIn: { xero: ['hubspot'] } });
    const { hubspot, xero, 'cin7-core': cin7 } = engine.systems;
    for (const system of [hubspot, xero, cin7]) system.add(owl);
    await engine.run();
    hubspot.add(wren);
    await engine.run();
    hubspot.edit('hubspot-1', { email: 'new@boobook.example' });
    xero.answers.push('lost', 'lost');
    let edits = 0;
    await engine.run({}, async (point) => {
      // Somebody types while the run is under way: the run decides anew, and comes by what is missing a second time.
      if (point === 'decided' && edits++ === 0) cin7.edit('cin7-core-1', { email: 'typed@boobook.example' });
    });
    expect(edits).toBeGreaterThan(1);
    const { db } = engine.database;
    expect(await db.select().from(intents).where(eq(intents.kind, 'create'))).toHaveLength(1);
    xero.answers.length = 0;
    await engine.run();
    expect(namesIn(xero)).toEqual([owl.legal_name, wren.legal_name]);
  });
});

describeOn('PGlite', 'a record whose making takes the system long', (open) => {
  it('is not made a second time by a run that comes seconds later', async () => {
    const engine = await openMemoryEngine(await open(), { createIn: { xero: ['hubspot'] } });
    const { hubspot, xero } = engine.systems;
    const { db } = engine.database;
    hubspot.add(wren);
    await engine.run();
    xero.answers.push('lost');
    await engine.run();
    // Each run of the test comes a minute after the last: this one ten seconds.
    engine.clock.advance(-50_000);
    await engine.run();
    expect(await db.select().from(intents)).toMatchObject([{ state: 'unknown' }]);
    const [record] = (await engine.ledger()).records;
    xero.add(wren, { marker: record?.id ?? '' });
    await engine.run();
    await engine.run();
    expect(namesIn(xero)).toEqual([wren.legal_name]);
    expect(await openChanges(engine)).toEqual([]);
    expect(await db.select().from(intents)).toMatchObject([{ state: 'done' }]);
  });
});

describeOn('PGlite', 'an agreement that changes while nobody knows whether a record was made', (open) => {
  async function begin(answer: 'lost' | 'unheard'): Promise<MemoryEngine> {
    const engine = await openMemoryEngine(await open(), { createIn: { xero: ['hubspot'] } });
    const { hubspot, xero } = engine.systems;
    hubspot.add(wren);
    await engine.run();
    xero.answers.push(answer);
    await engine.run();
    await agree(engine, ({ fields: { email: _, ...fields }, ...flow }) => ({
      ...flow,
      createIn: {},
      fields,
    }));
    return engine;
  }

  it('links what was made, though it would make none any more', async () => {
    const engine = await begin('unheard');
    for (let i = 0; i < 3; i++) await engine.run();
    expect(namesIn(engine.systems.xero)).toEqual([wren.legal_name]);
    expect((await engine.ledger()).links).toHaveLength(2);
    expect(await openChanges(engine)).toEqual([]);
  });

  it('makes what was lost no more, and says where it is missing', async () => {
    const engine = await begin('lost');
    for (let i = 0; i < 3; i++) await engine.run();
    expect(engine.systems.xero.records.size).toBe(0);
    expect(await openChanges(engine)).toMatchObject([{ state: 'held', hold: 'not_linked' }]);
    const { db } = engine.database;
    expect((await db.select().from(intents)).map(({ state }) => state)).toEqual(['abandoned']);
  });
});

/** A new version of the agreement. */
async function agree(
  { agreement, database, clock }: MemoryEngine,
  change: (flow: Flow) => Flow,
): Promise<void> {
  const { customers } = agreement.flows;
  if (!customers) throw new Error('the agreement has no flow of customers');
  const flows = { customers: change(customers) };
  await importAgreement(database.db, { ...agreement, flows }, { source: 'test', now: clock.now() });
}

/** Numbers that pass the ABN's check. */
function validAbns(count: number): string[] {
  const weights = [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19];
  const isValid = (abn: string) =>
    [...abn].reduce((sum, digit, i) => sum + (Number(digit) - (i === 0 ? 1 : 0)) * (weights[i] ?? 0), 0) %
      89 ===
    0;
  const found: string[] = [];
  for (let n = 51_000_000_000; found.length < count; n++) if (isValid(String(n))) found.push(String(n));
  return found;
}
