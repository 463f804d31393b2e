import { isNull } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { conflicts } from '#src/ledger/tables/index.ts';
import { describeOn } from '#test/support/database.ts';
import { type MemoryEngine, openMemoryEngine } from '#test/support/memory-engine.ts';

const wren = { legal_name: 'Fairy Wren Interiors Pty Ltd', abn: '48910000065', email: 'hello@wren.example' };

/** The spreadsheet stands in Cin7's place: read, and never written. */
const begin = async (open: Parameters<Parameters<typeof describeOn>[2]>[0]): Promise<MemoryEngine> =>
  openMemoryEngine(await open(), {
    systems: { 'cin7-core': { canUpdate: false, canCreate: false } },
    createIn: { xero: ['hubspot', 'cin7-core'], hubspot: ['xero', 'cin7-core'] },
  });
const openChanges = async (engine: MemoryEngine) =>
  (await engine.ledger()).changes.filter(({ closedAt }) => closedAt === null);
const questions = ({ database: { db } }: MemoryEngine) =>
  db.select().from(conflicts).where(isNull(conflicts.closedAt));

describeOn('PGlite', 'a system that is only read', (open) => {
  it('asks nobody about what the others agree on, and is not waited for', async () => {
    const engine = await begin(open);
    const { hubspot, xero, 'cin7-core': sheet } = engine.systems;
    hubspot.add(wren);
    xero.add(wren);
    sheet.add({ ...wren, legal_name: 'FAIRY WREN (OLD)', email: 'old@wren.example', phone: '0255501111' });
    await engine.run();
    expect(await openChanges(engine)).toEqual([]);
    hubspot.edit('hubspot-1', { email: 'new@wren.example' });
    await engine.run();
    expect(xero.records.get('xero-1')?.values).toMatchObject({
      email: 'new@wren.example',
      legal_name: wren.legal_name,
    });
    expect((await engine.ledger()).changes.map(({ state }) => state)).toEqual(['settled']);
    expect(sheet.writes).toEqual([]);
  });

  it('is heard where the others have nothing, and where it changes', async () => {
    const engine = await begin(open);
    const { hubspot, xero, 'cin7-core': sheet } = engine.systems;
    hubspot.add({ ...wren, email: null });
    xero.add({ ...wren, email: null });
    sheet.add(wren);
    await engine.run();
    expect((await questions(engine)).map(({ field }) => field)).toEqual(['email']);
    hubspot.edit('hubspot-1', { email: wren.email });
    xero.edit('xero-1', { email: wren.email });
    await engine.run();
    expect(await openChanges(engine)).toEqual([]);
    sheet.edit('cin7-core-1', { email: 'sheet@wren.example', legal_name: 'Nobody Asked' });
    await engine.run();
    expect(xero.records.get('xero-1')?.values).toMatchObject({
      email: 'sheet@wren.example',
      legal_name: wren.legal_name,
    });
    expect(await openChanges(engine)).toEqual([]);
  });

  it('is a source of records that are made elsewhere', async () => {
    const engine = await begin(open);
    engine.systems['cin7-core'].add(wren);
    await engine.run();
    await engine.run();
    expect([...engine.systems.xero.records.values()].map(({ values }) => values)).toMatchObject([wren]);
    expect([...engine.systems.hubspot.records.values()].map(({ values }) => values)).toMatchObject([wren]);
    expect(await openChanges(engine)).toEqual([]);
  });
});
