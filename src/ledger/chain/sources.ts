import { type SQL, sql } from 'drizzle-orm';
import type { DbOrTx } from '../db.ts';

/** A table, or a part of one, whose lines the chain covers. Each line is stored once and keeps what is named here for ever. */
export interface Source {
  readonly name: string;
  readonly table: string;
  /** A number that grows from line to line. */
  readonly id: string;
  readonly at: string;
  /** What of a line is chained, in this order. */
  readonly columns: readonly string[];
  /** Only lines of which this holds; they come in no order, and there are few. */
  readonly loose?: SQL;
}

/**
 * What is chained. What changes later is left out: the state of an agreement or of a first approval. So are values that are encrypted
 * afterwards, record by record; what people chose stands in the story as well. A list is never changed, as the prints of older
 * lines are made of it: what comes later is a source of its own.
 */
export const sources: readonly Source[] = [
  {
    name: 'story',
    table: 'story',
    id: 'id',
    at: 'at',
    columns: ['id', 'change_id', 'at', 'kind', 'connection', 'field', 'actor', 'data'],
  },
  {
    name: 'decisions',
    table: 'decisions',
    id: 'id',
    at: 'at',
    columns: ['id', 'conflict_id', 'change_id', 'field', 'by', 'at', 'from', 'revision', 'agreement_version'],
  },
  {
    name: 'approvals',
    table: 'approvals',
    id: 'id',
    at: 'at',
    columns: ['id', 'conflict_id', 'change_id', 'field', 'by', 'at', 'from', 'revision', 'agreement_version'],
  },
  {
    name: 'agreements',
    table: 'agreement_versions',
    id: 'version',
    at: 'imported_at',
    columns: ['version', 'hash', 'body', 'imported_at', 'source', 'proposes'],
  },
  {
    name: 'activations',
    table: 'agreement_versions',
    id: 'version',
    at: 'decided_at',
    columns: ['version', 'decided_by', 'decided_at', 'approvals'],
    loose: sql`decided_at is not null`,
  },
  {
    name: 'calls',
    table: 'exchanges',
    id: 'id',
    at: 'at',
    columns: [
      ...['id', 'at', 'connection', 'purpose', 'method', 'url', 'attempt', 'status', 'duration_ms', 'error'],
      ...['request_body', 'response_body', 'response_hash', 'headers', 'run_id'],
    ],
  },
  {
    name: 'sightings',
    table: 'sightings',
    id: 'id',
    at: 'at',
    columns: ['id', 'record_id', 'connection', 'at', 'vendor_at', 'origin', 'run_id', 'exchange_id'],
  },
  {
    name: 'settlements',
    table: 'settlements',
    id: 'id',
    at: 'at',
    columns: ['id', 'record_id', 'at', 'change_id', 'by', 'agreement_version'],
  },
];

/** Calls that housekeeping threw away: a link over them says so, and no line is left. */
export const thrownAway = 'calls thrown away';

/** A line as it stands in the database. */
export interface Line {
  readonly id: number;
  readonly at: Date;
  /** A part of its SHA-256: 32 hex digits. */
  readonly print: string;
}

const instants: ReadonlySet<string> = new Set(['at', 'vendor_at', 'imported_at', 'decided_at']);
const milliseconds = (column: string): SQL =>
  sql`(extract(epoch from ${sql.identifier(column)}) * 1000)::bigint::text`;
/** As text, so that neither the session's zone nor the driver's numbers have a say. */
const written = (column: string): SQL =>
  instants.has(column) ? milliseconds(column) : sql`${sql.identifier(column)}::text`;

/** Lines of a source in the order of their ids, `after` exclusive to `upto` inclusive. The database makes the prints: no line leaves it. */
export async function linesOf(
  db: DbOrTx,
  source: Source,
  { after, upto, limit }: { readonly after: number | null; readonly upto: number; readonly limit: number },
): Promise<Line[]> {
  const id = sql.identifier(source.id);
  const from = after === null ? sql`true` : sql`${id} > ${after}`;
  const columns = sql.join(source.columns.map(written), sql`, `);
  // Names that no column has: the rows would be ordered by what is given out.
  const rows = await db.execute<{ line: string; made: string; print: string }>(sql`
    select ${id}::text as line, ${milliseconds(source.at)} as made,
      encode(substring(sha256(convert_to(jsonb_build_array(${columns})::text, 'UTF8')) from 1 for 16), 'hex') as print
    from (
      select * from ${sql.identifier(source.table)}
      where ${from} and ${id} <= ${upto} and ${source.loose ?? sql`true`}
      order by ${id} limit ${limit}
    ) next order by ${id}`);
  return rows.map((row) => ({ id: Number(row.line), at: new Date(Number(row.made)), print: row.print }));
}

/** The highest id of each source that anybody can see; 0 where it is empty. */
export async function highestIds(db: DbOrTx): Promise<ReadonlyMap<string, number>> {
  const highest = sources.map(
    ({ name, table, id }) =>
      sql`select ${name}::text as name, coalesce(max(${sql.identifier(id)}), 0)::text as id from ${sql.identifier(table)}`,
  );
  const rows = await db.execute<{ name: string; id: string }>(sql.join(highest, sql` union all `));
  return new Map(rows.map(({ name, id }) => [name, Number(id)]));
}
