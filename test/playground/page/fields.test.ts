import { describe, expect, it } from 'vitest';
import { addressLine, differences, meaningOf, rowsOf } from '#src/playground/page/words/fields.ts';
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

describe('fields of the cards', () => {
  it('knows the same thing under each vendor’s name for it', () => {
    const meanings = [hubspot, xero, cin7].map((one) => one.fields.map(meaningOf));
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
});
