import { CsvError, parse } from 'csv-parse/sync';
import { readSheet } from 'read-excel-file/node';
import { decoded } from './decode.ts';

/** One row as the spreadsheet shows it, with its number there; the first is 1. */
export interface SheetRow {
  readonly number: number;
  readonly cells: readonly string[];
  /** Why its cells are not to be believed; null where they are. */
  readonly broken: string | null;
}

/** A file that is not what its name says, or not whole. The message goes on after the file's name: "breaks off …". */
export class NotASheet extends Error {
  override readonly name = 'NotASheet';
}

/** Every row that has something in it. `headings` are the words that tell by which sign a text file's cells are divided. Throws NotASheet. */
export async function rowsOf(
  file: string,
  bytes: Uint8Array,
  headings: readonly string[],
): Promise<readonly SheetRow[]> {
  const rows = /\.xlsx$/i.test(file) ? await workbookRows(bytes) : textRows(decoded(bytes), headings);
  return rows.filter(({ cells, broken }) => broken !== null || cells.some((cell) => cell.trim() !== ''));
}

/** The first sheet. Numbers come as they are stored, with every digit; dates as Australians write them. */
async function workbookRows(bytes: Uint8Array): Promise<SheetRow[]> {
  try {
    const rows = await readSheet(Buffer.from(bytes), { parseNumber: (text: string) => text, trim: false });
    return rows.map((row, i) => ({ number: i + 1, cells: row.map(cellText), broken: null }));
  } catch {
    throw new NotASheet('cannot be opened as a workbook: it may not be whole yet');
  }
}

function cellText(cell: unknown): string {
  if (cell === null || cell === undefined) return '';
  if (!(cell instanceof Date)) return String(cell);
  const [year, month, day] = cell.toISOString().slice(0, 10).split('-');
  return `${day}/${month}/${year}`;
}

const dividers = [',', ';', '\t', '|'];

/** The divider under which most of the headings are found; Excel's own first line `sep=;` has the last word. */
function textRows(text: string, headings: readonly string[]): SheetRow[] {
  const [, said] = /^sep=(.)\r?\n/.exec(text) ?? [];
  const body = said === undefined ? text : text.slice(text.indexOf('\n') + 1);
  const found = (said === undefined ? dividers : [said]).map((divider) => ({
    divider,
    score: scoreOf(body.slice(0, 20_000), divider, headings),
  }));
  const best = found.reduce((a, b) => (b.score > a.score ? b : a));
  const offset = said === undefined ? 1 : 2;
  return parsed(body, best.divider).map((row) => ({ ...row, number: row.number + offset }));
}

function scoreOf(text: string, divider: string, headings: readonly string[]): number {
  const lines = text.split(/\r?\n|\r/).slice(0, 30);
  const heads = (line: string) => line.split(divider).map((cell) => headingOf(cell.replaceAll('"', '')));
  return Math.max(...lines.map((line) => headings.filter((one) => heads(line).includes(one)).length));
}

/** A heading as it is compared: no case, one space between words. */
export const headingOf = (text: string): string =>
  text
    .replace(/\p{Cf}/gu, '')
    .replace(/[\s\u00a0]+/gu, ' ')
    .trim()
    .toLowerCase();

/** Rows from 0, blank ones among them. */
function parsed(text: string, delimiter: string): SheetRow[] {
  const rows = strictly(text, delimiter) ?? loosely(text, delimiter);
  const last = rows.at(-1);
  const widest = Math.max(0, ...rows.map(({ cells }) => cells.length));
  // Programs leave out empty cells at the end of a row, but they end every row.
  if (last && rows.length > 1 && last.cells.length < widest && !/[\r\n]$/.test(text)) {
    throw new NotASheet('breaks off in the middle of its last row: it may not be whole yet');
  }
  return rows;
}

/** By the book (RFC 4180); null where a quotation mark is not. */
function strictly(text: string, delimiter: string): SheetRow[] | null {
  try {
    const all: string[][] = parse(text, { delimiter, relax_column_count: true });
    return all.map((cells, number) => ({ number, cells, broken: null }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    if (error.code === 'CSV_QUOTE_NOT_CLOSED') throw brokenOff();
    return null;
  }
}

/**
 * As people type: Smith "Bob" Ltd. A mark without its partner then reaches into the next rows, up to the next mark: a cell with
 * both a mark and a line's end is not believed.
 */
function loosely(text: string, delimiter: string): SheetRow[] {
  try {
    const all: string[][] = parse(text, { delimiter, relax_column_count: true, relax_quotes: true });
    return all.map((cells, number) => {
      const runsOn = cells.some((cell) => cell.includes('"') && /[\r\n]/.test(cell));
      return { number, cells, broken: runsOn ? 'a quotation mark in it lacks its partner' : null };
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw brokenOff();
  }
}

const brokenOff = () => new NotASheet('breaks off inside quotation marks: it may not be whole yet');
