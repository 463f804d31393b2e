import type { SheetTerms } from '../../agreement/agreement.ts';
import { normaliseAcn } from '../../entities/acn.ts';
import { observedFields } from '../columns.ts';
import type { Drift, Observation } from '../connector.ts';

/** What people type where they know nothing, and spreadsheets where a formula failed. */
const nothing = /^(?:n\/?a|nil|none|null|[-–—?.]+|tb[ac]|#(?:n\/a|ref!|value!|name\?|div\/0!|null!|num!))$/i;

/** A cell as it was meant: without blanks around it, the marks by which a spreadsheet is told "this is text", or a word for nothing. */
function meant(cell: string): string {
  const text = cell
    .trim()
    .replace(/^="(.*)"$/s, '$1')
    .replace(/^'(?=[\d+])/, '')
    .trim();
  return nothing.test(text) ? '' : text;
}

/** A number that a spreadsheet has shortened to `5.1824753556E+10`, written out where no digit (or a last 0 alone) is lost. */
function writtenOut(text: string): string {
  const [, first, rest = '', power] = /^(\d)(?:[.,](\d+))?E\+?(\d{1,2})$/i.exec(text) ?? [];
  if (first === undefined || Number(power) - rest.length > 1 || rest.length > Number(power)) return text;
  return first + rest.padEnd(Number(power), '0');
}

/** What a spreadsheet takes off numbers that begin with 0 is put back where the number of digits says so. */
const repairs: Readonly<Record<string, (text: string) => string>> = {
  abn: writtenOut,
  acn: (text) => (/^\d{6,8}$/.test(text) ? normaliseAcn(text) : text),
  phone: withZero,
  mobile: withZero,
  days: writtenOut,
};

function withZero(text: string): string {
  const number = writtenOut(text).replace(/\.0+$/, '');
  return /^[2-478]\d{8}$/.test(number) ? `0${number}` : number;
}

function postcode(text: string, country: string): string {
  const abroad = country !== '' && !/^au(s|stralia)?$/i.test(country);
  const number = text.replace(/\.0+$/, '');
  return !abroad && /^\d{3}$/.test(number) ? `0${number}` : number;
}

/** `cellIn` gives the cell under a heading, undefined where there is no such heading. */
export function toObservation(
  externalId: string,
  cellIn: (column: string) => string | undefined,
  { columns }: Pick<SheetTerms, 'columns'>,
  drift: readonly Drift[],
): Observation {
  const texts = new Map<string, string | undefined>();
  const take = (column: string, repair: (text: string) => string = (text) => text) => {
    const cell = cellIn(column);
    texts.set(column, cell === undefined ? undefined : repair(meant(cell)));
  };
  for (const [field, held] of Object.entries(columns)) {
    if (typeof held === 'string') take(held, repairs[field]);
    else {
      const country = held.country === undefined ? '' : meant(cellIn(held.country) ?? '');
      for (const [part, column] of Object.entries(held))
        take(column, part === 'postcode' ? (text) => postcode(text, country) : repairs[part]);
    }
  }
  const fields = observedFields(columns, (column) => texts.get(column));
  const { status } = fields;
  return {
    externalId,
    role: 'row',
    url: null,
    // A file knows when it was saved, not when a row was changed.
    vendorAt: null,
    archived: status?.state === 'value' && status.value === 'archived',
    marker: null,
    also: [],
    fields,
    editors: {},
    drift,
  };
}
