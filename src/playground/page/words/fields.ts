import type { Kind } from '../../page-server/api.ts';
import type { Card, CardField } from '../../vendors/vendor.ts';
import { dayWords, money, quantity } from './figures.ts';
import { groupWords, lineNumber } from './groups.ts';
import { type AddressPart, addressPart, type Meaning, meaningOf, partOrder } from './meanings.ts';

/** One line of a card: a single field, or fields that are read and saved together, as those of an address. */
export interface Row {
  readonly id: string;
  readonly label: string;
  readonly meaning: Meaning;
  readonly value: string;
  readonly fields: readonly CardField[];
}

/** Seen at a glance on every card, beside the lines of papers; whatever else there is lies folded under them. */
const main: Readonly<Record<Kind, readonly Meaning[]>> = {
  customer: ['trading_name', 'legal_name', 'abn', 'email', 'phone', 'address', 'terms'],
  product: ['name', 'sku', 'price', 'tax', 'status', 'on_hand', 'available'],
  sale: [
    'reference',
    'customer',
    'stage',
    'amount',
    'number',
    'invoice_status',
    'due',
    'total',
    'amount_due',
    'payment_status',
  ],
};

/** Read as money, and as days of the calendar. */
const amounts: readonly Meaning[] = [
  ...(['price', 'cost', 'amount', 'total', 'gst', 'amount_due', 'paid', 'credited'] as const),
];
const days: readonly Meaning[] = ['issued', 'due', 'paid_on'];
const quantities: readonly Meaning[] = ['on_hand', 'allocated', 'available'];

/** A card's fields as lines, each address as one. `typed` holds what somebody is typing right now, by field key. */
export function rowsOf(
  card: Card,
  typed: Readonly<Record<string, string>> = {},
  kind: Kind = 'customer',
): Row[] {
  const fields = card.fields.map((field) => ({ ...field, value: typed[field.key] ?? field.value }));
  const rows = new Map<string, Row>();
  for (const field of fields) {
    const meaning = meaningOf(field, kind);
    const bundle = meaning === 'address' || meaning === 'delivery' ? meaning : field.group;
    const id = bundle ?? field.key;
    if (rows.has(id)) continue;
    if (bundle === undefined) {
      rows.set(id, {
        id,
        label: field.label,
        meaning,
        value: shownValue(meaning, field.value),
        fields: [field],
      });
    } else if (bundle === field.group) {
      rows.set(id, groupRow(bundle, fields));
    } else {
      const isPart = (one: CardField) => meaningOf(one, kind) === meaning;
      rows.set(id, addressRow(meaning, fields.filter(isPart)));
    }
  }
  return [...rows.values()];
}

function shownValue(meaning: Meaning, value: string): string {
  if (amounts.includes(meaning)) return money(value);
  if (quantities.includes(meaning)) return quantity(value);
  return days.includes(meaning) ? dayWords(value) : value;
}

function groupRow(group: string, all: readonly CardField[]): Row {
  const fields = all.filter((field) => field.group === group);
  const number = lineNumber(group);
  const meaning = number === null ? null : (`line ${number}` as const);
  return { id: group, label: group, meaning, value: groupWords(fields), fields };
}

function addressRow(meaning: Meaning, parts: readonly CardField[]): Row {
  const place = (field: CardField) => partOrder.indexOf(addressPart(field) ?? 'country');
  const fields = parts.toSorted((a, b) => place(a) - place(b));
  const label = meaning === 'address' ? 'Billing address' : 'Delivery address';
  return { id: String(meaning), label, meaning, value: addressLine(fields), fields };
}

/** "8 Example Rd, Sydney NSW 2000". Australia itself is not said. */
export function addressLine(fields: readonly CardField[]): string {
  const of = (...wanted: AddressPart[]) =>
    fields
      .filter((field) => wanted.includes(addressPart(field) ?? 'country'))
      .map((field) => field.value.trim())
      .filter((value) => value !== '' && !/^(au|aus|australia)$/i.test(value));
  const place = of('city', 'state', 'postcode').join(' ');
  return [...of('street', 'street2'), place, ...of('country')].filter(Boolean).join(', ');
}

/** A card's lines in two: those that are always in sight, and those that are folded until somebody wants them. */
export function folded(
  rows: readonly Row[],
  kind: Kind = 'customer',
): { readonly inSight: Row[]; readonly under: Row[] } {
  const isMain = ({ meaning, value }: Row) =>
    meaning?.startsWith('line ') ||
    // What a deal has to say of its invoice is nothing before there is one.
    (main[kind].includes(meaning) && (kind !== 'sale' || value !== ''));
  return { inSight: rows.filter(isMain), under: rows.filter((row) => !isMain(row)) };
}
