import { eq } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { answerLikeness, undoLikeness } from '#src/ledger/questions/likenesses.ts';
import { recordsMeant } from '#src/ledger/records/find-records.ts';
import { valueHistory } from '#src/ledger/records/why.ts';
import { erasureOf, standingOf } from '#src/ledger/sealing/erasures.ts';
import { likenesses, links, records } from '#src/ledger/tables/index.ts';
import { describeOnBothDatabases } from '#test/support/database.ts';
import { type MemoryEngine, openMemoryEngine } from '#test/support/memory-engine.ts';
import { erase, goneFrom, priya, recordOf, tellsOf } from './erasing.ts';

const abn = '48910000065';
const wren = {
  legal_name: 'Fairy Wren Interiors Pty Ltd',
  abn,
  email: 'hello@wren.example',
  phone: '0491570156',
};
/** As a CRM has it: nobody asked for the ABN. */
const crm = { ...wren, legal_name: 'Fairy Wren Interiors', abn: null };
const wombat = { legal_name: 'Wombat Wines', abn: '83914571673', email: 'wine@wombat.example' };
const systems = ['hubspot', 'xero', 'cin7-core'] as const;

type Opened = Parameters<Parameters<typeof describeOnBothDatabases>[1]>[0];

/** HubSpot has the customer without an ABN, Xero and Cin7 Core have it with one. */
async function begin(open: Opened): Promise<MemoryEngine> {
  const engine = await openMemoryEngine(await open(), { flow: { whenGone: 'ignore' } });
  const { hubspot, xero, 'cin7-core': cin7 } = engine.systems;
  hubspot.add(crm);
  for (const system of [xero, cin7]) system.add(wren);
  for (const system of systems) engine.systems[system].add(wombat);
  await engine.run();
  return engine;
}

/** A person says that the two are one, and a run makes them one. Returns the one that goes on, and the one that was taken in. */
async function joined(engine: MemoryEngine): Promise<{ kept: string; taken: string }> {
  const { db } = engine.database;
  const [row] = await db.select().from(likenesses).where(eq(likenesses.state, 'open'));
  const { id, revision } = row ?? expect.fail('nothing is asked');
  await answerLikeness(db, { id, revision, by: priya, now: engine.clock.now(), answer: 'same' });
  await engine.run();
  await engine.run();
  const [after] = await db.select().from(likenesses).where(eq(likenesses.id, id));
  return after?.joined ?? expect.fail('not joined');
}

async function undo(engine: MemoryEngine): Promise<void> {
  const { db } = engine.database;
  const [row] = await db.select().from(likenesses).where(eq(likenesses.state, 'same'));
  const { id, revision } = row ?? expect.fail('nothing was said');
  await undoLikeness(db, { id, revision, by: priya, now: engine.clock.now() });
}

const titleOf = async ({ database: { db } }: MemoryEngine, id: string) =>
  (await db.select().from(records).where(eq(records.id, id)))[0]?.title;
/** The record that HubSpot's first one belongs to. */
const inHubspot = async ({ database: { db } }: MemoryEngine): Promise<string> =>
  (await db.select().from(links).where(eq(links.externalId, 'hubspot-1')))[0]?.recordId ??
  expect.fail('no link');

describeOnBothDatabases('erasing a record that a person said was one with another', (open) => {
  it('leaves the other as it is, once they are two again', async () => {
    const engine = await begin(open);
    const { db } = engine.database;
    const { kept, taken } = await joined(engine);
    await undo(engine);
    await engine.run();
    await engine.run();
    expect(await inHubspot(engine)).toBe(taken);
    await goneFrom(engine, ['xero', 'cin7-core']);
    const past = await valueHistory(db, kept, 'legal_name');
    expect(past.sightings.length).toBeGreaterThan(0);
    expect(JSON.stringify(past.sightings)).not.toContain(taken);
    const before = await valueHistory(db, taken, 'email');
    expect(await erase(engine, kept)).toMatchObject({ kind: 'erased' });
    expect(await erasureOf(db, taken)).toBeNull();
    expect(await titleOf(engine, taken)).not.toBe('Erased record');
    const after = await valueHistory(db, taken, 'email');
    expect(after).toEqual(before);
    expect(Object.keys(after.now)).toEqual(['hubspot']);
  });

  it('waits while a run has not taken them apart yet', async () => {
    const engine = await begin(open);
    const { kept, taken } = await joined(engine);
    await goneFrom(engine, systems);
    await undo(engine);
    for (const id of [kept, taken]) expect(await erase(engine, id)).toEqual({ kind: 'under_way' });
    await engine.run();
    expect(await erase(engine, kept)).toMatchObject({ kind: 'erased' });
    expect(await titleOf(engine, taken)).not.toBe('Erased record');
  });

  it('is refused while it lives, whichever of the two is named; afterwards erases both', async () => {
    const engine = await begin(open);
    const { db } = engine.database;
    const { kept, taken } = await joined(engine);
    const inUse = { kind: 'in_use', connections: ['cin7-core', 'hubspot', 'xero'] };
    expect(await standingOf(db, taken)).toEqual(inUse);
    expect(await erase(engine, taken)).toEqual(inUse);
    expect(await titleOf(engine, taken)).toBe(crm.legal_name);
    await goneFrom(engine, systems);
    expect(await erase(engine, taken)).toMatchObject({ kind: 'erased' });
    expect(await tellsOf(engine.database, [...Object.values(wren), crm.legal_name])).toEqual([]);
    for (const id of [kept, taken]) expect(await standingOf(db, id)).toMatchObject({ kind: 'erased' });
  });

  it('is refused while a system has the one that was taken in', async () => {
    const engine = await begin(open);
    const { kept, taken } = await joined(engine);
    await goneFrom(engine, systems);
    await engine.database.db.insert(links).values({
      recordId: taken,
      connection: 'xero',
      role: 'company',
      externalId: 'xero-9',
      how: 'alone',
      linkedAt: engine.clock.now(),
    });
    expect(await erase(engine, kept)).toEqual({ kind: 'in_use', connections: ['xero'] });
  });
});

describeOnBothDatabases('erasing a record that another had gone into', (open) => {
  const own = 'Wren from before';

  /** HubSpot's record stands alone, with a past of its own, until somebody types its ABN there. */
  async function keyed(open: Opened): Promise<{ engine: MemoryEngine; alone: string }> {
    const engine = await openMemoryEngine(await open(), { flow: { whenGone: 'ignore' }, createIn: {} });
    const { hubspot, xero, 'cin7-core': cin7 } = engine.systems;
    hubspot.add({ ...crm, legal_name: own, email: 'first@wren.example', phone: '0491570157' });
    for (const system of [xero, cin7]) system.add(wren);
    for (const system of systems) engine.systems[system].add(wombat);
    await engine.run();
    const alone = await inHubspot(engine);
    hubspot.edit('hubspot-1', { email: 'second@wren.example' });
    await engine.run();
    return { engine, alone };
  }

  it('by its ABN: nothing is left of either, and it is found by what either was known by', async () => {
    const { engine, alone } = await keyed(open);
    const { db } = engine.database;
    engine.systems.hubspot.edit('hubspot-1', { abn });
    await engine.run();
    await engine.run();
    const record = await recordOf(engine, abn);
    expect(record).not.toBe(alone);
    expect(await inHubspot(engine)).toBe(record);
    const found = await recordsMeant(db, {
      words: 'first@wren.example',
      reference: null,
      entities: ['customer'],
    });
    expect(found.map(({ id }) => id)).toContain(record);
    expect(await standingOf(db, alone)).toMatchObject({ kind: 'in_use' });
    await goneFrom(engine, systems);
    expect(await erase(engine, record)).toMatchObject({ kind: 'erased' });
    expect(await titleOf(engine, alone)).toBe('Erased record');
    expect(await tellsOf(engine.database, [own, ...Object.values(wren), 'wren.example'])).toEqual([]);
  });

  it('because the systems agreed on its ABN', async () => {
    const engine = await openMemoryEngine(await open(), {
      flow: { whenGone: 'ignore' },
      rules: { legal_name: 'overwrite', abn: 'overwrite', email: 'overwrite' },
      createIn: {},
    });
    const { hubspot, xero, 'cin7-core': cin7 } = engine.systems;
    const next = '50910000074';
    for (const system of [xero, cin7]) system.add(wren);
    hubspot.add({ legal_name: own, abn: next, email: 'first@wren.example' });
    for (const system of systems) engine.systems[system].add(wombat);
    await engine.run();
    const alone = await inHubspot(engine);
    xero.edit('xero-1', { abn: next });
    for (let n = 0; n < 4; n++) await engine.run();
    const record = await recordOf(engine, next);
    expect(record).not.toBe(alone);
    await goneFrom(engine, systems);
    expect(await erase(engine, record)).toMatchObject({ kind: 'erased' });
    expect(await tellsOf(engine.database, [own, ...Object.values(wren), next, 'wren.example'])).toEqual([]);
  });

  it('because a system merged them', async () => {
    const { engine, alone } = await keyed(open);
    const { hubspot } = engine.systems;
    const winner = hubspot.add({ ...wren, legal_name: 'Wren that won' });
    await engine.run();
    await engine.run();
    hubspot.merge('hubspot-1', winner);
    await engine.run();
    await engine.run();
    const record = await recordOf(engine, abn);
    hubspot.remove(winner);
    await goneFrom(engine, ['xero', 'cin7-core']);
    expect(await erase(engine, record)).toMatchObject({ kind: 'erased' });
    expect(await titleOf(engine, alone)).toBe('Erased record');
    expect(await tellsOf(engine.database, [own, ...Object.values(wren), 'wren.example'])).toEqual([]);
  });
});
