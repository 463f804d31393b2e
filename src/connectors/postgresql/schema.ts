import { z } from 'zod';
import type { TableTerms } from '../../agreement/agreement.ts';
import type { CallContext } from '../connector.ts';
import { CallFailed, failure } from '../http/failure.ts';
import type { DatabaseClient } from './client.ts';
import { quotedTable } from './sql.ts';
import { label } from './words.ts';

const column = z.object({
  name: z.string(),
  /** As people read it: `character varying(40)`. */
  type: z.string(),
  /** As a cast takes it, without its length: a cast to a length cuts in silence, where storing into the column refuses. */
  cast: z.string(),
  /** The type behind it, without length: `character varying`. */
  base: z.string(),
  notNull: z.boolean(),
  hasDefault: z.boolean(),
  generated: z.boolean(),
  mayRead: z.boolean(),
  mayUpdate: z.boolean(),
  mayInsert: z.boolean(),
});
export type Column = z.infer<typeof column>;

const description = z.object({
  version: z.string(),
  database: z.string(),
  /** When the user's password ends, ISO 8601. */
  until: z.string().nullable(),
  schema: z.string().nullable(),
  name: z.string().nullable(),
  kind: z.string().nullable(),
  owns: z.boolean(),
  mayMakeTriggers: z.boolean(),
  mayMakeTables: z.boolean(),
  columns: z.array(column),
  /** Columns of which each value is there once, by an index of the column alone. */
  unique: z.array(z.string()),
  /** Columns that an index begins with. */
  indexed: z.array(z.string()),
  /** True while our trigger is there and switched on. */
  noted: z.boolean(),
});
type Description = z.infer<typeof description>;

/** The table as the database has it now. */
export interface Table extends Omit<Description, 'schema' | 'name' | 'columns'> {
  readonly schema: string;
  readonly name: string;
  readonly columns: ReadonlyMap<string, Column>;
}

export const triggerName = 'truce_note_change';

/** Everything that we must know of a table, out of the system catalogues (PostgreSQL manual, "System Catalogs"), in one row. */
const text = `
  select current_setting('server_version') as version, current_database() as database, t.schema, t.name, t.kind,
    (select to_char(r.rolvaliduntil at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') from pg_roles r
      where r.rolname = current_user and isfinite(r.rolvaliduntil)) as until,
    coalesce(pg_has_role(t.owner, 'usage'), false) as owns,
    coalesce(has_table_privilege(t.id, 'trigger'), false) as "mayMakeTriggers",
    coalesce(has_schema_privilege(t.schema_id, 'create'), false) as "mayMakeTables",
    coalesce((select json_agg(json_build_object(
        'name', a.attname, 'type', format_type(a.atttypid, a.atttypmod), 'cast', format_type(a.atttypid, -1),
        'base', format_type(coalesce(nullif(y.typbasetype, 0), y.oid), null),
        'notNull', a.attnotnull, 'hasDefault', a.atthasdef or a.attidentity <> '', 'generated', a.attgenerated <> '',
        'mayRead', has_column_privilege(t.id, a.attnum, 'select'),
        'mayUpdate', has_column_privilege(t.id, a.attnum, 'update'),
        'mayInsert', has_column_privilege(t.id, a.attnum, 'insert')) order by a.attnum)
      from pg_attribute a join pg_type y on y.oid = a.atttypid
      where a.attrelid = t.id and a.attnum > 0 and not a.attisdropped), '[]')::text as columns,
    coalesce((select json_agg(a.attname) from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
      where i.indrelid = t.id and i.indisunique and i.indisvalid and i.indpred is null and i.indnkeyatts = 1), '[]')::text as "unique",
    coalesce((select json_agg(a.attname) from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
      where i.indrelid = t.id and i.indisvalid), '[]')::text as indexed,
    exists (select from pg_trigger g where g.tgrelid = t.id and g.tgname = '${triggerName}' and g.tgenabled in ('O', 'A')) as noted
  from (select to_regclass($1::text) as asked) q
  left join lateral (
    select c.oid as id, c.relname as name, c.relkind::text as kind, c.relowner as owner, n.oid as schema_id, n.nspname as schema
    from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = q.asked) t on true`;

/** Asks the database about the table. Throws CallFailed where there is none. */
export async function describeTable(
  client: DatabaseClient,
  terms: TableTerms & { readonly id: string },
  call: CallContext,
): Promise<Table> {
  const { rows, exchangeId } = await client.run(
    {
      purpose: 'read the table’s columns',
      method: 'SELECT',
      text,
      values: [quotedTable(terms.table)],
      effect: 'read',
    },
    call,
  );
  const row = rows[0] ?? {};
  const lists = Object.fromEntries(
    ['columns', 'unique', 'indexed'].map((key) => [key, JSON.parse(String(row[key]))]),
  );
  const { schema, name, columns, ...rest } = description.parse({ ...row, ...lists });
  if (schema === null || name === null) {
    const reason = `there is no table ${terms.table} in ${rest.database}, or its schema may not be used`;
    throw new CallFailed(terms.id, failure('refused', `${label}: ${reason}`, { reason }), { exchangeId });
  }
  return { ...rest, schema, name, columns: new Map(columns.map((one) => [one.name, one])) };
}

const keyTypes = /^(smallint|integer|bigint|uuid|text|character varying|character|numeric)$/;
const whole = { smallint: 2n ** 15n, integer: 2n ** 31n, bigint: 2n ** 63n } as const;

/** True where this text can be a key of that type at all: the database would refuse the whole statement for one that cannot. */
export function canBeKey(id: string, base: string): boolean {
  if (id === '' || id.includes('\0')) return false;
  if (base === 'uuid') return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id);
  if (base === 'numeric') return /^-?\d{1,100}(\.\d{1,100})?$/.test(id);
  const limit = whole[base as keyof typeof whole];
  if (limit === undefined) return true;
  return /^-?\d{1,19}$/.test(id) && BigInt(id) < limit && BigInt(id) >= -limit;
}

/** Why the table cannot be read at all, in words for people; null where it can. */
export function unreadable(table: Table, { table: named, key, changes, columns }: TableTerms): string | null {
  if (table.kind !== 'r' && table.kind !== 'p') return `${named} is no table`;
  const keyColumn = table.columns.get(key);
  if (!keyColumn) return `${named} has no column ${key}, its key`;
  if (!keyTypes.test(keyColumn.base))
    return `${key} is of the type ${keyColumn.type}, which cannot be a key here`;
  if (!table.unique.includes(key))
    return `${key} has no unique index, so it does not tell the rows of ${named} apart`;
  if (changes.kind === 'trigger') {
    if (!table.noted)
      return `the triggers that note changes of ${named} are not there yet: they are a step to approve`;
  } else {
    const moved = table.columns.get(changes.column);
    if (!moved) return `${named} has no column ${changes.column}, by which changes are found`;
    if (!/^timestamp /.test(moved.base))
      return `${changes.column} is of the type ${moved.type}, and not a time stamp`;
  }
  const mapped = [
    key,
    ...Object.values(columns).flatMap((held) => (typeof held === 'string' ? [held] : Object.values(held))),
  ];
  const closed = mapped.filter((name) => table.columns.get(name)?.mayRead === false);
  return closed.length > 0
    ? `the user of the connection may not read ${closed.join(', ')} of ${named}`
    : null;
}
