import { rm } from 'node:fs/promises';
import { inspect } from 'node:util';
import type postgres from 'postgres';
import { type Database, openDatabase, tendDatabase } from '#src/ledger/database.ts';
import type { SlackSide } from '#src/slack/app.ts';
import { type System, systems } from './customers.ts';
import { expected, prepareIdeal, runIdeal } from './ideal.ts';
import { measure } from './measure.ts';
import { profile } from './profile.ts';
import { openTruce, type Truce } from './truce.ts';

/** A process with one pipeline on a database of its own; arguments: `truce` or `ideal`, a database URL or `-`, a data folder, the stand-in's URL. */
const [kind, databaseUrl, dataDir, url] = process.argv.slice(2) as [string, string, string, string];
const quiet = { warn: () => undefined, error: console.error };

let database: Database | null = null;
let truce: Truce | null = null;
let slack: SlackSide | null = null;
const sqlOf = ({ db }: Database) => (db as unknown as { $client: postgres.Sql }).$client;

/** An empty database, and the pipeline on it. */
async function fresh({ missing }: { missing: readonly System[] }): Promise<void> {
  await database?.close();
  await empty();
  database = await openDatabase({
    databaseUrl: databaseUrl === '-' ? null : databaseUrl,
    dataDir,
    log: quiet,
  });
  if (kind === 'truce') {
    truce = await openTruce(database, url);
    return;
  }
  await prepareIdeal(sqlOf(database));
  expected.clear();
  for (const system of systems) if (!missing.includes(system)) expected.add(system);
}

async function empty(): Promise<void> {
  if (databaseUrl === '-') return rm(dataDir, { recursive: true, force: true });
  const server = await openDatabase({ databaseUrl, dataDir, log: quiet });
  await sqlOf(server).unsafe(
    'drop schema public cascade; create schema public; drop schema if exists drizzle cascade',
  );
  await server.close();
}

/** `into` = a file, without its ending, for where the time goes. */
async function run({ everything, into }: { everything: boolean; into?: string }) {
  const sql = sqlOf(database as Database);
  const work = () => (truce ? truce.run(everything) : runIdeal(sql, url, everything));
  return into ? profile(sql, into, () => measure(work)) : measure(work);
}

const tasks: Readonly<Record<string, (ask: never) => unknown>> = {
  fresh,
  run,
  /** As the product does it once an hour. */
  tend: () => tendDatabase(database as Database),
  listen: async ({ where }: { where: Parameters<Truce['slack']>[0] }) => {
    slack = (truce as Truce).slack(where);
    await slack.start();
  },
  hush: async () => {
    await slack?.stop();
    slack = null;
  },
};

process.on('message', async ({ id, task, ...ask }: { id: number; task: string }) => {
  try {
    process.send?.({ id, value: (await tasks[task]?.(ask as never)) ?? null });
  } catch (error) {
    process.send?.({ id, error: inspect(error) });
  }
});
process.on('disconnect', async () => {
  await slack?.stop();
  await database?.close();
  process.exit(0);
});
process.send?.({ ready: true });
