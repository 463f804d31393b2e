import { execFileSync, spawn } from 'node:child_process';
import { chownSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { databaseOn, onServer } from '#test/support/cluster.ts';
import { findPostgres, unprivileged } from '#test/support/postgres.ts';

export interface Server {
  url(database: string): string;
  /** Seconds of processor that it has used until now, with all its processes; 0 where the system does not tell (not Linux). */
  cpu(): number;
  stop(): Promise<void>;
}

/** A PostgreSQL of the bench's own, with its default settings: what is committed is on the disk. Watched, it counts every statement. */
export async function startPostgres(
  databases: readonly string[],
  { isWatched }: { readonly isWatched: boolean },
): Promise<Server> {
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
  const settings = [
    'listen_addresses=',
    `unix_socket_directories=${folder}`,
    ...(isWatched ? ['shared_preload_libraries=pg_stat_statements', 'pg_stat_statements.max=500'] : []),
  ];
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
    cpu: () => cpuOf(server.pid ?? 0),
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

const ticksPerSecond = 100;

/** Of a process, of those that it started, and of those of them that have ended. */
function cpuOf(parent: number): number {
  if (process.platform !== 'linux') return 0;
  const all = readdirSync('/proc').flatMap((pid) => statOf(pid));
  const ticks = all
    .filter((one) => one.pid === parent || one.parent === parent)
    .map((one) => one.own + (one.pid === parent ? one.ended : 0));
  return ticks.reduce((sum, one) => sum + one, 0) / ticksPerSecond;
}

function statOf(pid: string): { pid: number; parent: number; own: number; ended: number }[] {
  if (!/^\d+$/.test(pid)) return [];
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in brackets, and may hold spaces.
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const [parent = 0, user = 0, system = 0, endedUser = 0, endedSystem = 0] = [1, 11, 12, 13, 14].map(
      (at) => fields[at],
    );
    return [{ pid: Number(pid), parent, own: user + system, ended: endedUser + endedSystem }];
  } catch {
    return [];
  }
}
