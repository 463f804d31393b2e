import { getTableName, type SQL, sql } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';
import type { FieldValue } from '../../entities/field.ts';
import type { Db, DbOrTx } from '../db.ts';
import { intents, recordKeys, rollbackItems, settlements, sightings } from '../tables/index.ts';
import type { Sighted } from '../tables/records.ts';
import { outline, type Seen, type Values } from './evidence.ts';
import { tendKeys } from './tend-keys.ts';
import { closed, isSealing, sealsOf } from './vault.ts';

type Columns = Readonly<Record<string, unknown>>;

/** One kind of row that holds values for ever: how to find it again, and what of it is sealed. */
interface Kind {
  readonly table: PgTable;
  /** A text by which a row is known, and which row of `t` has that of `n`. */
  readonly key: SQL<string>;
  readonly isIt: SQL;
  /** In what order rows are taken, and which come after one. */
  readonly order: SQL;
  readonly isAfter: (id: string) => SQL;
  /** Of jsonb. */
  readonly columns: readonly string[];
  readonly part: (columns: Columns) => { readonly values: unknown; readonly rest: Columns };
}

const numbered = {
  key: sql<string>`t.id::text`,
  isIt: sql`t.id = n.row_key::bigint`,
  order: sql`t.id`,
  isAfter: (id: string) => sql`t.id > ${id}::bigint`,
};
const named = (key: SQL<string>) => ({
  key,
  isIt: sql`${key} = n.row_key`,
  order: key,
  isAfter: (id: string) => sql`${key} > ${id}`,
});

/** The tables of which each row has a sealed text of its own. */
const kinds: readonly Kind[] = [
  {
    table: sightings,
    ...numbered,
    columns: ['fields'],
    part: ({ fields }) => partSeen(fields as Record<string, Sighted>),
  },
  {
    table: settlements,
    ...numbered,
    columns: ['fields'],
    part: ({ fields }) => ({ values: fields, rest: { fields: outline(fields as Values) } }),
  },
  {
    table: intents,
    ...named(sql`t.id`),
    columns: ['fields', 'before'],
    part: (columns) => ({
      values: columns,
      rest: { fields: outline(columns.fields as Values), before: outline(columns.before as Values) },
    }),
  },
  {
    table: rollbackItems,
    ...named(sql`concat_ws('/', t.rollback_id, t.record_id, t.connection, t.field)`),
    columns: ['written', 'before', 'found'],
    part: (columns) => ({ values: columns, rest: outline(columns as Values) }),
  },
];

function partSeen(fields: Readonly<Record<string, Sighted>>): ReturnType<Kind['part']> {
  const entries = Object.entries(fields);
  const values: Seen = Object.fromEntries(
    entries.map(([name, { value, by }]) => [
      name,
      { ...(value == null ? {} : { value: value as FieldValue }), ...(by ? { by } : {}) },
    ]),
  );
  return {
    values,
    rest: { fields: Object.fromEntries(entries.map(([name, { state }]) => [name, { state }])) },
  };
}

const atOnce = 500;
/** So many rows of one kind at a time; the next hour goes on. */
const atMost = 100_000;

const hasKey = sql`exists (
  select 1 from ${recordKeys} k where k.record_id = t.record_id and k.sealed is not null)`;

/** Seals by and by what older versions put down plain, and what came before there was a secret key. */
export async function sealOlder(db: Db): Promise<void> {
  if (!isSealing(db)) return;
  await tendKeys(db);
  for (const kind of kinds) {
    let stored = 0;
    for await (const rows of plainRows(db, kind, hasKey)) {
      const seals = await sealsOf(
        db,
        rows.map(({ recordId }) => recordId),
      );
      stored += await store(db, kind, rows, ({ recordId }, values) => closed(seals, recordId, values));
      if (stored >= atMost) break;
    }
  }
}

/** Takes the values away that nothing seals, of records that are erased. */
export async function blankPlain(tx: DbOrTx, recordIds: readonly string[]): Promise<void> {
  const wanted = sql`t.record_id in (select jsonb_array_elements_text(${JSON.stringify(recordIds)}::text::jsonb))`;
  for (const kind of kinds) {
    for await (const rows of plainRows(tx, kind, wanted)) await store(tx, kind, rows, () => '');
  }
}

type Plain = { readonly id: string; readonly recordId: string; readonly columns: Columns };

/** Page by page, so that rows which cannot be sealed now are in no other's way. */
async function* plainRows(db: DbOrTx, kind: Kind, where: SQL): AsyncGenerator<Plain[]> {
  const { table, key, order, isAfter } = kind;
  const columns = sql.join(
    kind.columns.map((name) => sql`${name}::text, t.${sql.identifier(name)}`),
    sql`, `,
  );
  let after = sql`true`;
  for (;;) {
    const rows = await db.execute<Plain>(sql`
      select ${key} as id, t.record_id as "recordId", jsonb_build_object(${columns}) as columns
      from ${sql.identifier(getTableName(table))} t where t.sealed is null and ${after} and ${where}
      order by ${order} limit ${atOnce}`);
    const last = rows.at(-1)?.id;
    if (last === undefined) return;
    yield rows;
    after = isAfter(last);
  }
}

async function store(
  db: DbOrTx,
  { table, isIt, columns, part }: Kind,
  rows: readonly Plain[],
  seal: (row: Plain, values: unknown) => string | null,
): Promise<number> {
  if (rows.length === 0) return 0;
  const sealed = rows.map((row) => {
    const { values, rest } = part(row.columns);
    return { row_key: row.id, row_seal: seal(row, values), ...rest };
  });
  const sets = columns.map((name) => sql`${sql.identifier(name)} = n.${sql.identifier(name)}`);
  const types = columns.map((name) => sql`${sql.identifier(name)} jsonb`);
  const { count } = await db.execute(sql`
    update ${sql.identifier(getTableName(table))} t set sealed = n.row_seal, ${sql.join(sets, sql`, `)}
    from jsonb_to_recordset(${JSON.stringify(sealed)}::text::jsonb) as n(
      row_key text, row_seal text, ${sql.join(types, sql`, `)})
    where ${isIt} and t.sealed is null and n.row_seal is not null`);
  return count;
}
