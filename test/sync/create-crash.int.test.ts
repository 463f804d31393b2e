import { isNull } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { intents, pending } from '#src/ledger/tables/index.ts';
import { describeOnBothDatabases, type TestDatabase } from '#test/support/database.ts';
import { type MemoryEngine, openMemoryEngine } from '#test/support/memory-engine.ts';

const leaseMs = 30_000;
const customers = [
  { legal_name: 'Fairy Wren Interiors Pty Ltd', abn: '48910000065', email: 'hello@wren.example' },
  { legal_name: 'Boobook Books Pty Ltd', abn: '50910000074', phone: '0255501870' },
];
/** Where a run that makes records can die, and the how many-th time it comes there. */
const places: readonly (readonly [point: string, times: number])[] = [
  ['decided', 1],
  ['creates', 1],
  ['made', 1],
  ['made', 2],
  ['linked', 1],
  ['linked', 2],
];

async function begin(database: TestDatabase): Promise<MemoryEngine> {
  const engine = await openMemoryEngine(database);
  for (const customer of customers) engine.systems.hubspot.add(customer);
  await engine.run();
  return engine;
}

/** Every record, once in every system and linked there; nothing left under way. */
async function expectWhole(engine: MemoryEngine): Promise<void> {
  const { records, links, changes } = await engine.ledger();
  expect(records).toHaveLength(customers.length);
  expect(links).toHaveLength(customers.length * 3);
  for (const system of Object.values(engine.systems)) {
    const held = [...system.records.values()].map(({ values }) => values);
    expect(held.map(({ abn }) => abn).sort()).toEqual(customers.map(({ abn }) => abn).sort());
  }
  const { db } = engine.database;
  expect(await db.select().from(intents).where(isNull(intents.finishedAt))).toEqual([]);
  expect(await db.select().from(pending)).toEqual([]);
  expect(changes.map(({ state, hold }) => [state, hold])).toEqual(customers.map(() => ['settled', null]));
}

describeOnBothDatabases('promise 6, a run that dies while it makes records', (open) => {
  it.each(places)('on an error at “%s” (%i) makes none twice', async (point, times) => {
    const engine = await begin(await open());
    let left = times;
    await engine.run({}, async (passed) => {
      if (passed === point && --left === 0) throw new Error('the process stumbled');
    });
    expect(left, 'the run came to that place').toBeLessThanOrEqual(0);
    for (let i = 0; i < 3; i++) await engine.run();
    await expectWhole(engine);
  });

  it.each(places)(
    'without a word at “%s” (%i) makes none twice, even when it wakes up later',
    async (point, times) => {
      const engine = await begin(await open());
      const reached = Promise.withResolvers<void>();
      const awake = Promise.withResolvers<void>();
      let left = times;
      const ended = engine.run({}, async (passed) => {
        if (passed === point && --left === 0) reached.resolve();
        if (left <= 0) await awake.promise;
      });
      await Promise.race([reached.promise, ended]);
      expect(left, 'the run came to that place').toBe(0);
      engine.clock.advance(leaseMs + 1);
      await engine.run();
      await engine.run();
      awake.resolve();
      await ended;
      await engine.run();
      await expectWhole(engine);
    },
  );
});
