import type { Columns } from '../agreement/agreement.ts';
import { customer } from '../entities/customer.ts';
import type { FieldValue, Observed } from '../entities/field.ts';
import type { Drift, Projection } from './connector.ts';
import {
  addressParts,
  asAddress,
  asTerms,
  blank,
  notRead,
  observedAddress,
  observedRegistration,
  observedTerms,
  observedText,
} from './observed.ts';

/** Customers in columns of the company's own making: a table of its database, a spreadsheet. All pure. */

type Parts = Readonly<Record<string, string>>;

const addresses = new Set(['billing_address', 'delivery_address']);
const numbers = new Set(['abn', 'acn', 'phone', 'mobile']);

/** Every column that a field is in, each once. */
export const columnsOf = (columns: Columns): string[] => [
  ...new Set(
    Object.values(columns).flatMap((held) => (typeof held === 'string' ? [held] : Object.values(held))),
  ),
];

/** The columns of one field; none where the system does not have it. */
export function columnsOfField(columns: Columns, field: string): string[] {
  const held = columns[field];
  if (held === undefined) return [];
  return typeof held === 'string' ? [held] : Object.values(held);
}

/**
 * A row as the fields of a customer. `textIn` gives the text in a column: null = empty, undefined = there is no such column,
 * which leaves its field unread.
 */
export function observedFields(
  columns: Columns,
  textIn: (column: string) => string | null | undefined,
): Record<string, Observed> {
  return Object.fromEntries(
    customer.fields.map(({ name }): [string, Observed] => {
      const held = columns[name];
      if (held === undefined) return [name, { state: 'unsupported' }];
      if (columnsOfField(columns, name).some((column) => textIn(column) === undefined))
        return [name, notRead];
      return [
        name,
        typeof held === 'string' ? observedOne(name, textIn(held) ?? '') : observedParts(name, held, textIn),
      ];
    }),
  );
}

function observedOne(field: string, text: string): Observed {
  if (field === 'payment_terms')
    return observedTerms(/^\s*\d+(\.0+)?\s*$/.test(text) ? `${whole(text)} days` : text);
  if (field === 'gst_registered') return observedRegistration(whole(text));
  if (field === 'status') {
    const word = text.trim().toLowerCase();
    return word === 'active' || word === 'archived' ? { state: 'value', value: word } : observedText(text);
  }
  return observedText(numbers.has(field) ? whole(text) : text);
}

function observedParts(
  field: string,
  held: Parts,
  textIn: (column: string) => string | null | undefined,
): Observed {
  const part = (name: string) => (held[name] === undefined ? '' : (textIn(held[name]) ?? ''));
  if (!addresses.has(field)) {
    const days = whole(part('days'));
    // “end_of_month” in words that are understood: what they are not stays as it is, for people to see.
    return days === '' ? blank : observedTerms(`${days} days ${part('from').replaceAll('_', ' ')}`);
  }
  const texts = Object.fromEntries(addressParts.map((name) => [name, part(name)]));
  return observedAddress({ ...texts, postcode: whole(part('postcode')) } as Parameters<
    typeof observedAddress
  >[0]);
}

/** Numbers kept as numbers come with a fraction of nothing: "2000.00". */
const whole = (text: string): string => text.trim().replace(/^(\d+)\.0+$/, '$1');

/** What the columns can hold of a value. Parts of an address without a column are lost, but for the second line: it goes into the first. */
export function projectOn(columns: Columns, field: string, value: FieldValue | null): Projection {
  const held = columns[field];
  if (held === undefined) return { value: null, lossy: value !== null };
  if (value === null || typeof held === 'string' || !addresses.has(field)) return { value, lossy: false };
  const whole = asAddress(value);
  const joined = [whole.line1, whole.line2].filter(Boolean).join(', ') || null;
  const lines = held.line2 === undefined ? { ...whole, line1: joined, line2: null } : whole;
  const kept = Object.fromEntries(
    addressParts.map((part) => [part, held[part] === undefined ? null : lines[part]]),
  );
  return { value: kept, lossy: JSON.stringify(kept) !== JSON.stringify(value) };
}

export type Cells =
  | { readonly kind: 'cells'; readonly cells: ReadonlyMap<string, string | null> }
  | { readonly kind: 'impossible'; readonly reason: string };

/** The text for each column of a field; null empties it. Throws where there is no such field. */
export function cellsFor(columns: Columns, field: string, value: FieldValue | null): Cells {
  const held = columns[field];
  if (held === undefined) throw new Error(`no column holds ${field}`);
  if (field === 'payment_terms') return termsCells(held, value);
  if (typeof held === 'string') return cells([[held, value === null ? null : String(value)]]);
  const address = asAddress(projectOn(columns, field, value).value);
  return cells(
    addressParts.flatMap((part) => (held[part] === undefined ? [] : [[held[part], address[part]]])),
  );
}

const cells = (entries: readonly (readonly [string, string | null])[]): Cells => ({
  kind: 'cells',
  cells: new Map(entries),
});

function termsCells(held: string | Parts, value: FieldValue | null): Cells {
  const terms = asTerms(value);
  if (typeof held === 'string') {
    if (!terms) return cells([[held, value === null ? null : String(value)]]);
    return cells([[held, `${terms.days} days${terms.from === 'end_of_month' ? ' EOM' : ''}`]]);
  }
  if (value !== null && !terms)
    return { kind: 'impossible', reason: 'payment terms are kept as a number of days there' };
  if (terms?.from === 'end_of_month' && held.from === undefined) {
    return {
      kind: 'impossible',
      reason: 'payment terms there always count from the invoice date: no column says otherwise',
    };
  }
  const days = held.days === undefined ? [] : [[held.days, terms ? String(terms.days) : null] as const];
  const from = held.from === undefined ? [] : [[held.from, terms?.from ?? null] as const];
  return cells([...days, ...from]);
}

/** Mapped columns that are not there, each with the unmapped ones whose name is most like it. */
export function lostColumns(columns: Columns, present: readonly string[]): Drift[] {
  const mapped = columnsOf(columns);
  const unused = present.filter((name) => !mapped.includes(name));
  return Object.keys(columns).flatMap((field) =>
    columnsOfField(columns, field)
      .filter((name) => !present.includes(name))
      .map((expected) => ({ field, expected, found: likest(expected, unused) })),
  );
}

/** At most three of the names that share a stretch of three letters with the lost one; where none does, the last ones. */
function likest(lost: string, names: readonly string[]): string[] {
  const stretches = (name: string) => {
    const letters = name.toLowerCase().replace(/[^a-z0-9]/g, '');
    return new Set(
      Array.from({ length: Math.max(0, letters.length - 2) }, (_, i) => letters.slice(i, i + 3)),
    );
  };
  const wanted = stretches(lost);
  const alike = (name: string) => [...stretches(name)].filter((three) => wanted.has(three)).length;
  const near = names.filter((name) => alike(name) > 0).sort((a, b) => alike(b) - alike(a));
  return (near.length > 0 ? near : names.toReversed()).slice(0, 3);
}
