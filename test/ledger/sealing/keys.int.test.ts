import { randomBytes } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { tell } from '#src/ledger/changes/changes.ts';
import type { Db } from '#src/ledger/db.ts';
import { openSightings } from '#src/ledger/sealing/evidence.ts';
import { openSealed } from '#src/ledger/sealing/open-sealed.ts';
import { sealOlder } from '#src/ledger/sealing/seal-older.ts';
import { openStory } from '#src/ledger/sealing/story-values.ts';
import { lostKeys } from '#src/ledger/sealing/tend-keys.ts';
import { destroyKeys, giveKeys, openVault } from '#src/ledger/sealing/vault.ts';
import { recordKeys, records, sightings, story } from '#src/ledger/tables/index.ts';
import { describeOnBothDatabases } from '#test/support/database.ts';
import { testKey } from '#test/support/secret-key.ts';

const now = new Date('2026-11-22T01:00:00Z');
const stranger = Buffer.alloc(32, 'another');
const quiet = { warn: () => undefined };

/** Records, each with a change of its own. */
async function addRecords(db: Db, ids: readonly string[]): Promise<void> {
  await db.insert(records).values(ids.map((id) => ({ id, entity: 'customer', title: id, createdAt: now })));
  const at = now.toISOString();
  await db.execute(sql`
    insert into changes (id, flow, record_id, subject, state, revision, opened_at, updated_at, agreement_version)
    select 'tr-' || id, 'customers', id, id, 'settled', 1, ${at}::timestamptz, ${at}::timestamptz, 1 from records`);
}

const tellOf = (db: Db, recordId: string, value: string) =>
  tell(db, [{ changeId: `tr-${recordId}`, at: now, kind: 'read', field: 'email', data: { value } }]);

/** As it is put down by a process that cannot seal it. */
const seePlain = (db: Db, recordId: string, times: number) =>
  db.execute(sql`
    insert into sightings (record_id, connection, at, origin, fields)
    select ${recordId}, 'xero', ${now.toISOString()}::timestamptz, 'observed', '{"email": {"state": "value", "value": "a@plain.example"}}'
    from generate_series(1, ${times}::int)`);

const told = async (db: Db) => {
  const rows = await db.select().from(story).orderBy(story.id);
  const lines = rows.map((row) => ({ ...row, data: row.data ?? {}, recordId: row.changeId.slice(3) }));
  return (await openStory(db, lines)).map(({ data }) => data.value);
};
const plainOf = async (db: Db) => JSON.stringify(await db.select({ data: story.data }).from(story));

describeOnBothDatabases('the keys of records', (open) => {
  test('are replaced where nobody can open them, so that nothing is put down plain, and are read again once their secret key is back', async () => {
    const { db } = await open();
    await addRecords(db, ['one', 'two', 'gone']);
    await giveKeys(db, ['one', 'two', 'gone']);
    await destroyKeys(db, ['gone'], { by: 'U0PRIYA001', now });
    await tellOf(db, 'one', 'first@one.example');
    await openSealed(db, [stranger], quiet);
    expect(await lostKeys(db)).toBe(2);
    await tellOf(db, 'one', 'second@one.example');
    expect(await plainOf(db)).not.toContain('example');
    expect(await told(db)).toEqual([undefined, 'second@one.example']);
    // As the key of before was set again, alone: as if by mistake the other one had been for a while.
    await openSealed(db, [testKey], quiet);
    await tellOf(db, 'one', 'third@one.example');
    expect(await told(db)).toEqual(['first@one.example', undefined, 'third@one.example']);
    await openSealed(db, [stranger, testKey], quiet);
    const all = ['first@one.example', 'second@one.example', 'third@one.example'];
    expect(await told(db)).toEqual(all);
    expect(await lostKeys(db)).toBe(0);
    // All of it is under the newest by now.
    await openSealed(db, [stranger], quiet);
    expect(await told(db)).toEqual(all);
    expect(await plainOf(db)).not.toContain('example');
    await destroyKeys(db, ['one'], { by: 'U0PRIYA001', now });
    await openSealed(db, [stranger, testKey], quiet);
    expect(await told(db)).toEqual([undefined, undefined, undefined]);
  });

  test('that nobody can open keep no other record’s values plain', async () => {
    const { db } = await open();
    await addRecords(db, ['fine', 'lost']);
    await giveKeys(db, ['lost']);
    await seePlain(db, 'lost', 600);
    openVault(db, [stranger]);
    await giveKeys(db, ['fine']);
    await seePlain(db, 'fine', 600);
    await sealOlder(db);
    const rows = await db.select().from(sightings);
    expect(rows.filter(({ fields }) => JSON.stringify(fields).includes('example'))).toHaveLength(0);
    const values = (await openSightings(db, rows)).map(({ fields }) => fields.email?.value);
    expect([values.length, ...new Set(values)]).toEqual([1_200, 'a@plain.example']);
  });

  test('are there for every record of an older version as soon as Truce has started', async () => {
    const { db } = await open();
    openVault(db, []);
    const ids = Array.from({ length: 2_500 }, (_, i) => `r${i}`);
    await addRecords(db, ids);
    await openSealed(db, [testKey], quiet);
    expect(await db.$count(recordKeys, sql`record_id like 'r%' and sealed is not null`)).toBe(2_500);
    await tellOf(db, 'r2499', 'a@late.example');
    expect(await plainOf(db)).not.toContain('example');
    expect(await told(db)).toEqual(['a@late.example']);
    openVault(db, [randomBytes(32)]);
    expect(await lostKeys(db)).toBe(2_500);
  });
});
