import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { expect, it, onTestFinished } from 'vitest';
import { migrateLedger } from '#src/ledger/migrate.ts';
import { agreeTo, chainOn, liveThrough } from '#test/jobs/chain-stage.ts';
import { describeOnBothDatabases } from '#test/support/database.ts';

const ours = join(import.meta.dirname, '../../../migrations');
/** The last schema change before there was a chain. */
const unchained = '0004_products_to_payments';

describeOnBothDatabases('a ledger from before there was a chain', (open) => {
  it('is taken in whole at the first time', async () => {
    const { db } = await open();
    await db.execute(sql`drop schema if exists drizzle cascade`);
    await db.execute(sql`drop schema public cascade`);
    await db.execute(sql`create schema public`);
    await migrateLedger(db, await migrationsUntil(unchained));
    await agreeTo(db, 1);
    await liveThrough(db, 'tr-1', { lines: 2_500 });
    await liveThrough(db, 'tr-2');
    expect(await migrateLedger(db)).toBeGreaterThan(0);
    const { settle, night, links, told } = chainOn(db);
    await settle();
    expect(await night()).toMatchObject({ lines: 2_503 + 2 + 2 + 2 + 2 + 4 + 1 + 1, faults: [] });
    expect((await links()).filter(({ source }) => source === 'story')).toMatchObject([
      { lines: 2_000 },
      { lines: 503 },
    ]);
    expect(told()).toBe(0);
    await db.execute(sql`update story set kind = 'settled' where id = 7`);
    expect((await night())?.faults).toMatchObject([{ source: 'story', kind: 'changed', first: 7, last: 7 }]);
  });
});

/** A copy of the migrations without those that came after one. */
async function migrationsUntil(last: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'truce-migrations-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await cp(ours, folder, { recursive: true });
  const path = join(folder, 'meta/_journal.json');
  const journal = JSON.parse(await readFile(path, 'utf8')) as { entries: { tag: string }[] };
  const until = journal.entries.findIndex(({ tag }) => tag === last) + 1;
  await writeFile(path, JSON.stringify({ ...journal, entries: journal.entries.slice(0, until) }));
  return folder;
}
