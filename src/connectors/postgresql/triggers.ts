import type { CallContext } from '../connector.ts';
import type { Table } from './schema.ts';
import { triggerName } from './schema.ts';
import { literal, quoted } from './sql.ts';
import type { TableState } from './state.ts';

/** How far before the cursor what was noted is listed again, in ms. Late transactions need none of it: they are found by their number. */
export const overlapMs = 600_000;
/** After a longer absence than this the whole table is read. */
const keptDays = 7;

const changesOf = ({ schema }: Pick<Table, 'schema'>) => `${quoted(schema)}.truce_changes`;
const readingsOf = ({ schema }: Pick<Table, 'schema'>) => `${quoted(schema)}.truce_readings`;

/**
 * The statements that note every change of the table: which row, and in which transaction. A second table remembers for each
 * reading which transactions it could see. What is noted by any other is still to be read, so that even a transaction that stays
 * open for a day is not passed over. Done twice they do no harm.
 */
export function triggerStatements(table: Pick<Table, 'schema' | 'name'>, key: string): string[] {
  const place = `${quoted(table.schema)}.${quoted(table.name)}`;
  const note = `${quoted(table.schema)}.${triggerName}`;
  const keyIn = (row: string) =>
    `execute format('select ($1).%I::text', tg_argv[0]) using ${row} into noted;`;
  const insert = `insert into ${changesOf(table)} (source, key) values (tg_table_name, noted);`;
  return [
    `create table if not exists ${changesOf(table)} (seq bigint generated always as identity primary key, source text not null,
  key text not null, at timestamptz not null default clock_timestamp(), transaction xid8 not null default pg_current_xact_id())`,
    `create index if not exists truce_changes_by_transaction on ${changesOf(table)} (source, transaction)`,
    `create index if not exists truce_changes_by_time on ${changesOf(table)} (source, at)`,
    `create table if not exists ${readingsOf(table)} (source text not null, at timestamptz not null,
  seen pg_snapshot not null default pg_current_snapshot(), primary key (source, at))`,
    `create or replace function ${note}() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare noted text;
begin
  if tg_op <> 'INSERT' then ${keyIn('old')} ${insert} end if;
  if tg_op <> 'DELETE' then ${keyIn('new')} ${insert} end if;
  return null;
end $$`,
    // What changed while no trigger was there was not noted: the next reading takes everything.
    `delete from ${readingsOf(table)} where source = ${literal(table.name)}`,
    `drop trigger if exists ${triggerName} on ${place}`,
    `create trigger ${triggerName} after insert or update or delete on ${place} for each row execute function ${note}(${literal(key)})`,
  ];
}

/**
 * Keys of rows that were inserted, updated or deleted since, each once; null where that is not known, and everything must be
 * read. Also begins the next stretch: what is under way now will be asked for again.
 */
export async function changedKeys(
  { client }: TableState,
  table: Table,
  { since, until }: { readonly since: Date | null; readonly until: Date },
  call: CallContext,
): Promise<string[] | null> {
  const source = table.name;
  await client.run(
    {
      purpose: 'note what is under way',
      method: 'INSERT',
      // Two readings of one instant: the earlier one knew of fewer, so it stays.
      text: `insert into ${readingsOf(table)} (source, at)
        values ($1::text, $2::text::timestamptz) on conflict do nothing`,
      values: [source, until.toISOString()],
      effect: 'repeatable',
    },
    call,
  );
  if (since === null) return null;
  const cursor = new Date(since.getTime() + overlapMs).toISOString();
  const { rows } = await client.run(
    {
      purpose: 'read what changed',
      method: 'SELECT',
      text: `with before as (select seen, pg_snapshot_xmin(seen) as oldest from ${readingsOf(table)} where source = $1::text and at <= $2::text::timestamptz
          order by at desc limit 1)
        select null as key from before
        union select c.key from ${changesOf(table)} c, before b
        where c.source = $1::text and (c.at >= $3::text::timestamptz
          or (c.transaction >= b.oldest and not pg_visible_in_snapshot(c.transaction, b.seen)))`,
      values: [source, cursor, since.toISOString()],
      effect: 'read',
    },
    call,
  );
  if (rows.length === 0) return null;
  await forgetOld({ client, source, table, until }, call);
  return rows.flatMap(({ key }) => (typeof key === 'string' ? [key] : []));
}

/** What every reading of the kept days has seen is needed no more. */
async function forgetOld(
  {
    client,
    source,
    table,
    until,
  }: { client: TableState['client']; source: string; table: Table; until: Date },
  call: CallContext,
): Promise<void> {
  const from = new Date(until.getTime() - keptDays * 86_400_000).toISOString();
  await client.run(
    {
      purpose: 'forget old notes',
      method: 'UPDATE',
      text: `with gone as (delete from ${readingsOf(table)} where source = $1::text and at < $2::text::timestamptz)
        delete from ${changesOf(table)} where source = $1::text and at < $2::text::timestamptz
        and transaction < (select pg_snapshot_xmin(seen) from ${readingsOf(table)}
          where source = $1::text and at >= $2::text::timestamptz order by pg_snapshot_xmin(seen) limit 1)`,
      values: [source, from],
      effect: 'repeatable',
    },
    call,
  );
}
