import { fold, words } from './text.ts';

/** Spelled out → as compared. Only this direction, so that "St Kilda Rd" never becomes a street called Saint. */
const streetWords: Readonly<Record<string, string>> = {
  STREET: 'ST',
  ROAD: 'RD',
  AVENUE: 'AVE',
  AV: 'AVE',
  DRIVE: 'DR',
  DRV: 'DR',
  COURT: 'CT',
  CRT: 'CT',
  PLACE: 'PL',
  LANE: 'LN',
  CRESCENT: 'CRES',
  CR: 'CRES',
  HIGHWAY: 'HWY',
  PARADE: 'PDE',
  TERRACE: 'TCE',
  BOULEVARD: 'BVD',
  BOULEVARDE: 'BVD',
  BLVD: 'BVD',
  CIRCUIT: 'CCT',
  CLOSE: 'CL',
  ESPLANADE: 'ESP',
  GROVE: 'GR',
  PARKWAY: 'PWY',
  PKWY: 'PWY',
  SQUARE: 'SQ',
  LEVEL: 'L',
  LVL: 'L',
  SUITE: 'STE',
  APARTMENT: 'APT',
  FLOOR: 'FL',
  NORTH: 'NTH',
  SOUTH: 'STH',
  MOUNT: 'MT',
};
const placeNames: Readonly<Record<string, string>> = { SAINT: 'ST', MOUNT: 'MT', NORTH: 'NTH', SOUTH: 'STH' };
const states: Readonly<Record<string, string>> = {
  'NEW SOUTH WALES': 'NSW',
  VICTORIA: 'VIC',
  QUEENSLAND: 'QLD',
  'SOUTH AUSTRALIA': 'SA',
  'WESTERN AUSTRALIA': 'WA',
  TASMANIA: 'TAS',
  'AUSTRALIAN CAPITAL TERRITORY': 'ACT',
  'NORTHERN TERRITORY': 'NT',
};
const codes = new Set(Object.values(states));
const countries: Readonly<Record<string, string>> = {
  AUSTRALIA: 'AU',
  AUS: 'AU',
  'COMMONWEALTH OF AUSTRALIA': 'AU',
  'NEW ZEALAND': 'NZ',
  NZL: 'NZ',
};

const replaceWords = (text: string, table: Readonly<Record<string, string>>) =>
  text
    .split(' ')
    .map((word) => (Object.hasOwn(table, word) ? table[word] : word))
    .join(' ');

/** The words of an address line. A slash or dash between numbers stays: "3/8" is not "38". */
export function lineWords(line: string): string {
  // Punctuation that carries meaning is held by symbols, which `words` keeps.
  const held = fold(line)
    .replace(/(?<=\d\p{L}?)\s*\/\s*(?=\d)/gu, '÷')
    .replace(/(?<=\d\p{L}?)\s*[-–—]\s*(?=\d)/gu, '~');
  const text = words(held)
    .replace(/\bPO ?BOX\b/g, 'PO BOX')
    .replace(/(?<=^|\s)U(?:NIT)? ?(?=\d)/g, 'UNIT ');
  return replaceWords(text, streetWords);
}

/** The words of a suburb, town or foreign region: "Saint Kilda" is "St Kilda". */
export const placeWords = (place: string) => replaceWords(words(place), placeNames);

/** `NSW` for "New South Wales", "N.S.W.", "nsw"; null for what is no Australian state or territory. */
export function stateCode(state: string): string | null {
  const name = words(state);
  const code = Object.hasOwn(states, name) ? states[name] : name;
  return code && codes.has(code) ? code : null;
}

/** Two letters for the countries we know by several names, else the name itself, in capitals. */
export function countryCode(country: string): string {
  const name = words(country);
  return (Object.hasOwn(countries, name) ? countries[name] : undefined) ?? name;
}

/** Four digits as text. A spreadsheet turns Darwin's 0800 into 800 or 800.0, and Canberra's 0200 into 200. */
export function postcodeOf(postcode: string): string {
  const text = words(postcode.replace(/^\s*(\d{3,4})\.0\s*$/, '$1'));
  return /^[289]\d\d$/.test(text) ? `0${text}` : text;
}

/** First and last postcode of each range (Australia Post). */
const ranges: readonly (readonly [number, number, string])[] = [
  [200, 299, 'ACT'],
  [800, 999, 'NT'],
  [1000, 2599, 'NSW'],
  [2600, 2618, 'ACT'],
  [2619, 2899, 'NSW'],
  [2900, 2920, 'ACT'],
  [2921, 2999, 'NSW'],
  [3000, 3999, 'VIC'],
  [4000, 4999, 'QLD'],
  [5000, 5999, 'SA'],
  [6000, 6999, 'WA'],
  [7000, 7999, 'TAS'],
  [8000, 8999, 'VIC'],
  [9000, 9999, 'QLD'],
];
/** Towns on a border that use the neighbour's postcode. */
const shared: Readonly<Record<string, readonly string[]>> = {
  '0872': ['SA', 'WA'],
  '2611': ['NSW'],
  '2618': ['NSW'],
  '2620': ['ACT'],
  '3500': ['NSW'],
  '3585': ['NSW'],
  '3586': ['NSW'],
  '3644': ['NSW'],
  '3691': ['NSW'],
  '3707': ['NSW'],
};

/** The states in which a postcode is used; empty where none uses it. */
export function stateOfPostcode(postcode: string): readonly string[] {
  const number = Number(postcode);
  const main = ranges.find(([first, last]) => number >= first && number <= last)?.[2];
  const across = number >= 4375 && number <= 4385 ? ['NSW'] : (shared[postcode] ?? []);
  return main ? [main, ...across] : across;
}
