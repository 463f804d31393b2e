import { mkdirSync, writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { dirname } from 'node:path';
import type postgres from 'postgres';
import type { Measured } from './measure.ts';

interface Statement {
  readonly query: string;
  readonly calls: number;
  readonly ms: number;
}

interface CpuProfile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: { readonly url: string } }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/**
 * Does a work under a profiler, and writes down where its time went: `<into>.cpuprofile` for any viewer, and `<into>.md`, the
 * share of the processor by part, the statements and their time in the database (on PostgreSQL, which counts them itself).
 */
export async function profile(
  sql: postgres.Sql,
  into: string,
  work: () => Promise<Measured>,
): Promise<Measured> {
  mkdirSync(dirname(into), { recursive: true });
  let sent = 0;
  sql.options.debug = () => {
    sent += 1;
  };
  const isWatched = await startWatching(sql);
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.start');
  sent = 0;
  const cpu = process.cpuUsage();
  const measured = await work();
  const { user, system } = process.cpuUsage(cpu);
  const statements = sent;
  const { profile: seen } = await session.post('Profiler.stop');
  session.disconnect();
  sql.options.debug = false;
  const busiest = isWatched ? await busiestOf(sql) : [];
  writeFileSync(`${into}.cpuprofile`, JSON.stringify(seen));
  const cpuSeconds = (user + system) / 1e6;
  writeFileSync(
    `${into}.md`,
    [
      `${measured.seconds.toFixed(2)} s, of which the process was busy for ${cpuSeconds.toFixed(2)} s (database not counted); ${statements} statements.`,
      ...partsOf(seen as CpuProfile).map(([part, ms]) => `- ${part}: ${Math.round(ms)} ms`),
      ...busiest.map(({ ms, calls, query }) => `- ${Math.round(ms)} ms in ${calls} × \`${query}\``),
    ].join('\n'),
  );
  return measured;
}

async function startWatching(sql: postgres.Sql): Promise<boolean> {
  try {
    await sql.unsafe('create extension if not exists pg_stat_statements');
    await sql.unsafe('select pg_stat_statements_reset()');
    return true;
  } catch {
    return false;
  }
}

const busiestOf = (sql: postgres.Sql): Promise<readonly Statement[]> =>
  sql.unsafe(`
    select regexp_replace(left(query, 240), '\\s+', ' ', 'g') as query, calls::int, total_exec_time as ms
    from pg_stat_statements s join pg_database d on d.oid = s.dbid and d.datname = current_database()
    order by total_exec_time desc limit 45`) as unknown as Promise<readonly Statement[]>;

/** The process's own time by package or folder, ms, most first. */
function partsOf({ nodes, samples, timeDeltas }: CpuProfile): [string, number][] {
  const partOf = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame.url)]));
  const spent = new Map<string, number>();
  samples.forEach((id, i) => {
    const part = partOf.get(id) ?? '?';
    spent.set(part, (spent.get(part) ?? 0) + (timeDeltas[i] ?? 0) / 1000);
  });
  return [...spent].sort(([, a], [, b]) => b - a).slice(0, 25);
}

function nameOf(url: string): string {
  const [, dependency] = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url) ?? [];
  const [, own] = /\/main\/((?:src|test)\/.*)/.exec(url) ?? [];
  return dependency ?? own ?? (url === '' ? '(engine, idle, gc)' : url);
}
