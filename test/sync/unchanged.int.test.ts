import { and, eq, isNull } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { changes, links, staged } from '#src/ledger/tables/index.ts';
import { describeOnBothDatabases, type TestDatabase } from '#test/support/database.ts';
import { type MemoryEngine, openMemoryEngine, type SystemId } from '#test/support/memory-engine.ts';

const company = { legal_name: 'Boobook Books Pty Ltd', abn: '50910000074', email: 'books@boobook.example' };
const systems: readonly SystemId[] = ['hubspot', 'xero', 'cin7-core'];

async function calm(database: TestDatabase): Promise<MemoryEngine> {
  const engine = await openMemoryEngine(database);
  for (const system of systems) engine.systems[system].add({ ...company, phone: '0255501870' });
  await engine.run();
  return engine;
}

const stagedIn = ({ database: { db } }: MemoryEngine) => db.$count(staged);

/** Reads the record again everywhere, as a person's "look again" does. */
async function readAgain(engine: MemoryEngine): Promise<void> {
  const { records } = await engine.ledger();
  await engine.run({ trigger: 'reprocess', targets: records.map(({ id }) => id) });
}

const emailOf = (engine: MemoryEngine, system: SystemId) =>
  engine.systems[system].records.get(`${system}-1`)?.values.email;

describeOnBothDatabases('a record that is read as it was', (open) => {
  it('is noted as read, and nothing more', async () => {
    const engine = await calm(await open());
    const before = await stagedIn(engine);
    await readAgain(engine);
    expect(await stagedIn(engine)).toBe(before);
    const read = await engine.database.db.select({ at: links.readAt }).from(links);
    expect(read.map(({ at }) => at)).toEqual(systems.map(() => engine.clock.now()));
  });

  it('is looked at while something of it is still to be done', async () => {
    const engine = await calm(await open());
    engine.systems.hubspot.edit('hubspot-1', { email: 'one@boobook.example' });
    engine.systems.xero.edit('xero-1', { email: 'two@boobook.example' });
    await engine.run();
    const before = await stagedIn(engine);
    await readAgain(engine);
    expect(await stagedIn(engine)).toBe(before + systems.length);
  });

  it('is looked at where something else was read of it, and not compared yet', async () => {
    const engine = await calm(await open());
    engine.systems.hubspot.edit('hubspot-1', { email: 'mistyped@boobook.example' });
    // Xero cannot be read: what HubSpot has is kept, and nothing is decided.
    engine.systems.xero.isDown = true;
    await engine.run();
    engine.systems.hubspot.edit('hubspot-1', { email: company.email });
    engine.systems.xero.isDown = false;
    await engine.run();
    await engine.run();
    for (const system of systems) expect(emailOf(engine, system), system).toBe(company.email);
  });

  it('is looked at once more after our own write came back, and then no longer', async () => {
    const engine = await calm(await open());
    engine.systems.hubspot.edit('hubspot-1', { email: 'new@boobook.example' });
    await engine.run();
    await readAgain(engine);
    const before = await stagedIn(engine);
    await readAgain(engine);
    expect(await stagedIn(engine)).toBe(before);
    expect(emailOf(engine, 'xero')).toBe('new@boobook.example');
  });

  it('is compared by another version of the agreement, once', async () => {
    const engine = await calm(await open());
    await engine.amend({ phone: { rule: 'review' } });
    const before = await stagedIn(engine);
    await readAgain(engine);
    expect(await stagedIn(engine)).toBe(before + systems.length);
    await readAgain(engine);
    expect(await stagedIn(engine)).toBe(before + systems.length);
    const { db } = engine.database;
    const left = await db
      .select()
      .from(changes)
      .where(and(eq(changes.flow, 'customers'), isNull(changes.closedAt)));
    expect(left).toEqual([]);
  });
});
