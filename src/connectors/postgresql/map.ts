import type { TableTerms } from '../../agreement/agreement.ts';
import { columnsOf, lostColumns, observedFields } from '../columns.ts';
import type { Drift, Observation } from '../connector.ts';
import type { Row } from './client.ts';
import type { Table } from './schema.ts';
import { quoted } from './sql.ts';

/** One row's columns as text, under the names that {@link selected} gives them. */
export interface Held {
  readonly id: string;
  readonly marker: string | null;
  readonly at: string | null;
  /** By column; those that the table lacks are not in it. */
  readonly cells: ReadonlyMap<string, string | null>;
}

/** The mapped columns that the table has, in a fixed order. */
const readColumns = (terms: TableTerms, table: Table): string[] =>
  columnsOf(terms.columns).filter((name) => table.columns.has(name));

/**
 * What a row is read as: everything as text, so that no number is rounded and no date is shifted on its way. Of a time stamp
 * without a zone nobody knows whose it is: such a row tells no time.
 */
export function selected(terms: TableTerms, table: Table): string {
  const { key, marker, changes } = terms;
  const moved = changes.kind === 'column' ? table.columns.get(changes.column) : undefined;
  const at =
    moved?.base === 'timestamp with time zone'
      ? `case when isfinite(t.${quoted(moved.name)}) then to_char(t.${quoted(moved.name)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') end`
      : 'null';
  const hasMarker = marker !== null && table.columns.has(marker);
  return [
    `t.${quoted(key)}::text as id`,
    `${hasMarker ? `t.${quoted(marker)}::text` : 'null'} as marker`,
    `${at} as at`,
    ...readColumns(terms, table).map((name, i) => `t.${quoted(name)}::text as c${i}`),
  ].join(', ');
}

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);

export function heldIn(row: Row, terms: TableTerms, table: Table): Held {
  return {
    id: String(row.id),
    marker: textOrNull(row.marker)?.trim() || null,
    at: textOrNull(row.at),
    cells: new Map(readColumns(terms, table).map((name, i) => [name, textOrNull(row[`c${i}`])])),
  };
}

export function toObservation(held: Held, terms: TableTerms, drift: readonly Drift[]): Observation {
  const fields = observedFields(terms.columns, (column) => held.cells.get(column));
  const { status } = fields;
  return {
    externalId: held.id,
    role: 'row',
    url: null,
    vendorAt: held.at,
    archived: status?.state === 'value' && status.value === 'archived',
    marker: held.marker,
    also: [],
    fields,
    editors: {},
    drift,
  };
}

/** Mapped columns that the table no longer has: "renamed", in all likelihood. */
export function missingColumns(terms: TableTerms, table: Table): Drift[] {
  const { key, marker, changes, columns } = terms;
  const own = [key, marker, changes.kind === 'column' ? changes.column : null];
  return lostColumns(
    columns,
    [...table.columns.keys()].filter((name) => !own.includes(name)),
  );
}
