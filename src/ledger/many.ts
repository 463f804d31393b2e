import { getTableColumns, type SQL, sql } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';

/**
 * Many rows as one parameter. A statement with a parameter for each value takes longer to put together than to carry out, once it
 * has some hundred rows; this one is the same however many there are.
 */
export function insertMany<T extends PgTable>(table: T, rows: readonly T['$inferInsert'][]): SQL {
  const columns = getTableColumns(table);
  const named = Object.keys(rows[0] ?? {}).flatMap((key) => {
    const column = columns[key];
    return column ? [{ key, name: column.name }] : [];
  });
  const list = sql.join(
    named.map(({ name }) => sql.identifier(name)),
    sql`, `,
  );
  const values = rows.map((row) =>
    Object.fromEntries(named.map(({ key, name }) => [name, (row as Record<string, unknown>)[key] ?? null])),
  );
  return sql`insert into ${table} (${list})
    select ${list} from jsonb_populate_recordset(null::${table}, ${JSON.stringify(values)}::text::jsonb)`;
}

/**
 * `column in (…)`, for any number of texts. By an array, so that the planner sees how many there are and takes an index: joined
 * with a function's rows it reads the whole table.
 */
export const among = (column: PgColumn, values: Iterable<string>): SQL =>
  sql`${column} = any(${arrayOf([...values])}::text[])`;

/** A PostgreSQL array as it is written. */
const arrayOf = (values: readonly string[]): string =>
  `{${values.map((value) => `"${value.replace(/["\\]/g, '\\$&')}"`).join()}}`;
