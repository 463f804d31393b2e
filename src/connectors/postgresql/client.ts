import { createHash } from 'node:crypto';
import postgres from 'postgres';
import type { CallContext } from '../connector.ts';
import { createBudget } from '../http/budget.ts';
import { CallFailed, failure } from '../http/failure.ts';
import { redactBody, redactText } from '../http/redact.ts';
import { type Effect, withRetries } from '../http/retry.ts';
import type { ConnectorOptions } from '../options.ts';
import { type Place, placeOf } from './address.ts';
import { failureOf, label, type Refusal, silent } from './words.ts';

/** One statement as the connector wants it. Values go to the database beside the text, never inside it. */
export interface Statement {
  /** For people: "read customers". */
  readonly purpose: string;
  readonly method: 'SELECT' | 'INSERT' | 'UPDATE' | 'SET UP';
  /** Several of them run in one transaction. */
  readonly text: string | readonly string[];
  /** Of the one statement; all as text, cast where the statement says so. */
  readonly values?: readonly (string | null)[];
  readonly effect: Effect;
  /** What the log keeps of a write: values under our fields' names, so that personal ones are hidden. */
  readonly told?: unknown;
  /** Instead of the connection's own, in ms. */
  readonly timeoutMs?: number;
}

export type Row = Readonly<Record<string, unknown>>;
export interface Result {
  readonly rows: readonly Row[];
  /** Rows that were written. */
  readonly count: number;
  readonly exchangeId: number;
}

export interface DatabaseClient {
  /** The user we sign in as. Throws CallFailed where the connection string cannot be read. */
  user(): string;
  /** Runs a statement in budget, with retries where they do no harm, and logs it. Throws CallFailed, or the signal's reason. */
  run(statement: Statement, call: CallContext): Promise<Result>;
}

/** A statement that the database did not carry out, with its SQLSTATE. */
export class StatementFailed extends CallFailed {
  readonly sqlState: string | null;

  constructor(connection: string, refusal: Refusal, exchangeId: number | null) {
    super(connection, refusal, { exchangeId });
    this.sqlState = refusal.sqlState;
  }
}

/** Little beside what the company's own programs need. */
const connections = 3;

type Options = ConnectorOptions<'postgresql'>;

/** The one way in which this connector talks to the company's database. */
export function databaseClient({ terms, credential, http, clock }: Options): DatabaseClient {
  const day = { zone: http.timeZone ?? 'UTC' };
  const budget = createBudget({ ...terms, connection: terms.id, label, day }, http.budgets, clock);
  let pool: { readonly place: Place; readonly sql: postgres.Sql } | null = null;

  const open = () => {
    if (pool) return pool;
    const place = placeOf(credential('url'));
    if (!place) {
      const remedy = 'its url is not like postgres://user:password@host:5432/database?sslmode=verify-full';
      throw new CallFailed(terms.id, failure('auth', `${label} cannot be signed in to: ${remedy}`));
    }
    pool = { place, sql: connect(place, terms.timeoutSeconds) };
    return pool;
  };

  const attempt = async (statement: Statement, call: CallContext, number: number): Promise<Result> => {
    const { signal, forPerson } = call;
    const done = await budget.take({ signal, forPerson });
    const { place, sql } = open();
    const timeoutMs = statement.timeoutMs ?? terms.timeoutSeconds * 1000;
    const at = clock.now();
    const sent = await send(sql, statement, { timeoutMs, now: at, signal }).finally(done);
    const refusal = sent.ok ? null : sent.refusal;
    const withBodies = statement.effect !== 'read' || refusal !== null;
    const rows = sent.ok ? sent.rows : [];
    const exchangeId = await http.log.write({
      at,
      connection: terms.id,
      purpose: statement.purpose,
      method: statement.method,
      url: redactText(`${place.shown}/${terms.table}`, place.secrets),
      attempt: number,
      status: statusOf(refusal),
      durationMs: clock.now().getTime() - at.getTime(),
      error: refusal?.message ?? null,
      requestBody: withBodies
        ? redactBody({ statement: statement.text, ...told(statement) }, place.secrets)
        : null,
      responseBody: withBodies && sent.ok ? { rows: sent.count } : null,
      responseHash: sent.ok ? createHash('sha256').update(JSON.stringify(rows)).digest('hex') : null,
      headers: refusal?.sqlState ? { sqlstate: refusal.sqlState } : {},
      runId: call.runId,
      changeIds: call.changeIds,
    });
    if (sent.ok) return { rows, count: sent.count, exchangeId };
    const mayHaveArrived = sent.refusal.mayHaveArrived && statement.effect !== 'read';
    throw new StatementFailed(terms.id, { ...sent.refusal, mayHaveArrived }, exchangeId);
  };

  return {
    user: () => open().place.user,
    run: (statement, call) =>
      withRetries((number) => attempt(statement, call, number), {
        effect: statement.effect,
        clock,
        signal: call.signal,
      }),
  };
}

const told = ({ told }: Statement): object => (typeof told === 'object' && told !== null ? told : {});

/** The log speaks HTTP: 200, or what HTTP says for such a refusal; none where no answer came. The database's own code stands beside it. */
function statusOf(refusal: Refusal | null): number | null {
  if (!refusal) return 200;
  if (refusal.sqlState === null) return null;
  return { auth: 403, busy: 409, refused: 422 }[refusal.cause as 'auth' | 'busy' | 'refused'] ?? 503;
}

function connect({ href, host, ssl }: Place, timeoutSeconds: number): postgres.Sql {
  return postgres(href, {
    ...(host === null ? {} : { host }),
    ssl,
    max: connections,
    // Kept no longer than a run has pauses: the company's database has others to serve.
    idle_timeout: 10,
    connect_timeout: timeoutSeconds,
    // The driver would put off the next try by up to 20 s; when to try again is ours to say.
    backoff: () => 0,
    // Nothing is kept in a session: a pooler may give the next statement to another.
    prepare: false,
    fetch_types: false,
    connection: {
      application_name: 'truce',
      statement_timeout: Math.ceil(timeoutSeconds * 1000),
      lock_timeout: Math.ceil(timeoutSeconds * 500),
    },
    onnotice: () => undefined,
  });
}

type Sent =
  | { readonly ok: true; readonly rows: readonly Row[]; readonly count: number }
  | { readonly ok: false; readonly refusal: Refusal };

interface How {
  readonly timeoutMs: number;
  readonly now: Date;
  readonly signal: AbortSignal | undefined;
}

/** One statement, nothing else: no retry, no log. Throws only the caller's own abort reason. */
async function send(sql: postgres.Sql, statement: Statement, how: How): Promise<Sent> {
  how.signal?.throwIfAborted();
  // Longer than the database's own limit: its word on a statement that it gave up is better than our silence.
  const deadline = AbortSignal.timeout(how.timeoutMs + 250);
  const either = how.signal ? AbortSignal.any([how.signal, deadline]) : deadline;
  const { work, cancel } = begin(sql, statement, how.timeoutMs);
  try {
    return { ok: true, ...(await orAborted(work, either, cancel)) };
  } catch (error) {
    how.signal?.throwIfAborted();
    if (deadline.aborted) return { ok: false, refusal: { ...silent(how.timeoutMs), sqlState: null } };
    return { ok: false, refusal: failureOf(error, how) };
  }
}

interface Begun {
  readonly work: Promise<{ readonly rows: readonly Row[]; readonly count: number }>;
  cancel(): void;
}

function begin(sql: postgres.Sql, { text, values }: Statement, timeoutMs: number): Begun {
  if (typeof text === 'string') {
    const query = sql.unsafe<Row[]>(text, [...(values ?? [])]);
    return { work: query.then((rows) => ({ rows, count: rows.count })), cancel: () => query.cancel() };
  }
  const work = sql.begin(async (tx) => {
    await tx.unsafe(`set local statement_timeout = ${Math.ceil(timeoutMs)}`);
    for (const one of text) await tx.unsafe(one);
    return { rows: [], count: 0 };
  });
  return { work, cancel: () => undefined };
}

/** The work's end, or the signal's reason if that comes first; then the work is called off, and what becomes of it is nobody's concern. */
async function orAborted<T>(work: Promise<T>, signal: AbortSignal, cancel: () => void): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const stop = () => {
    cancel();
    aborted.reject(signal.reason);
  };
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', stop);
    work.catch(() => undefined);
    aborted.promise.catch(() => undefined);
  }
}
