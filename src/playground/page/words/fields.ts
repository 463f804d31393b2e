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

export type Difference = 'same' | 'differs' | 'alone';

const meanings: readonly [RegExp, Exclude<Meaning, null>][] = [
  [/\babn\b|tax\s?number/, 'abn'],
  [/\bacn\b|company number/, 'acn'],
  [/e-?mail/, 'email'],
  [/mobile/, 'mobile'],
  [/phone/, 'phone'],
  [/term/, 'terms'],
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

/** For each card and line: does another card hold another value for the same thing? */
export function differences(
  cards: readonly Card[],
): (card: Card, row: Row) => { mark: Difference; words: string } {
  const rows = new Map(cards.map((card) => [card, rowsOf(card)]));
  return (card, row) => {
    if (row.meaning === null) return { mark: 'alone', words: '' };
    const mine = comparable(row);
    const others = cards.flatMap((other) => {
      const same =
        other === card ? undefined : rows.get(other)?.find((candidate) => candidate.meaning === row.meaning);
      return same ? [{ label: other.label, value: comparable(same) }] : [];
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
const shortenedPattern = new RegExp(`\\b(${Object.keys(shortened).join('|')})\\b`, 'g');

function comparable(row: Row): string {
  if (row.meaning === 'abn' || row.meaning === 'acn') return row.value.replace(/\D/g, '');
  if (row.meaning === 'phone' || row.meaning === 'mobile')
    return row.value.replace(/\D/g, '').replace(/^61/, '0').replace(/^00/, '0');
  const words = row.value.toLowerCase().replace(shortenedPattern, (word) => shortened[word] ?? word);
  if (row.meaning === 'terms') return termsOf(words);
  return words.replace(/[^a-z0-9@]+/g, ' ').trim();
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
