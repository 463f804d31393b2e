import type { Kind } from '../../page-server/api.ts';
import type { Card } from '../../vendors/vendor.ts';
import { type Row, rowsOf } from './fields.ts';
import { lineFigures, lineOf } from './groups.ts';
import type { Meaning } from './meanings.ts';

export type Difference = 'same' | 'differs' | 'alone';

/**
 * For each card and line: does another card hold another value for the same thing? What a product or a deal does not say yet is
 * no disagreement; a customer's detail that is there in one system alone is.
 */
export function differences(
  cards: readonly Card[],
  kind: Kind = 'customer',
): (card: Card, row: Row) => { mark: Difference; words: string } {
  const rows = new Map(cards.map((card) => [card, rowsOf(card, {}, kind)]));
  return (card, row) => {
    const says = (one: Row) => kind === 'customer' || one.value !== '';
    if (row.meaning === null || row.meaning === 'customer' || !says(row)) return { mark: 'alone', words: '' };
    const mine = comparable(row);
    const others = cards.flatMap((other) => {
      const same =
        other === card ? undefined : rows.get(other)?.find((candidate) => candidate.meaning === row.meaning);
      return same && says(same) ? [{ label: other.label, value: comparable(same) }] : [];
    });
    if (others.length === 0) return { mark: 'alone', words: '' };
    const apart = others.filter((other) => other.value !== mine).map((other) => other.label);
    if (apart.length === 0) return { mark: 'same', words: '' };
    return { mark: 'differs', words: `differs from ${listed(apart)}` };
  };
}

const shortened: Readonly<Record<string, string>> = {
  street: 'st',
  road: 'rd',
  avenue: 'ave',
  lane: 'ln',
  drive: 'dr',
  highway: 'hwy',
  court: 'ct',
  parade: 'pde',
  place: 'pl',
  terrace: 'tce',
  crescent: 'cres',
  boulevard: 'bvd',
  proprietary: 'pty',
  limited: 'ltd',
  'new south wales': 'nsw',
  victoria: 'vic',
  queensland: 'qld',
  'south australia': 'sa',
  'western australia': 'wa',
  tasmania: 'tas',
};
/** Each vendor's own word for one state of things → ours, for comparing on the page only. */
const sameThing: Readonly<Record<string, string>> = {
  deprecated: 'archived',
  output: 'gst',
  'gst on income': 'gst',
  exemptoutput: 'gst free',
  'gst free income': 'gst free',
  exemptexport: 'export',
  'gst free exports': 'export',
  inputtaxed: 'input taxed',
  'waiting for approval': 'submitted',
  approved: 'authorised',
  basexcluded: 'out of scope',
  'bas excluded': 'out of scope',
};
const shortenedPattern = new RegExp(`\\b(${Object.keys(shortened).join('|')})\\b`, 'g');

/** Compared as numbers; where there is none it counts as nothing. */
const numbers: readonly Meaning[] = [
  ...(['price', 'cost', 'total', 'gst', 'amount_due', 'paid', 'credited'] as const),
  ...(['on_hand', 'allocated', 'available'] as const),
];
const states: readonly Meaning[] = ['tax', 'status', 'invoice_status'];
/** Xero's names of products end here; nobody can bring the rest there. */
const longestName = 50;

function comparable(row: Row): string {
  const line = row.meaning?.startsWith('line ') ? lineOf(row.fields) : null;
  if (line) return lineFigures(line);
  if (numbers.includes(row.meaning)) return String(Number(row.value.replace(/[$,]/g, '')));
  if (row.meaning === 'name') return row.value.slice(0, longestName).trim().toLowerCase();
  if (row.meaning === 'abn' || row.meaning === 'acn') return row.value.replace(/\D/g, '');
  if (row.meaning === 'phone' || row.meaning === 'mobile')
    return row.value.replace(/\D/g, '').replace(/^61/, '0').replace(/^00/, '0');
  const words = row.value.toLowerCase().replace(shortenedPattern, (word) => shortened[word] ?? word);
  if (row.meaning === 'terms') return termsOf(words);
  const plain = words.replace(/[^a-z0-9@]+/g, ' ').trim();
  return states.includes(row.meaning) ? (sameThing[plain] ?? plain) : plain;
}

/** "30 days after invoice date", "Net 30" and "30 days" are one term; "30 days EOM" is another. */
function termsOf(words: string): string {
  const days = /\d+/.exec(words)?.[0];
  if (days === undefined) return words.trim();
  return /eom|month/.test(words) ? `${days} after the end of the month` : days;
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
