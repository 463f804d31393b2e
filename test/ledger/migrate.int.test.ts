import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '#src/ledger/database.ts';
import { migrateLedger } from '#src/ledger/migrate.ts';
import { describeOn, describeOnBothDatabases, type TestDatabase } from '#test/support/database.ts';

const log = { warn: () => undefined, error: () => undefined };
const ours = join(import.meta.dirname, '../../migrations');

describeOnBothDatabases('migrating the ledger', (open) => {
  it('does nothing a second time', async () => {
    const { db } = await open();
    expect(await migrateLedger(db)).toBe(0);
  });

  it('brings an empty database up to this code', async () => {
    const { db } = await open();
    await wipe(db);
    expect(await migrateLedger(db)).toBeGreaterThan(0);
    expect(await db.query.runs.findMany()).toEqual([]);
  });

  it('applies all of a change or nothing of it', async () => {
    const { db } = await open();
    const folder = await withMore(
      'create table half_done (n int);--> statement-breakpoint\nselect nonsense;',
    );
    await expect(migrateLedger(db, folder)).rejects.toThrow();
    const [row] = await db.execute(sql`select to_regclass('half_done') as place`);
    expect(row).toEqual({ place: null });
    expect(await migrateLedger(db)).toBe(0);
  });

  it('refuses a database that a newer Truce wrote, and touches nothing', async () => {
    const { db } = await open();
    expect(await migrateLedger(db, await withMore('create table from_the_future (n int)'))).toBe(1);
    await expect(migrateLedger(db)).rejects.toThrow(/^This database was written by a newer Truce/);
  });
});

describeOn('PostgreSQL', 'migrating with several replicas', (open) => {
  it('lets exactly one of three that start at once apply the schema', async () => {
    const first = await open();
    await wipe(first.db);
    const replicas = await Promise.all([1, 2, 3].map(() => openDatabase({ ...first.options, log })));
    onTestFinished(async () => {
      await Promise.all(replicas.map(({ close }) => close()));
    });
    const applied = await Promise.all(replicas.map(({ db }) => migrateLedger(db)));
    expect(applied.filter((count) => count > 0)).toHaveLength(1);
    expect(await first.db.query.leases.findMany()).toEqual([]);
  });
});

async function wipe(db: TestDatabase['db']): Promise<void> {
  await db.execute(sql`drop schema if exists drizzle cascade`);
  await db.execute(sql`drop schema public cascade`);
  await db.execute(sql`create schema public`);
}

/** A copy of the migrations with one more at the end, as a newer version would bring. */
async function withMore(statements: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'truce-migrations-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await cp(ours, folder, { recursive: true });
  const path = join(folder, 'meta/_journal.json');
  const journal = JSON.parse(await readFile(path, 'utf8')) as {
    entries: { idx: number; when: number; tag: string }[];
  };
  const last = journal.entries.at(-1);
  const more = { ...last, idx: journal.entries.length, when: (last?.when ?? 0) + 1000, tag: '9999_more' };
  await writeFile(path, JSON.stringify({ ...journal, entries: [...journal.entries, more] }));
  await writeFile(join(folder, '9999_more.sql'), statements);
  return folder;
}
