import { drizzle } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import type { Db } from './db.ts';
import { startEmbedded } from './embedded/start.ts';
import { prepared } from './prepared.ts';
import * as tables from './tables/index.ts';

/** What the database's own troubles are told to; pino's logger fits. */
export interface DatabaseLog {
  warn(event: object, line: string): void;
  error(event: object, line: string): void;
}

export interface Database {
  readonly db: Db;
  readonly kind: 'PostgreSQL' | 'PGlite';
  /** For the terminal: which database, where. Holds no password. */
  readonly describe: string;
  /** Connection string for another pool on the same database (pg-boss has its own). May hold a password: never print it. */
  readonly url: string;
  /** Ends the pool; embedded, also the database itself, and frees the data folder. Safe to call twice. */
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** A PostgreSQL connection string; null = embedded PGlite in `dataDir`. A socket directory goes into `?host=/dir`. */
  readonly databaseUrl: string | null;
  readonly dataDir: string;
  readonly log: DatabaseLog;
}

const oldestPostgres = 14;
/**
 * One backend stands behind all embedded connections: more of them only wait longer, and what it keeps of one that ended it keeps for
 * ever, so that they last.
 */
const pool = { PostgreSQL: { max: 8 }, PGlite: { max: 4, max_lifetime: null } } as const;

/**
 * Opens the ledger's database. The schema is not touched: `migrateLedger` comes next.
 * Throws an Error with one line for people where the database cannot be reached or the folder cannot be used.
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  return options.databaseUrl === null ? openEmbedded(options) : openServer(options.databaseUrl, options.log);
}

async function openServer(url: string, log: DatabaseLog): Promise<Database> {
  const place = placeOf(url);
  const sql = connect(url, pool.PostgreSQL, log);
  try {
    const [row] = await sql<{ version: string }[]>`select current_setting('server_version') as version`;
    const version = row?.version ?? '?';
    if (Number.parseInt(version, 10) < oldestPostgres) {
      throw new Error(
        `The database at ${place} is PostgreSQL ${version}. Truce needs ${oldestPostgres} or newer.`,
      );
    }
    const describe = `PostgreSQL ${version} at ${place}`;
    return {
      db: drizzle(sql, { schema: { ...tables } }),
      kind: 'PostgreSQL',
      describe,
      url,
      close: once(() => sql.end({ timeout: 5 })),
    };
  } catch (error) {
    await sql.end({ timeout: 0 });
    if (error instanceof Error && error.message.startsWith('The database at')) throw error;
    const reason =
      error instanceof Error ? ('code' in error && String(error.code)) || error.message : String(error);
    throw new Error(
      `Truce cannot use the database at ${place} (${reason}). Check DATABASE_URL and that PostgreSQL runs.`,
      {
        cause: error,
      },
    );
  }
}

async function openEmbedded({ dataDir, log }: DatabaseOptions): Promise<Database> {
  const embedded = await startEmbedded(dataDir, log);
  const sql = connect(embedded.url, pool.PGlite, log);
  return {
    db: drizzle(sql, { schema: { ...tables } }),
    kind: 'PGlite',
    describe: `PGlite in ${embedded.folder} (for trying out; set DATABASE_URL for production)`,
    url: embedded.url,
    close: once(async () => {
      await sql.end({ timeout: 5 });
      await embedded.stop();
    }),
  };
}

/**
 * Frees dead rows and refreshes the planner's statistics. PGlite does neither by itself, and without it a run takes twice
 * as long after a while; PostgreSQL only needs the statistics, after a first load. Not inside a transaction.
 */
export async function tendDatabase({ db, kind }: Pick<Database, 'db' | 'kind'>): Promise<void> {
  await db.execute(kind === 'PGlite' ? 'vacuum analyze' : 'analyze');
}

function connect(url: string, how: (typeof pool)[Database['kind']], log: DatabaseLog): postgres.Sql {
  const { address, host } = socketAware(url);
  return prepared(
    postgres(address, {
      ...how,
      ...(host === null ? {} : { host }),
      // A plan kept from when a table was empty would scan it for ever.
      connection: { plan_cache_mode: 'force_custom_plan', TimeZone: 'UTC' },
      onnotice: (notice) => {
        if (notice.severity === 'WARNING') log.warn({ notice: notice.message }, 'The database warns');
      },
    }),
  );
}

/** The `postgres` driver does not understand libpq's `?host=/socket/dir`, pg-boss's driver does: one spelling for both. */
function socketAware(url: string): { address: string; host: string | null } {
  const parsed = parse(url);
  const host = parsed.searchParams.get('host');
  parsed.searchParams.delete('host');
  return { address: parsed.href, host };
}

function parse(url: string): URL {
  const whole = url.replace(/^(\w+:\/\/(?:[^@/?]*@)?)(?=[/?])/, '$1localhost');
  if (!URL.canParse(whole))
    throw new Error(
      'DATABASE_URL is not a connection string like postgres://user:password@host:5432/database.',
    );
  return new URL(whole);
}

function placeOf(url: string): string {
  const parsed = parse(url);
  return `${parsed.searchParams.get('host') ?? parsed.host}${parsed.pathname}`;
}

function once(close: () => Promise<void>): () => Promise<void> {
  let closing: Promise<void> | undefined;
  return () => {
    closing ??= close();
    return closing;
  };
}
