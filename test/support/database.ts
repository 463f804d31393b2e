import { randomBytes } from 'node:crypto';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { afterAll, describe, inject, onTestFinished } from 'vitest';
import { type Database, openDatabase } from '#src/ledger/database.ts';
import { openVault } from '#src/ledger/sealing/vault.ts';
import { type Cluster, databaseOn, onServer } from './cluster.ts';
import { pgliteTemplate } from './pglite-template.ts';
import { findPostgres } from './postgres.ts';
import { testKey } from './secret-key.ts';

export type Kind = Database['kind'];

export interface TestDatabase extends Database {
  /** For `openDatabase` a second time: as another replica (PostgreSQL), or after `close` (both). */
  readonly options: { readonly databaseUrl: string | null; readonly dataDir: string };
  /** Empties every table of the ledger; quicker than another database. */
  empty(): Promise<void>;
}

/** Gives a fresh, migrated database; closed and removed after the test (or, opened in `beforeAll`, after the block). */
export type Open = () => Promise<TestDatabase>;

const onCi = Boolean(process.env.CI);
const hasPostgres = process.env.TEST_DATABASE_URL !== undefined || findPostgres() !== null;
/** The kinds that tests have here. Without a PostgreSQL its tests are skipped, on CI they fail. */
export const kinds: readonly Kind[] = hasPostgres || onCi ? ['PGlite', 'PostgreSQL'] : ['PGlite'];
/** Nothing that the product says of its database belongs into the tests' output. */
const quiet = { warn: () => undefined, error: () => undefined };

/** The same tests on PGlite and on a real PostgreSQL. */
export function describeOnBothDatabases(name: string, body: (open: Open, kind: Kind) => void): void {
  describeOn('PGlite', name, body);
  describeOn('PostgreSQL', name, body);
}

/** Tests that need one kind of database. */
export function describeOn(kind: Kind, name: string, body: (open: Open, kind: Kind) => void): void {
  if (!kinds.includes(kind)) {
    describe.skip(`${name}, on PostgreSQL (skipped: no PostgreSQL on this machine)`, () =>
      body(() => openTestDatabase(kind), kind));
    return;
  }
  describe(`${name}, on ${kind}`, () => {
    const left: (() => Promise<void>)[] = [];
    afterAll(async () => {
      await Promise.all(left.map((remove) => remove()));
    });
    const open = async () => {
      const database = await openTestDatabase(kind);
      try {
        onTestFinished(database.close);
      } catch {
        left.push(database.close);
      }
      return database;
    };
    body(open, kind);
  });
}

/** A fresh, migrated database of one kind; the caller closes it, which removes it too. */
export async function openTestDatabase(kind: Kind): Promise<TestDatabase> {
  const { options, remove } = await copyTestDatabase(kind);
  const database = await openDatabase({ ...options, log: quiet });
  openVault(database.db, [testKey]);
  return {
    ...database,
    options,
    empty: () => empty(database),
    close: async () => {
      await database.close();
      await remove();
    },
  };
}

/** A fresh, migrated database that nobody has open. */
export const copyTestDatabase = (kind: Kind): Promise<Copy> =>
  kind === 'PGlite' ? copyFolder() : copyDatabase();

interface Copy {
  readonly options: TestDatabase['options'];
  readonly remove: () => Promise<void>;
}

async function copyFolder(): Promise<Copy> {
  const dataDir = await mkdtemp(join(tmpdir(), 'truce-data-'));
  await cp(await pgliteTemplate(), dataDir, { recursive: true });
  return {
    options: { databaseUrl: null, dataDir },
    remove: () => rm(dataDir, { recursive: true, force: true }),
  };
}

async function copyDatabase(): Promise<Copy> {
  const answer = await fetch(inject('clusterDoor'));
  if (!answer.ok) throw new Error(`No PostgreSQL for the tests: ${await answer.text()}`);
  const { admin, template } = (await answer.json()) as Cluster;
  const name = `truce_${randomBytes(6).toString('hex')}`;
  await onServer(admin, `create database ${name} template ${template}`);
  const remove = () => onServer(admin, `drop database if exists ${name} with (force)`);
  return {
    options: { databaseUrl: databaseOn(admin, name), dataDir: join(tmpdir(), 'truce-unused') },
    remove,
  };
}

async function empty({ db }: Database): Promise<void> {
  const tables = await db.execute<{ name: string }>(
    sql`select quote_ident(tablename) as name from pg_tables where schemaname = 'public' and tablename <> 'migration_gate'`,
  );
  await db.execute(sql.raw(`truncate ${tables.map(({ name }) => name).join(', ')} restart identity cascade`));
}
