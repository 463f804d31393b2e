import { fileURLToPath } from 'node:url';
import { sql } from 'drizzle-orm';
import { type MigrationMeta, readMigrationFiles } from 'drizzle-orm/migrator';
import type { Db, Tx } from './db.ts';

const migrationsFolder = fileURLToPath(new URL('../../migrations', import.meta.url));
const list = sql`drizzle.__drizzle_migrations`;

/**
 * Brings the ledger's schema up to this code, in one transaction: all of it or nothing. Any number of replicas may start at
 * once: they queue on one row, and the later ones find nothing left to do.
 * Returns how many migrations were applied here. Throws where the database was written by a newer Truce.
 */
export async function migrateLedger(db: Db, folder: string = migrationsFolder): Promise<number> {
  await makeGate(db);
  return db.transaction(async (tx) => {
    // A row and not an advisory lock: embedded, all connections share one backend, and that would be granted to everybody.
    await tx.execute(sql`select only_row from migration_gate for update`);
    await makeList(tx);
    const done = await appliedSoFar(tx);
    const known = readMigrationFiles({ migrationsFolder: folder });
    refuseNewer(done, known);
    const missing = known.filter((migration) => !done.includes(migration.folderMillis));
    for (const migration of missing) await apply(tx, migration);
    return missing.length;
  });
}

/** The same list as drizzle's own migrator keeps, which cannot work inside a transaction of ours. */
async function makeList(tx: Tx): Promise<void> {
  await tx.execute(sql`create schema if not exists drizzle`);
  await tx.execute(
    sql`create table if not exists ${list} (id serial primary key, hash text not null, created_at bigint)`,
  );
}

async function apply(tx: Tx, { sql: statements, hash, folderMillis }: MigrationMeta): Promise<void> {
  for (const statement of statements) await tx.execute(sql.raw(statement));
  await tx.execute(sql`insert into ${list} (hash, created_at) values (${hash}, ${folderMillis})`);
}

async function makeGate(db: Db, attemptsLeft = 5): Promise<void> {
  try {
    await db.execute(
      sql`create table if not exists migration_gate (only_row boolean primary key check (only_row))`,
    );
    await db.execute(sql`insert into migration_gate values (true) on conflict do nothing`);
  } catch (error) {
    // "if not exists" looks first and creates then: of several at once, the slower ones fail on PostgreSQL's own catalogue.
    if (attemptsLeft === 0 || !isDuplicate(error)) throw error;
    await makeGate(db, attemptsLeft - 1);
  }
}

/** A unique violation, a duplicate table, or the duplicate type that goes with a table. */
const duplicates: readonly unknown[] = ['23505', '42P07', '42710'];

function isDuplicate(error: unknown): boolean {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  return cause instanceof Error && 'code' in cause && duplicates.includes(cause.code);
}

/** When each applied migration was made, oldest first; ms since 1970, drizzle's way to tell them apart. */
async function appliedSoFar(tx: Tx): Promise<number[]> {
  const rows = await tx.execute<{ at: string }>(
    sql`select created_at::text as at from ${list} order by created_at`,
  );
  return rows.map((row) => Number(row.at));
}

function refuseNewer(done: readonly number[], known: readonly MigrationMeta[]): void {
  const newest = Math.max(0, ...known.map((migration) => migration.folderMillis));
  const ahead = done.filter((at) => at > newest);
  if (ahead.length === 0) return;
  throw new Error(
    `This database was written by a newer Truce (${ahead.length} schema ${ahead.length === 1 ? 'change' : 'changes'} that this version does not know). Nothing was touched. Start the newer version again, or restore a backup from before the upgrade.`,
  );
}
