import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import type { TestProject } from 'vitest/node';
import { openDatabase } from '#src/ledger/database.ts';
import { migrateLedger } from '#src/ledger/migrate.ts';
import { findPostgres, unprivileged } from './postgres.ts';

/** What a test file needs of the run's PostgreSQL: an administrator's address, and the migrated database to copy. */
export interface Cluster {
  readonly admin: string;
  readonly template: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    /** Loopback address that starts the run's PostgreSQL when first asked, and answers with its {@link Cluster}. */
    clusterDoor: string;
  }
}

/** One PostgreSQL for a whole vitest run, started only when a test first asks for it, stopped and removed after the run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let cluster: Promise<Cluster & { stop: () => Promise<void> }> | undefined;
  const door = createServer(async (_request, response) => {
    try {
      cluster ??= startCluster();
      const { admin, template } = await cluster;
      response.end(JSON.stringify({ admin, template }));
    } catch (error) {
      response.writeHead(500).end(String(error));
    }
  });
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
  const address = door.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  project.provide('clusterDoor', `http://127.0.0.1:${address.port}`);
  return async () => {
    door.close();
    await (await cluster)?.stop();
  };
}

/** For who is no test of vitest: a PostgreSQL of its own, to be stopped afterwards. */
export async function startCluster(): Promise<Cluster & { stop: () => Promise<void> }> {
  const given = process.env.TEST_DATABASE_URL;
  const own = given === undefined ? await startOwn() : null;
  const admin = given ?? own?.admin ?? '';
  const template = `truce_template_${process.pid}`;
  await onServer(admin, `create database ${template}`);
  const database = await openDatabase({
    databaseUrl: databaseOn(admin, template),
    dataDir: '',
    log: console,
  });
  await migrateLedger(database.db);
  await database.close();
  const stop = own?.stop ?? (() => onServer(admin, `drop database ${template}`));
  return { admin, template, stop };
}

async function startOwn(): Promise<{ admin: string; stop: () => Promise<void> }> {
  const bin = findPostgres();
  if (bin === null) throw new Error('There is no PostgreSQL on this machine.');
  const user = unprivileged();
  const folder = mkdtempSync(join(tmpdir(), 'truce-pg-'));
  if (user !== null) chownSync(folder, user.uid, user.gid);
  const as = { cwd: folder, ...(user ?? {}) };
  const data = join(folder, 'data');
  execFileSync(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'truce', '-A', 'trust', '-E', 'UTF8', '--no-locale', '--no-sync'],
    { ...as, stdio: 'pipe' },
  );
  const settings = [
    'listen_addresses=',
    `unix_socket_directories=${folder}`,
    'fsync=off',
    'synchronous_commit=off',
    'full_page_writes=off',
    'max_connections=200',
  ];
  const server = spawn(
    join(bin, 'postgres'),
    ['-D', data, ...settings.flatMap((setting) => ['-c', setting])],
    { ...as, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const admin = `postgres://truce@localhost/postgres?host=${folder}`;
  await untilReady(server, admin);
  return {
    admin,
    stop: async () => {
      await stopServer(server);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function untilReady(server: ChildProcess, admin: string): Promise<void> {
  let said = '';
  server.stderr?.on('data', (chunk) => {
    said = `${said}${chunk}`.slice(-2000);
  });
  for (let left = 500; left > 0; left--) {
    if (server.exitCode !== null) throw new Error(`PostgreSQL did not start: ${said}`);
    if (await answers(admin)) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`PostgreSQL does not answer: ${said}`);
}

async function answers(admin: string): Promise<boolean> {
  return onServer(admin, 'select 1').then(
    () => true,
    () => false,
  );
}

async function stopServer(server: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => server.once('exit', resolve));
  if (server.exitCode !== null) return;
  server.kill('SIGINT');
  await gone;
}

/** One statement on the server, outside of any transaction. */
export async function onServer(admin: string, statement: string): Promise<void> {
  const url = new URL(admin);
  const host = url.searchParams.get('host');
  url.searchParams.delete('host');
  const sql = postgres(url.href, { max: 1, ...(host === null ? {} : { host }), onnotice: () => undefined });
  try {
    await sql.unsafe(statement);
  } finally {
    await sql.end({ timeout: 1 });
  }
}

/** The address of another database on the same server. */
export function databaseOn(admin: string, name: string): string {
  const url = new URL(admin);
  url.pathname = `/${name}`;
  return url.href;
}
