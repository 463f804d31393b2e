import { randomBytes } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { answerLikeness } from '#src/ledger/questions/likenesses.ts';
import { recordsMeant } from '#src/ledger/records/find-records.ts';
import { eraseRecord } from '#src/ledger/sealing/erasures.ts';
import { openSealed } from '#src/ledger/sealing/open-sealed.ts';
import { formerValues, likenesses, records } from '#src/ledger/tables/index.ts';
import { describeOnBothDatabases, type TestDatabase } from '#test/support/database.ts';
import { openMemoryEngine } from '#test/support/memory-engine.ts';
import { testKey } from '#test/support/secret-key.ts';

const wren = { legal_name: 'Fairy Wren Interiors Pty Ltd', abn: '48910000065', email: 'old@wren.example' };
const other = { legal_name: 'Wombat Wines', abn: '83914571673', email: 'wine@wombat.example' };
const all = ['hubspot', 'xero', 'cin7-core'] as const;

const titlesFor = async ({ db }: TestDatabase, words: string) =>
  (await recordsMeant(db, { words, reference: null, entities: ['customer'] })).map(({ title }) => title);

/** A customer with another name and address by now: one by somebody's edit, the other brought by the rule, or by a person. */
async function renamed(database: TestDatabase) {
  const engine = await openMemoryEngine(database, { flow: { whenGone: 'ignore' } });
  for (const system of all) {
    engine.systems[system].add(wren);
    engine.systems[system].add(other);
  }
  await engine.run();
  engine.systems.xero.edit('xero-1', { email: 'new@wren.example', legal_name: 'Wren & Daughters Pty Ltd' });
  await engine.run();
  await engine.run();
  return engine;
}

describeOnBothDatabases('a record with another name or address by now', (open) => {
  it('is found by what it was known by before, however that is typed, and keeps it nowhere in plain', async () => {
    const database = await open();
    await renamed(database);
    const now = ['Wren & Daughters Pty Ltd'];
    expect(await titlesFor(database, 'new@wren.example')).toEqual(now);
    expect(await titlesFor(database, 'OLD@wren.example')).toEqual(now);
    expect(await titlesFor(database, ' fairy wren  interiors pty ltd')).toEqual(now);
    expect(await titlesFor(database, 'Fairy Wren')).toEqual([]);
    expect(await titlesFor(database, 'nobody@wren.example')).toEqual([]);
    const kept = JSON.stringify(await database.db.select().from(formerValues));
    expect(kept).not.toMatch(/wren/i);
  });

  it('is found when the secret key was changed and the old one is gone, also by what an older version hashed', async () => {
    const database = await open();
    const { db } = database;
    // Nothing has been opened but the vault: as an older version did it.
    const { systems, run } = await renamed(database);
    const [next, third] = [randomBytes(32), randomBytes(32)];
    const opened = (...keys: Uint8Array[]) => openSealed(db, keys, { warn: () => undefined });
    const found = async (words: string) => (await titlesFor(database, words)).length;
    await opened(testKey);
    expect(await found('old@wren.example')).toBe(1);
    await opened(next, testKey);
    await opened(next);
    expect(await found('old@wren.example')).toBe(1);
    systems.xero.edit('xero-1', { email: 'newest@wren.example' });
    await run();
    await run();
    expect(await found('new@wren.example')).toBe(1);
    // Without a key that fits, nobody can say; with it again everybody.
    await opened(third);
    expect(await found('old@wren.example')).toBe(0);
    expect(await found('new@wren.example')).toBe(0);
    await opened();
    expect(await found('new@wren.example')).toBe(0);
    expect(await found('newest@wren.example')).toBe(1);
    await opened(third, next);
    await opened(third);
    expect(await found('old@wren.example')).toBe(1);
    expect(await found('new@wren.example')).toBe(1);
  });

  it('is found by none of it once it is erased', async () => {
    const database = await open();
    const engine = await renamed(database);
    const { db } = database;
    for (const system of all) engine.systems[system].remove(`${system}-1`);
    for (let night = 0; night < 2; night++) {
      engine.clock.advance(24 * 3_600_000);
      await engine.run({ trigger: 'sweep' });
    }
    const [record] = await db.select().from(records).where(eq(records.keyValue, wren.abn));
    const erased = await eraseRecord(db, {
      recordId: record?.id ?? '',
      flows: ['customers'],
      by: 'U0PRIYA001',
      tell: 'U0PRIYA001',
      agreementVersion: engine.agreement.version,
      now: engine.clock.now(),
    });
    expect(erased.kind).toBe('erased');
    expect(await db.select().from(formerValues)).toEqual([]);
    expect(await titlesFor(database, 'old@wren.example')).toEqual([]);
  });

  it('passes it on to the record with which it turned out to be one', async () => {
    const database = await open();
    const { db } = database;
    const engine = await openMemoryEngine(database);
    engine.systems.xero.add(wren);
    engine.systems.hubspot.add({
      legal_name: wren.legal_name,
      email: 'first@wren.example',
      phone: '0255501870',
    });
    await engine.run();
    engine.systems.hubspot.edit('hubspot-1', { email: wren.email });
    await engine.run();
    await engine.run();
    const [asked] = await db.select().from(likenesses).where(eq(likenesses.state, 'open'));
    const given = { by: 'U0PRIYA001', revision: asked?.revision ?? 0, now: engine.clock.now() };
    await answerLikeness(db, { id: asked?.id ?? 0, answer: 'same', ...given });
    await engine.run();
    await engine.run();
    expect(await titlesFor(database, 'first@wren.example')).toEqual([wren.legal_name]);
  });
});
