import type { Card, CardField } from '../../vendors/vendor.ts';

/**
 * The same thing under three vendors' names: HubSpot's `zip` is Xero's `PostalCode` and Cin7 Core's `Postcode`.
 * For marking differences on the page only; what Truce compares is its connectors' business.
 */
export type Meaning =
  | 'legal_name'
  | 'trading_name'
  | 'abn'
  | 'acn'
  | 'email'
  | 'phone'
  | 'mobile'
  | 'address'
  | 'delivery'
  | 'terms'
  | 'tax'
  | 'status'
  | null;
export type AddressPart = 'street' | 'street2' | 'city' | 'state' | 'postcode' | 'country';

/** One line of a card: a single field, or the parts of an address, which are read and saved together. */
export interface Row {
  readonly id: string;
  readonly label: string;
  readonly meaning: Meaning;
  readonly value: string;
  readonly fields: readonly CardField[];
}

/** Seen at a glance on every card; whatever else there is lies folded under them. */
const main: readonly Meaning[] = ['trading_name', 'legal_name', 'abn', 'email', 'phone', 'address', 'terms'];

const meanings: readonly [RegExp, Exclude<Meaning, null>][] = [
  [/\babn\b|tax\s?number/, 'abn'],
  [/\bacn\b|company number/, 'acn'],
  [/e-?mail/, 'email'],
  [/mobile/, 'mobile'],
  [/phone/, 'phone'],
  [/term/, 'terms'],
  [/\btax\b/, 'tax'],
  [/\bstatus\b/, 'status'],
  [/legal/, 'legal_name'],
  [/trading|company name/, 'trading_name'],
];
const parts: readonly [RegExp, AddressPart][] = [
  [/post\s?al?\s?code|post\s?code|zip/, 'postcode'],
  [/line\s?2|address\s?2|street\s?2/, 'street2'],
  [/line\s?1|address\s?1|street/, 'street'],
  [/city|suburb|town/, 'city'],
  [/region|state/, 'state'],
  [/country/, 'country'],
];
const partOrder: readonly AddressPart[] = ['street', 'street2', 'city', 'state', 'postcode', 'country'];

/** A key as words: "PostalCode", "address.zip", "postal_code" → lower case words with spaces. */
const spelled = (text: string) =>
  text
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/[^A-Za-z0-9-]+/g, ' ')
    .toLowerCase();

/** Which part of the address a field is, if it is one. */
export function addressPart(field: CardField): AddressPart | null {
  const words = `${spelled(lastPart(field.key))} ${spelled(field.label)}`;
  if (/e-?mail/.test(words)) return null;
  for (const [pattern, part] of parts) if (pattern.test(words)) return part;
  return /address/.test(words) ? 'street' : null;
}

export function meaningOf(field: CardField): Meaning {
  const words = `${spelled(field.key)} ${spelled(field.label)}`;
  for (const [pattern, meaning] of meanings) if (pattern.test(words)) return meaning;
  if (addressPart(field)) return /deliver|shipping/.test(words) ? 'delivery' : 'address';
  return /\bname\b/.test(words) ? 'legal_name' : null;
}

const lastPart = (key: string) => key.split('.').at(-1) ?? key;

/** A card's fields as lines, each address as one. `typed` holds what somebody is typing right now, by field key. */
export function rowsOf(card: Card, typed: Readonly<Record<string, string>> = {}): Row[] {
  const fields = card.fields.map((field) => ({ ...field, value: typed[field.key] ?? field.value }));
  const partsOf = (meaning: Meaning) =>
    fields
      .filter((field) => meaningOf(field) === meaning)
      .sort(
        (a, b) =>
          partOrder.indexOf(addressPart(a) ?? 'country') - partOrder.indexOf(addressPart(b) ?? 'country'),
      );
  const rows: Row[] = [];
  for (const field of fields) {
    const meaning = meaningOf(field);
    if (meaning !== 'address' && meaning !== 'delivery') {
      rows.push({ id: field.key, label: field.label, meaning, value: field.value, fields: [field] });
    } else if (!rows.some((row) => row.meaning === meaning)) {
      const label = meaning === 'address' ? 'Billing address' : 'Delivery address';
      const address = partsOf(meaning);
      rows.push({ id: meaning, label, meaning, value: addressLine(address), fields: address });
    }
  }
  return rows;
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
export function folded(rows: readonly Row[]): { readonly inSight: Row[]; readonly under: Row[] } {
  const isMain = ({ meaning }: Row) => main.includes(meaning);
  return { inSight: rows.filter(isMain), under: rows.filter((row) => !isMain(row)) };
}
