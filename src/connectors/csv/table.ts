import type { SheetTerms } from '../../agreement/agreement.ts';
import { columnsOf, lostColumns } from '../columns.ts';
import type { Drift, ReadItem } from '../connector.ts';
import { toObservation } from './map.ts';
import { headingOf, NotASheet, type SheetRow } from './sheet.ts';

/** What a file says, by row: one item for each. */
export interface SheetTable {
  /** By id: the row's key, or "row 17" where it has none that is its own. */
  readonly items: ReadonlyMap<string, Omit<ReadItem, 'exchangeId'> & SheetItem>;
  readonly drift: readonly Drift[];
  /** Rows that cannot be told from each other, each a sentence. */
  readonly doubles: readonly string[];
  /** True where a row whose key is not known may be any that is missed. */
  readonly isUnsure: boolean;
}

type SheetItem = { readonly [K in ReadItem['kind']]: Omit<Extract<ReadItem, { kind: K }>, 'exchangeId'> }[
  | 'read'
  | 'malformed'];

const searched = 30;

/** Every heading that the agreement names, as they are compared. */
export const headingsOf = ({ key, columns }: Pick<SheetTerms, 'key' | 'columns'>): string[] =>
  [key, ...columnsOf(columns)].map(headingOf);

/** Finds the headings (not always in the first row), and reads the rows below them. Throws NotASheet. */
export function tableOf(rows: readonly SheetRow[], terms: SheetTerms): SheetTable {
  const wanted = headingsOf(terms);
  const head = headRow(rows, wanted, headingOf(terms.key));
  if (!head) throw new NotASheet(`has no heading “${terms.key}” in its first ${searched} rows`);
  const headings = head.cells.map(headingOf);
  const twice = [terms.key, ...columnsOf(terms.columns)].find(
    (name) => headings.filter((one) => one === headingOf(name)).length > 1,
  );
  if (twice !== undefined) throw new NotASheet(`has the heading “${twice}” twice: which one is meant?`);
  const below = rows.slice(rows.indexOf(head) + 1);
  if (below.length === 0) throw new NotASheet('has headings, but no rows below them');
  const written = [terms.key, ...columnsOf(terms.columns)].filter((name) =>
    headings.includes(headingOf(name)),
  );
  const others = head.cells
    .map((cell) => cell.trim())
    .filter((cell) => cell !== '' && !wanted.includes(headingOf(cell)));
  const drift = lostColumns(terms.columns, [...written, ...others]);
  return { ...itemsOf(below, headings, terms, drift), drift };
}

function headRow(rows: readonly SheetRow[], wanted: readonly string[], key: string): SheetRow | null {
  const known = ({ cells }: SheetRow) =>
    new Set(cells.map(headingOf).filter((one) => wanted.includes(one))).size;
  const [best] = rows
    .slice(0, searched)
    .filter(({ cells }) => cells.some((cell) => headingOf(cell) === key))
    .sort((a, b) => known(b) - known(a));
  return best ?? null;
}

function itemsOf(
  rows: readonly SheetRow[],
  headings: readonly string[],
  terms: SheetTerms,
  drift: readonly Drift[],
): Pick<SheetTable, 'items' | 'doubles' | 'isUnsure'> {
  const keyAt = headings.indexOf(headingOf(terms.key));
  const keyOf = ({ cells }: SheetRow) => cells[keyAt]?.trim().replace(/^(\d+)\.0+$/, '$1') ?? '';
  const items = new Map<string, SheetItem>();
  const bad = (externalId: string, reason: string) =>
    items.set(externalId, { kind: 'malformed', externalId, reason });
  const doubles: string[] = [];
  const isUnsure = rows.some((row) => row.broken !== null || keyOf(row) === '');
  for (const [key, same] of Map.groupBy(rows, keyOf)) {
    const [row] = same;
    if (key === '' || !row) {
      for (const { number, broken } of same)
        bad(`row ${number}`, broken ? `row ${number}: ${broken}` : `row ${number} has no ${terms.key}`);
      continue;
    }
    const numbers = same.map(({ number }) => number).join(', ');
    const wrong =
      same.length > 1 ? `rows ${numbers} have the same ${terms.key}` : wrongIn(row, headings.length);
    if (same.length > 1)
      doubles.push(`The rows ${numbers} have the same ${terms.key}, so none of them is read.`);
    if (wrong !== null) bad(key, wrong);
    else {
      const cellIn = (column: string) => {
        const at = headings.indexOf(headingOf(column));
        return at < 0 ? undefined : (row.cells[at] ?? '');
      };
      items.set(key, { kind: 'read', observation: toObservation(key, cellIn, terms, drift) });
    }
  }
  return { items, doubles, isUnsure };
}

/** A value with an unquoted comma in it pushes all that follows one cell to the right. */
function wrongIn({ number, cells, broken }: SheetRow, width: number): string | null {
  if (broken !== null) return `row ${number}: ${broken}`;
  const beyond = cells.slice(width).some((cell) => cell.trim() !== '');
  return beyond
    ? `row ${number} has ${cells.length} cells under ${width} headings: a value in it may lack its quotation marks`
    : null;
}
