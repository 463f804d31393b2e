import { describe, expect, it } from 'vitest';
import { differences } from '#src/playground/page/words/differences.ts';
import { addressLine, folded, rowsOf } from '#src/playground/page/words/fields.ts';
import { meaningOf } from '#src/playground/page/words/meanings.ts';
import type { Card } from '#src/playground/vendors/vendor.ts';

const card = (system: Card['system'], label: string, fields: Record<string, [string, string]>): Card => ({
  system,
  label,
  externalId: '1',
  title: 'Bellbird Timber',
  abn: '51824753556',
  fields: Object.entries(fields).map(([key, [name, value]]) => ({ key, label: name, value })),
  updatedAt: '2026-11-20T03:00:00Z',
});
const hubspot = card('hubspot', 'HubSpot', {
  name: ['Company name', 'Bellbird Timber'],
  legal_name: ['Legal name', 'Bellbird Timber Pty Ltd'],
  abn: ['ABN', '51 824 753 556'],
  phone: ['Phone', '(02) 5550 1234'],
  zip: ['Postcode', '3220'],
  address: ['Street address', '12 Sample Street'],
  city: ['City', 'Geelong'],
  state: ['State', 'VIC'],
  payment_terms: ['Payment terms', '30 days'],
});
const xero = card('xero', 'Xero', {
  Name: ['Contact name', 'Bellbird Timber Proprietary Limited'],
  TaxNumber: ['ABN', '51824753556'],
  PhoneNumber: ['Phone', '+61 2 5550 1234'],
  AddressLine1: ['Billing address', '12 Sample St'],
  City: ['City/Town', 'Geelong'],
  Region: ['State/Region', 'Victoria'],
  PostalCode: ['Postcode', '3220'],
  PaymentTerms: ['Invoice due', '30 days after end of month'],
});
const cin7 = card('cin7-core', 'Cin7 Core', {
  TaxNumber: ['Tax number', '51 824 753 556'],
  Phone: ['Contact phone', '02 7010 0001'],
  Line1: ['Address line 1', '12 Sample St'],
  City: ['City / suburb', 'Geelong'],
  State: ['State / province', 'VIC'],
  Postcode: ['Zip / postcode', '3220'],
});
const compare = differences([hubspot, xero, cin7]);
const mark = (of: Card, meaning: string) => {
  const row = rowsOf(of).find((candidate) => candidate.meaning === meaning);
  if (!row) throw new Error(`no ${meaning}`);
  return compare(of, row);
};

const more = [
  card('hubspot', 'HubSpot', {
    acn: ['ACN', '912 345 674'],
    mobile: ['Mobile', '0491 570 156'],
    zip: ['Postcode', '3220'],
    delivery_street: ['Delivery street', '5 Wharf Lane'],
    delivery_city: ['Delivery city', 'Geelong'],
    delivery_postcode: ['Delivery postcode', '3220'],
    tax_treatment: ['Tax treatment', 'GST'],
    customer_status: ['Status', 'Active'],
  }),
  card('xero', 'Xero', {
    CompanyNumber: ['Company number', '912345674'],
    MobileNumber: ['Mobile', '+61 491 570 156'],
    DeliveryAddressLine1: ['Delivery address', '7 Wharf Ln'],
    DeliveryCity: ['Delivery city', 'Geelong'],
    DeliveryPostalCode: ['Delivery postcode', '3220'],
    AccountsReceivableTaxType: ['Sales tax type', 'GST on Income'],
    ContactStatus: ['Contact status', 'ARCHIVED'],
  }),
];

describe('fields of the cards', () => {
  it('knows the same thing under each vendor’s name for it', () => {
    const meanings = [hubspot, xero, cin7].map((one) => one.fields.map((field) => meaningOf(field)));
    expect(meanings[0]).toEqual([
      'trading_name',
      'legal_name',
      'abn',
      'phone',
      'address',
      'address',
      'address',
      'address',
      'terms',
    ]);
    expect(meanings[1]).toEqual([
      'legal_name',
      'abn',
      'phone',
      'address',
      'address',
      'address',
      'address',
      'terms',
    ]);
    expect(meanings[2]).toEqual(['abn', 'phone', 'address', 'address', 'address', 'address']);
  });

  it('reads an address as one line, whatever the order of its parts', () => {
    const row = rowsOf(hubspot).find((candidate) => candidate.meaning === 'address');
    expect(row?.value).toBe('12 Sample Street, Geelong VIC 3220');
    expect(row?.fields.map((field) => field.key)).toEqual(['address', 'city', 'state', 'zip']);
    expect(addressLine([{ key: 'country', label: 'Country', value: 'Australia' }])).toBe('');
  });

  it('shows what is being typed in place of what is saved', () => {
    const row = rowsOf(xero, { AddressLine1: '4 Wha' }).find((candidate) => candidate.meaning === 'address');
    expect(row?.value).toBe('4 Wha, Geelong Victoria 3220');
  });

  it('says in words from whom a value differs', () => {
    expect(mark(cin7, 'phone')).toEqual({ mark: 'differs', words: 'differs from HubSpot and Xero' });
    expect(mark(hubspot, 'phone')).toEqual({ mark: 'differs', words: 'differs from Cin7 Core' });
    expect(mark(xero, 'terms')).toEqual({ mark: 'differs', words: 'differs from HubSpot' });
  });

  it('takes spellings of one value for one value', () => {
    for (const one of [hubspot, xero, cin7]) {
      expect(mark(one, 'abn').mark).toBe('same');
      expect(mark(one, 'address').mark).toBe('same');
    }
    expect(mark(hubspot, 'legal_name').mark).toBe('same');
    expect(mark(hubspot, 'trading_name').mark).toBe('alone');
  });

  it('keeps the delivery address, the mobile and the ACN apart from their neighbours', () => {
    const [one, other] = more.map((of) =>
      rowsOf(of).map(({ label, meaning, value }) => [label, meaning, value]),
    );
    expect(one).toEqual([
      ['ACN', 'acn', '912 345 674'],
      ['Mobile', 'mobile', '0491 570 156'],
      ['Billing address', 'address', '3220'],
      ['Delivery address', 'delivery', '5 Wharf Lane, Geelong 3220'],
      ['Tax treatment', 'tax', 'GST'],
      ['Status', 'status', 'Active'],
    ]);
    expect(other?.[2]).toEqual(['Delivery address', 'delivery', '7 Wharf Ln, Geelong 3220']);
    const compared = differences(more);
    const marks = more.flatMap((of) => rowsOf(of).map((row) => [row.meaning, compared(of, row).mark]));
    expect(Object.fromEntries(marks)).toMatchObject({
      acn: 'same',
      mobile: 'same',
      delivery: 'differs',
      address: 'alone',
      tax: 'same',
      status: 'differs',
    });
  });

  it.each([
    ['tax', ['GST', 'GST on Income', 'OUTPUT'], ['GST free', 'GST Free Income']],
    ['tax', ['Export', 'GST Free Exports'], ['Out of scope', 'BAS Excluded']],
    ['status', ['Active', 'ACTIVE'], ['Archived', 'ARCHIVED', 'DEPRECATED']],
  ])('knows the same %s in each vendor’s words', (meaning, one, other) => {
    const holding = (value: string) =>
      card(
        'xero',
        value,
        meaning === 'tax' ? { TaxRule: ['Tax rule', value] } : { Status: ['Status', value] },
      );
    const marks = (values: readonly string[]) => {
      const cards = values.map(holding);
      const told = differences(cards);
      return cards.flatMap((of) => rowsOf(of).map((row) => [row.meaning, told(of, row).mark]));
    };
    for (const words of [one, other]) expect(marks(words)).toEqual(words.map(() => [meaning, 'same']));
    for (const a of one) for (const b of other) expect(marks([a, b])[0]).toEqual([meaning, 'differs']);
  });

  it('keeps in sight what every card had from the start, and folds the rest in the card’s own order', () => {
    for (const of of [hubspot, xero, cin7]) {
      expect(folded(rowsOf(of))).toEqual({ inSight: rowsOf(of), under: [] });
    }
    const parts = more.map((of) => folded(rowsOf(of)));
    expect(parts.map(({ inSight }) => inSight.map(({ meaning }) => meaning))).toEqual([['address'], []]);
    for (const { under } of parts)
      expect(under.map(({ meaning }) => meaning)).toEqual(['acn', 'mobile', 'delivery', 'tax', 'status']);
  });

  it('folds what it does not know', () => {
    const strange = card('xero', 'Xero', { Name: ['Contact name', 'A'], Colour: ['Colour', 'red'] });
    expect(folded(rowsOf(strange)).under.map(({ id }) => id)).toEqual(['Colour']);
  });
});
