import type postgres from 'postgres';

/** A list of values within a statement makes it another one for each length: long ones are not kept, or a session would fill up. */
const keptWith = 40;

/**
 * Lets each session of the database keep the statements it has carried out. Drizzle sends them without a name: then each is read and
 * analysed anew, and nothing is sent before the database has said, in an answer of its own, which parameters it takes.
 */
export function prepared<T extends postgres.ISql>(sql: T): T {
  const { unsafe } = sql;
  const kept: typeof unsafe = (query, parameters = [], options = {}) =>
    unsafe(query, parameters, {
      ...options,
      prepare: parameters.length > 0 && parameters.length <= keptWith,
    });
  return Object.assign(sql, { unsafe: kept }, nested(sql));
}

/** A transaction, or a part of one, has a `sql` of its own. */
function nested(sql: postgres.ISql): object {
  return Object.fromEntries(
    (['begin', 'savepoint'] as const).flatMap((name) => {
      const original = (sql as Partial<Record<typeof name, Scope>>)[name];
      if (!original) return [];
      const scope: Scope = (...args) => {
        const work = args.at(-1) as Work;
        return original(...args.slice(0, -1), (tx: postgres.TransactionSql) => work(prepared(tx)));
      };
      return [[name, scope]];
    }),
  );
}

type Work = (tx: postgres.TransactionSql) => unknown;
type Scope = (...args: unknown[]) => Promise<unknown>;
