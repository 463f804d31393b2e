import { execFileSync, spawn } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { databaseOn, onServer } from '#test/support/cluster.ts';
import { findPostgres, unprivileged } from '#test/support/postgres.ts';

/** A PostgreSQL of the bench's own, with its default settings: what is committed is on the disk. */
export async function startPostgres(
  databases: readonly string[],
): Promise<{ url(database: string): string; stop(): Promise<void> }> {
  const bin = findPostgres();
  if (bin === null) throw new Error('There is no PostgreSQL on this machine: add --database pglite.');
  const user = unprivileged();
  const folder = mkdtempSync(join(tmpdir(), 'truce-bench-'));
  if (user !== null) chownSync(folder, user.uid, user.gid);
  const as = { cwd: folder, ...(user ?? {}) };
  const data = join(folder, 'data');
  execFileSync(join(bin, 'initdb'), ['-D', data, '-U', 'truce', '-A', 'trust', '-E', 'UTF8', '--no-locale'], {
    ...as,
    stdio: 'pipe',
  });
  const settings = ['listen_addresses=', `unix_socket_directories=${folder}`];
  const server = spawn(
    join(bin, 'postgres'),
    ['-D', data, ...settings.flatMap((setting) => ['-c', setting])],
    { ...as, stdio: 'ignore' },
  );
  const admin = `postgres://truce@localhost/postgres?host=${folder}`;
  for (let left = 500; left > 0 && !(await answers(admin)); left--) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  for (const name of databases) await onServer(admin, `create database ${name}`);
  return {
    url: (database) => databaseOn(admin, database),
    stop: async () => {
      const gone = new Promise((resolve) => server.once('exit', resolve));
      server.kill('SIGINT');
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const answers = (admin: string) =>
  onServer(admin, 'select 1').then(
    () => true,
    () => false,
  );
