import fc from 'fast-check';
import { expect, it } from 'vitest';
import { agreed, bases } from '#src/ledger/tables/index.ts';
import { describeOn, describeOnBothDatabases, type TestDatabase } from '#test/support/database.ts';
import { type MemoryEngine, openMemoryEngine, type SystemId } from '#test/support/memory-engine.ts';
import { openedHistory } from '#test/support/opened.ts';

const company = { legal_name: 'Boobook Books Pty Ltd', abn: '50910000074', email: 'books@boobook.example' };
const systems: readonly SystemId[] = ['hubspot', 'xero', 'cin7-core'];

async function loaded(database: TestDatabase): Promise<MemoryEngine> {
  const engine = await openMemoryEngine(database);
  for (const system of systems) engine.systems[system].add({ ...company, phone: '0255501870' });
  await engine.run();
  return engine;
}

const history = ({ database: { db } }: MemoryEngine) => openedHistory(db);

describeOnBothDatabases('promise 18, the history of a value', (open) => {
  it('begins with its first sighting in every system, and with what the systems agreed on', async () => {
    const engine = await loaded(await open());
    const { sightings, settlements } = await history(engine);
    expect(sightings.map(({ connection }) => connection).sort()).toEqual([...systems].sort());
    for (const { origin, runId, fields } of sightings) {
      expect({ origin, runId }).toEqual({ origin: 'observed', runId: 1 });
      expect(fields.email).toEqual({ state: 'value', value: company.email });
    }
    expect(settlements).toHaveLength(1);
    expect(settlements[0]).toMatchObject({ by: 'same', changeId: null, fields: company });
  });

  it('says nothing anew of what is read again as it was', async () => {
    const engine = await loaded(await open());
    const before = await history(engine);
    await engine.run();
    await engine.run({ trigger: 'sweep' });
    expect(await history(engine)).toEqual(before);
  });

  it('names the edit, what was read back of our writes, and the change that settled it', async () => {
    const engine = await loaded(await open());
    const before = await history(engine);
    engine.systems.xero.edit('xero-1', { phone: '0255501999' });
    await engine.run();
    const { sightings, settlements } = await history(engine);
    const phone = { phone: { state: 'value', value: '0255501999' } };
    const news = sightings.slice(before.sightings.length);
    expect(news.map(({ connection, origin, fields }) => [connection, origin, fields])).toEqual([
      ['xero', 'observed', phone],
      ...news.slice(1).map(({ connection }) => [connection, 'read_back', phone]),
    ]);
    expect(
      news
        .slice(1)
        .map(({ connection }) => connection)
        .sort(),
    ).toEqual(['cin7-core', 'hubspot']);
    expect(settlements.slice(before.settlements.length)).toMatchObject([
      { by: 'rule:overwrite', fields: { phone: '0255501999' }, changeId: expect.stringMatching(/^tr-/) },
    ]);
  });
});

const edit = fc.record({
  system: fc.constantFrom(...systems),
  field: fc.constantFrom('phone', 'email', 'legal_name'),
  value: fc.constantFrom('a@one.example', 'b@two.example', null),
  runs: fc.boolean(),
});

describeOn('PGlite', 'promise 18, whatever happens', (open) => {
  it('every value that a system was last seen with, and every agreed one, is the last of its history', async () => {
    const database = await open();
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 8 }), async (edits) => {
        await database.empty();
        const engine = await loaded(database);
        for (const { system, field, value, runs } of edits) {
          engine.systems[system].edit(`${system}-1`, { [field]: value });
          if (runs) await engine.run();
        }
        await engine.run();
        await expectTold(engine);
      }),
      { numRuns: 5 },
    );
  }, 180_000);
});

async function expectTold(engine: MemoryEngine): Promise<void> {
  const { db } = engine.database;
  const { sightings, settlements } = await history(engine);
  for (const { connection, fields } of await db.select().from(bases)) {
    const seen = Object.assign(
      {},
      ...sightings.filter((one) => one.connection === connection).map((one) => one.fields),
    );
    expect(seen, connection).toEqual(fields);
  }
  const settled = Object.assign({}, ...settlements.map((one) => one.fields));
  for (const { field, value } of await db.select().from(agreed)) expect(settled[field], field).toEqual(value);
}
