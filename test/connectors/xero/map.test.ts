import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { xeroTime } from '#src/connectors/xero/client.ts';
import { contactDrift, project, toObservation } from '#src/connectors/xero/map.ts';
import { type Contact, contact } from '#src/connectors/xero/schema.ts';
import { toElement } from '#src/connectors/xero/update.ts';
import { customerFields } from '../arbitraries.ts';

const acme = (more: object = {}): Contact =>
  contact.parse({
    ContactID: 'c1',
    Name: 'ACME PTY LTD',
    UpdatedDateUTC: '/Date(1552327126117+0000)/',
    Addresses: [
      { AddressType: 'STREET', AddressLine1: '1 Dock St', City: 'Perth' },
      {
        AddressType: 'POBOX',
        AddressLine1: '8 Example Rd',
        AddressLine2: 'Level 2',
        AddressLine3: 'Rear',
        PostalCode: '2000',
        AttentionTo: 'Jane',
      },
    ],
    Phones: [
      { PhoneType: 'FAX', PhoneNumber: '5550 9999' },
      { PhoneType: 'DEFAULT', PhoneCountryCode: '61', PhoneAreaCode: '02', PhoneNumber: '5550 1234' },
    ],
    PaymentTerms: {
      Bills: { Day: 14, Type: 'DAYSAFTERBILLDATE' },
      Sales: { Day: 30, Type: 'DAYSAFTERBILLMONTH' },
    },
    ...more,
  });

/** As Xero merges: keys of the element over the contact's, lists replaced. */
const applied = (before: Contact, fields: Parameters<typeof toElement>[1]): Contact => {
  const made = toElement(before.ContactID, fields, before);
  if (made.kind !== 'element') throw new Error(made.reason);
  return contact.parse({ ...before, ...made.element });
};

test('a contact is read with its billing address, its main phone whole, and Xero’s time', () => {
  const observation = toObservation(acme(), []);
  expect(observation).toMatchObject({
    externalId: 'c1',
    role: 'contact',
    vendorAt: '2019-03-11T17:58:46.117Z',
    archived: false,
    url: 'https://go.xero.com/app/contacts/contact/c1',
  });
  expect(observation.fields).toEqual({
    legal_name: { state: 'value', value: 'ACME PTY LTD' },
    trading_name: { state: 'unsupported' },
    abn: { state: 'blank' },
    email: { state: 'blank' },
    phone: { state: 'value', value: '+61 2 5550 1234' },
    billing_address: {
      state: 'value',
      value: {
        line1: '8 Example Rd',
        line2: 'Level 2, Rear',
        city: null,
        state: null,
        postcode: '2000',
        country: null,
      },
    },
    payment_terms: { state: 'value', value: { days: 30, from: 'end_of_month' } },
  });
});

test('archived and merged contacts are archived', () => {
  expect(toObservation(acme({ ContactStatus: 'ARCHIVED' }), []).archived).toBe(true);
  expect(toObservation(acme({ ContactStatus: 'GDPRREQUEST' }), []).archived).toBe(true);
});

test('what is written is read back as what Xero can hold of it, and nothing else changes', () => {
  fc.assert(
    fc.property(customerFields, ({ trading_name: _, ...fields }) => {
      const before = acme();
      const after = applied(before, fields);
      const read = toObservation(after, []).fields;
      for (const [field, value] of Object.entries(fields)) {
        expect(read[field]).toEqual({ state: 'value', value: project(field, value).value });
      }
      const untouched = toObservation(before, []).fields;
      for (const field of Object.keys(untouched))
        if (!(field in fields)) expect(read[field]).toEqual(untouched[field]);
      expect(after.Addresses?.[0]).toEqual(before.Addresses?.[0]);
      expect(after.Phones?.[0]).toEqual(before.Phones?.[0]);
      expect(after.PaymentTerms?.Bills).toEqual({ Day: 14, Type: 'DAYSAFTERBILLDATE' });
    }),
  );
});

describe('an element', () => {
  test('holds the id and what changes, nothing else', () => {
    expect(toElement('c1', { abn: '51824753556', email: null }, null)).toEqual({
      kind: 'element',
      element: { ContactID: 'c1', TaxNumber: '51824753556', EmailAddress: '' },
    });
  });

  test('keeps whom an address is for, and clears the lines that it does not use', () => {
    const made = toElement('c1', { billing_address: { line1: 'PO Box 9' } }, acme());
    expect(made).toMatchObject({
      element: {
        Addresses: [
          { AddressType: 'STREET' },
          { AddressType: 'POBOX', AddressLine1: 'PO Box 9', AddressLine3: '', AttentionTo: 'Jane' },
        ],
      },
    });
  });

  test('clears an address and a phone', () => {
    const read = toObservation(applied(acme(), { billing_address: null, phone: null }), []).fields;
    expect(read.billing_address).toEqual({ state: 'blank' });
    expect(read.phone).toEqual({ state: 'blank' });
  });

  test('says what Xero cannot do', () => {
    expect(toElement('c1', { payment_terms: null }, acme())).toMatchObject({ kind: 'impossible' });
    expect(toElement('c1', { payment_terms: 'ask Jane' }, acme())).toMatchObject({ kind: 'impossible' });
  });

  test('writes back Xero’s own kinds of terms', () => {
    const before = acme({ PaymentTerms: { Sales: { Day: 20, Type: 'OFFOLLOWINGMONTH' } } });
    const observed = toObservation(before, []).fields.payment_terms;
    if (observed?.state !== 'value') throw new Error('expected a value');
    expect(observed.value).toBe('Day 20 of the following month');
    expect(applied(acme(), { payment_terms: observed.value }).PaymentTerms?.Sales).toEqual({
      Day: 20,
      Type: 'OFFOLLOWINGMONTH',
    });
  });
});

test('what does not fit is cut and declared', () => {
  expect(project('legal_name', 'x'.repeat(300))).toEqual({ value: 'x'.repeat(255), lossy: true });
  expect(project('legal_name', 'Acme')).toEqual({ value: 'Acme', lossy: false });
  expect(project('trading_name', 'Acme')).toEqual({ value: null, lossy: true });
});

test('a renamed key is found in the contact, its address and its phone', () => {
  const { EmailAddress: _, ...rest } = acme({ EmailAddress: 'x@y.au' });
  const renamed = contact.parse({ ...rest, Email: 'x@y.au' });
  expect(contactDrift([renamed])(renamed).map(({ field, expected }) => [field, expected])).toContainEqual([
    'email',
    'EmailAddress',
  ]);
  const moved = acme({
    Addresses: [
      { AddressType: 'POBOX', AddressLine1: 'x', City: '', Region: '', Country: '', Postcode: '2000' },
    ],
  });
  expect(contactDrift([moved])(moved)).toEqual([
    { field: 'billing_address', expected: 'Addresses.PostalCode', found: ['Addresses.Postcode'] },
  ]);
  expect(contactDrift([acme()])(acme())).toEqual([]);
});

test('Xero’s time has no zone and no fraction', () => {
  expect(xeroTime(new Date('2026-11-21T01:02:03.987Z'))).toBe('2026-11-21T01:02:03');
});
