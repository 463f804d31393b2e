import { expect, test } from 'vitest';
import { contactDrift } from '#src/connectors/xero/contacts/renamed.ts';
import { contact } from '#src/connectors/xero/contacts/schema.ts';

/** As Xero sends one that is nearly empty: these keys are always there. */
const bare = (more: object = {}) =>
  contact.parse({
    ContactID: 'c1',
    ContactStatus: 'ACTIVE',
    Name: 'ACME PTY LTD',
    EmailAddress: '',
    Addresses: [],
    Phones: [],
    ...more,
  });
const driftIn = (more: object) => {
  const one = bare(more);
  return contactDrift([one])(one);
};

test('a renamed key is found in the contact, its address and its phone', () => {
  const { EmailAddress: _, ...rest } = bare();
  const renamed = contact.parse({ ...rest, Email: 'x@y.au' });
  expect(contactDrift([renamed])(renamed)).toEqual([
    { field: 'email', expected: 'EmailAddress', found: ['Email'] },
  ]);
  const address = { AddressType: 'POBOX', AddressLine1: 'x', City: '', Region: '', Country: '' };
  expect(driftIn({ Addresses: [{ ...address, Postcode: '2000' }] })).toEqual([
    { field: 'billing_address', expected: 'Addresses.PostalCode', found: ['Addresses.Postcode'] },
  ]);
  expect(driftIn({ Phones: [{ PhoneType: 'MOBILE', Number: '0491 570 156' }] })).toEqual([
    { field: 'mobile', expected: 'Phones.PhoneNumber', found: ['Phones.Number'] },
  ]);
  expect(driftIn({})).toEqual([]);
});

test('keys that Xero leaves out when they are empty are missed where a strange key holds what they hold', () => {
  const renamed = {
    TaxID: '51 824 753 556',
    RegistrationNumber: '004085616',
    Terms: { Sales: { Day: 30, Type: 'DAYSAFTERBILLDATE' } },
    SalesTaxType: 'EXEMPTOUTPUT',
  };
  expect(driftIn(renamed)).toEqual([
    { field: 'abn', expected: 'TaxNumber', found: ['TaxID'] },
    { field: 'acn', expected: 'CompanyNumber', found: ['RegistrationNumber'] },
    { field: 'payment_terms', expected: 'PaymentTerms', found: ['Terms'] },
    { field: 'tax_treatment', expected: 'AccountsReceivableTaxType', found: ['SalesTaxType'] },
  ]);
});

test('a key that Xero has added is no alarm, however little is filled in', () => {
  for (const added of [
    true,
    '',
    null,
    'ACTIVE',
    12,
    '2026-11-21T00:00:00',
    [],
    {},
    '00000000-0000-4000-8000-000000000000',
  ])
    expect(driftIn({ EInvoicing: added })).toEqual([]);
});

test('an empty field is not suspected of a key that another field has lost', () => {
  const { EmailAddress: _, ...rest } = bare();
  const one = contact.parse({ ...rest, PrimaryEmailAddress: 'x@y.au' });
  expect(contactDrift([one])(one).map(({ field }) => field)).toEqual(['email']);
  const two = contact.parse({ ...one, TaxID: '51824753556' });
  expect(contactDrift([two])(two).map(({ field }) => field)).toEqual(['email', 'abn']);
});

test('a status that we do not know is told as such, and read as neither in use nor archived', () => {
  expect(driftIn({ ContactStatus: 'PENDING' })).toEqual([
    { field: 'status', expected: 'ContactStatus', found: [], unknown: 'PENDING' },
  ]);
  for (const ContactStatus of ['ACTIVE', 'ARCHIVED', 'GDPRREQUEST'])
    expect(driftIn({ ContactStatus })).toEqual([]);
});
