import type { PracticeSystem } from '#src/playground/vendors/vendor.ts';
import type { Dice } from './dice.ts';
import { inventAbn, inventAcn } from './numbers.ts';

/**
 * A value as the model knows it: what is left of it when every system's way of writing is taken off; `''` = empty. The model's
 * own, so that a mistake in how the product compares values is seen.
 */
export type Token = string;

/** How people write one field in each system, and read it there. A system without keys cannot hold it. */
export interface FieldSheet {
  readonly keys: Readonly<Partial<Record<PracticeSystem, readonly string[]>>>;
  /** A value that nobody has yet, where there are that many. */
  fresh(number: number, dice: Dice): Token;
  /** As a person types it, in one of several ways. One text for each key. */
  write(token: Token, system: PracticeSystem, dice: Dice): readonly string[];
  read(texts: readonly string[], system: PracticeSystem): Token;
  /** False where some system cannot be without it. */
  readonly canBeEmpty: boolean;
}

const everywhere = (hubspot: string, xero: string, cin7: string): FieldSheet['keys'] => ({
  hubspot: [hubspot],
  xero: [xero],
  'cin7-core': [cin7],
});

const oneText =
  (ways: (token: Token) => readonly string[]): FieldSheet['write'] =>
  (token, _, dice) => [token === '' ? '' : dice.pick(ways(token))];

const words = (text: string) =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();
const titled = (text: string) => text.replace(/\b[a-z]/g, (letter) => letter.toUpperCase());

const name = (keys: FieldSheet['keys'], kind: string, canBeEmpty: boolean): FieldSheet => ({
  keys,
  canBeEmpty,
  fresh: (number) => words(`${kind} ${number} ${kind === 'firm' ? 'pty ltd' : ''}`),
  write: oneText((token) => [
    titled(token),
    token.toUpperCase(),
    titled(token).replace('Pty Ltd', 'Pty. Ltd.'),
  ]),
  read: ([text = '']) => words(text),
});

const number = (keys: FieldSheet['keys'], fresh: FieldSheet['fresh']): FieldSheet => ({
  keys,
  canBeEmpty: true,
  fresh,
  write: oneText((token) => [token, token.replace(/(...)(?=.)/g, '$1 ')]),
  read: ([text = '']) => text.replace(/\D/g, ''),
});

const telephone = (keys: FieldSheet['keys'], fresh: FieldSheet['fresh']): FieldSheet => ({
  keys,
  canBeEmpty: true,
  fresh,
  write: oneText((token) => [
    token,
    `+61 ${token.slice(1)}`,
    token.replace(/^(..)(....)(....)$/, token.startsWith('04') ? '$1$2 $3' : '($1) $2 $3'),
  ]),
  read: ([text = '']) => text.replace(/\D/g, '').replace(/^61(?=\d{9}$)/, '0'),
});

const towns = [
  ['Bega', 'NSW', '2550'],
  ['Ararat', 'VIC', '3377'],
  ['Dalby', 'QLD', '4405'],
  ['Kadina', 'SA', '5554'],
] as const;

/** One value of four parts: a mixture of two is none that anybody ever typed. */
const address = (keys: FieldSheet['keys']): FieldSheet => ({
  keys,
  canBeEmpty: true,
  fresh: (number, dice) => [`${number} wattle street`, ...dice.pick(towns)].join('|').toLowerCase(),
  write: (token, _, dice) => {
    const [street = '', city = '', state = '', postcode = ''] = token.split('|');
    const typed = dice.chance(50) ? street : street.replace('street', 'St');
    return [titled(typed), titled(city), state.toUpperCase(), postcode];
  },
  read: (texts) => {
    const [street = '', ...rest] = texts.map((text) => text.trim().toLowerCase());
    const parts = [street.replace(/\bst\.?$/, 'street'), ...rest];
    return parts.every((part) => part === '') ? '' : parts.join('|');
  },
});

/** Those that Cin7 Core's book of terms has. */
const termsOf: Readonly<Record<Token, string>> = {
  '7': '7 days',
  '14': '14 days',
  '30': '30 days',
  '60': '60 days',
  '30 eom': '30 days EOM',
};

const treatments: Readonly<Record<Token, readonly [hubspot: string, others: string]>> = {
  gst: ['GST', 'GST on Income'],
  gst_free: ['GST free', 'GST Free Income'],
  export: ['Export', 'GST Free Exports'],
  input_taxed: ['Input taxed', 'Input Taxed'],
  out_of_scope: ['Out of scope', 'BAS Excluded'],
};
const treatmentIn = (system: PracticeSystem, token: Token) =>
  treatments[token]?.[system === 'hubspot' ? 0 : 1] ?? '';

const inUse: Readonly<Record<PracticeSystem, readonly [active: string, archived: string]>> = {
  hubspot: ['Active', 'Archived'],
  xero: ['ACTIVE', 'ARCHIVED'],
  'cin7-core': ['ACTIVE', 'DEPRECATED'],
};

const spread = (value: number, most: number) => (value * 7919) % most;
const digits = (value: number, length: number) => String(value).padStart(length, '0');

/** Every field that the practice agreement keeps in step, but for one that HubSpot alone has. */
export const vocabulary = {
  legal_name: name(everywhere('legal_name', 'Name', 'Name'), 'firm', false),
  trading_name: name({ hubspot: ['name'] }, 'shop', true),
  abn: {
    ...number(everywhere('abn', 'TaxNumber', 'TaxNumber'), (number) => inventAbn(number)),
    write: oneText((token) => [token, token.replace(/^(..)(...)(...)(...)$/, '$1 $2 $3 $4')]),
    canBeEmpty: false,
  },
  acn: number({ hubspot: ['acn'], xero: ['CompanyNumber'] }, (number) => inventAcn(number)),
  email: {
    keys: everywhere('billing_email', 'EmailAddress', 'Email'),
    canBeEmpty: true,
    fresh: (number) => `mail${number}@example.com`,
    write: oneText((token) => [token, token.replace(/^m/, 'M'), token.replace('example', 'EXAMPLE')]),
    read: ([text = '']) => text.trim().toLowerCase(),
  },
  phone: telephone(
    everywhere('phone', 'PhoneNumber', 'Phone'),
    (number) => `025550${digits(spread(number, 10_000), 4)}`,
  ),
  mobile: telephone(
    everywhere('mobile_phone', 'MobileNumber', 'MobilePhone'),
    (number) => `04915${digits(spread(number, 100_000), 5)}`,
  ),
  billing_address: address({
    hubspot: ['address', 'city', 'state', 'zip'],
    xero: ['AddressLine1', 'City', 'Region', 'PostalCode'],
    'cin7-core': ['Line1', 'City', 'State', 'Postcode'],
  }),
  delivery_address: address({
    hubspot: ['delivery_address', 'delivery_city', 'delivery_state', 'delivery_zip'],
    xero: ['DeliveryAddressLine1', 'DeliveryCity', 'DeliveryRegion', 'DeliveryPostalCode'],
    'cin7-core': ['ShippingLine1', 'ShippingCity', 'ShippingState', 'ShippingPostcode'],
  }),
  payment_terms: {
    keys: everywhere('payment_terms', 'PaymentTerms', 'PaymentTerm'),
    canBeEmpty: false,
    fresh: (_, dice) => dice.pick(Object.keys(termsOf)),
    write: (token, system) => [
      system === 'hubspot'
        ? (termsOf[token] ?? '').replace('EOM', 'after end of month')
        : (termsOf[token] ?? ''),
    ],
    read: ([text = '']) =>
      [/\d+/.exec(text)?.[0] ?? '', /eom|end of month/i.test(text) ? 'eom' : ''].join(' ').trim(),
  },
  tax_treatment: {
    keys: everywhere('tax_treatment', 'AccountsReceivableTaxType', 'TaxRule'),
    canBeEmpty: false,
    fresh: (_, dice) => dice.pick(Object.keys(treatments)),
    write: (token, system) => [treatmentIn(system, token)],
    read: ([text = ''], system) =>
      Object.keys(treatments).find((token) => treatmentIn(system, token) === text) ?? text,
  },
  status: {
    keys: everywhere('customer_status', 'ContactStatus', 'Status'),
    canBeEmpty: false,
    fresh: (_, dice) => dice.pick(['active', 'archived']),
    write: (token, system) => [inUse[system][token === 'archived' ? 1 : 0]],
    read: ([text = ''], system) =>
      text === '' ? '' : text.toUpperCase() === inUse[system][1].toUpperCase() ? 'archived' : 'active',
  },
} as const satisfies Readonly<Record<string, FieldSheet>>;

export type FieldName = keyof typeof vocabulary;
export const fieldNames = Object.keys(vocabulary) as FieldName[];
export const sheetOf = (field: FieldName): FieldSheet => vocabulary[field];
export const systems: readonly PracticeSystem[] = ['hubspot', 'xero', 'cin7-core'];
export const canHold = (system: PracticeSystem, field: FieldName): boolean =>
  sheetOf(field).keys[system] !== undefined;
