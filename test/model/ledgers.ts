import { randomBytes } from 'node:crypto';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { type Database, type DatabaseOptions, openDatabase } from '#src/ledger/database.ts';
import { openVault } from '#src/ledger/sealing/vault.ts';
import { type Cluster, databaseOn, onServer, startCluster } from '#test/support/cluster.ts';
import { pgliteTemplate } from '#test/support/pglite-template.ts';
import { findPostgres } from '#test/support/postgres.ts';
import { testKey } from '#test/support/secret-key.ts';

/** An empty ledger for one life. */
export interface FreshLedger {
  readonly database: Database;
  /** To open it a second time, from another process. */
  readonly options: Pick<DatabaseOptions, 'databaseUrl' | 'dataDir'>;
  close(): Promise<void>;
}

export interface Ledgers {
  readonly kind: Database['kind'];
  open(): Promise<FreshLedger>;
  stop(): Promise<void>;
}

const quiet = { warn: () => undefined, error: () => undefined };

/** A real PostgreSQL of our own where this machine has one, else PGlite, which is slower. */
export async function startLedgers(wanted: Database['kind'] = 'PostgreSQL'): Promise<Ledgers> {
  if (wanted === 'PGlite' || findPostgres() === null) return inFolders;
  const cluster = await startCluster();
  return ledgersOn(cluster, cluster.stop);
}

/** On a PostgreSQL that runs already. */
export function ledgersOn({ admin, template }: Cluster, stop = async () => {}): Ledgers {
  const open = async (): Promise<FreshLedger> => {
    const name = `model_${randomBytes(6).toString('hex')}`;
    await onServer(admin, `create database ${name} template ${template}`);
    const options = { databaseUrl: databaseOn(admin, name), dataDir: '' };
    const database = await openDatabase({ ...options, log: quiet });
    openVault(database.db, [testKey]);
    await neverTended(database);
    const close = async () => {
      await database.close();
      await onServer(admin, `drop database if exists ${name} with (force)`);
    };
    return { database, options, close };
  };
  return { kind: 'PostgreSQL', open, stop };
}

export const inFolders: Ledgers = {
  kind: 'PGlite',
  open: async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'truce-model-'));
    await cp(await pgliteTemplate(), dataDir, { recursive: true });
    const options = { databaseUrl: null, dataDir };
    const database = await openDatabase({ ...options, log: quiet });
    openVault(database.db, [testKey]);
    const close = async () => {
      await database.close();
      await rm(dataDir, { recursive: true, force: true });
    };
    return { database, options, close };
  },
  stop: async () => undefined,
};

/** PostgreSQL tends its tables by the clock on the wall, and rows that nobody ordered come in another order afterwards. */
async function neverTended({ db, kind }: Pick<Database, 'db' | 'kind'>): Promise<void> {
  if (kind === 'PGlite') return;
  const tables = await db.execute<{ name: string }>(
    sql`select quote_ident(tablename) as name from pg_tables where schemaname = 'public'`,
  );
  for (const { name } of tables)
    await db.execute(sql.raw(`alter table ${name} set (autovacuum_enabled = false)`));
}
