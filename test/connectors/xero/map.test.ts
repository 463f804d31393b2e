import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { xeroTime } from '#src/connectors/xero/client.ts';
import { toElement } from '#src/connectors/xero/contacts/element.ts';
import { project, toObservation } from '#src/connectors/xero/contacts/map.ts';
import { contactNumberOf } from '#src/connectors/xero/contacts/marker.ts';
import { type Contact, contact } from '#src/connectors/xero/contacts/schema.ts';
import { customerFields } from '../arbitraries.ts';

const taxCodes = { gst: 'OUTPUT', gst_free: 'EXEMPTOUTPUT', export: 'EXEMPTEXPORT' };

const observed = (one: Contact) => toObservation(one, [], taxCodes);

const acme = (more: object = {}): Contact =>
  contact.parse({
    ContactID: 'c1',
    Name: 'ACME PTY LTD',
    CompanyNumber: '824753556',
    AccountsReceivableTaxType: 'OUTPUT',
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
      { PhoneType: 'MOBILE', PhoneCountryCode: '61', PhoneAreaCode: '491', PhoneNumber: '570 156' },
    ],
    PaymentTerms: {
      Bills: { Day: 14, Type: 'DAYSAFTERBILLDATE' },
      Sales: { Day: 30, Type: 'DAYSAFTERBILLMONTH' },
    },
    ...more,
  });

/** As Xero merges: keys of the element over the contact's, lists replaced. */
const applied = (before: Contact, fields: Parameters<typeof toElement>[0]): Contact => {
  const made = toElement(fields, before, taxCodes);
  if (made.kind !== 'element') throw new Error(made.reason);
  return contact.parse({ ...before, ...made.element });
};

test('a contact is read with its billing address, its main phone whole, and Xero’s time', () => {
  const observation = observed(acme());
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
    gst_registered: { state: 'unsupported' },
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
    acn: { state: 'value', value: '824753556' },
    mobile: { state: 'value', value: '+61 491 570 156' },
    delivery_address: {
      state: 'value',
      value: {
        line1: '1 Dock St',
        line2: null,
        city: 'Perth',
        state: null,
        postcode: null,
        country: null,
      },
    },
    payment_terms: { state: 'value', value: { days: 30, from: 'end_of_month' } },
    tax_treatment: { state: 'value', value: 'gst' },
    status: { state: 'value', value: 'active' },
  });
});

describe('status', () => {
  const statusOf = (ContactStatus: string) => {
    const { archived, fields } = observed(acme({ ContactStatus }));
    return { archived, status: fields.status };
  };

  test('an archived contact is out of use, and can be brought back', () => {
    expect(statusOf('ARCHIVED')).toEqual({ archived: true, status: { state: 'value', value: 'archived' } });
    expect(applied(acme({ ContactStatus: 'ARCHIVED' }), { status: 'active' }).ContactStatus).toBe('ACTIVE');
    expect(applied(acme(), { status: 'archived' }).ContactStatus).toBe('ARCHIVED');
  });

  test('one that was erased on request is out of use for good', () => {
    expect(statusOf('GDPRREQUEST')).toEqual({ archived: true, status: { state: 'not_read' } });
  });
});

describe('tax treatment', () => {
  const taxOf = (code?: string) => observed(acme({ AccountsReceivableTaxType: code })).fields.tax_treatment;

  test('codes are read by the agreement’s table; one that it lacks stays as Xero has it', () => {
    expect(taxOf('EXEMPTEXPORT')).toEqual({ state: 'value', value: 'export' });
    expect(taxOf('TAX007')).toEqual({ state: 'value', value: 'TAX007' });
    expect(taxOf(undefined)).toEqual({ state: 'blank' });
  });

  test('a treatment that the table lacks is refused and names the setting', () => {
    const reason = expect.stringContaining('tax_codes');
    for (const tax_treatment of ['input_taxed', 'TAX007', 'toString']) {
      expect(toElement({ tax_treatment }, acme(), taxCodes)).toEqual({ kind: 'impossible', reason });
    }
    expect(toElement({ tax_treatment: null }, acme(), taxCodes)).toMatchObject({ kind: 'impossible' });
  });
});

test('a contact number is our marker only where it is one of ours', () => {
  const marker = '5f0d1a52-5a4e-4c0b-9d8e-1f2a3b4c5d6e';
  const read = (ContactNumber: string | undefined) => observed(acme({ ContactNumber })).marker;
  expect(read(contactNumberOf(marker))).toBe(marker);
  expect(contactNumberOf(marker).length).toBeLessThanOrEqual(50);
  for (const other of [undefined, '', 'truce-', 'CUST-0012', marker]) expect(read(other)).toBe(null);
});

/** The fields that Xero has beside those of every system. */
const moreFields = fc.record(
  {
    acn: fc.constantFrom('004085616', '004 085 616'),
    mobile: fc.constantFrom('+61 491 570 156', '0491 570 110'),
    delivery_address: fc.constantFrom(
      { line1: '1 Dock Rd', line2: null, city: 'Bega', state: 'NSW', postcode: '2550', country: null },
      { line1: '9 Quay St', line2: 'Shed 4', city: 'Darwin', state: 'NT', postcode: '0800', country: null },
    ),
    tax_treatment: fc.constantFrom('gst', 'gst_free', 'export'),
    status: fc.constantFrom('active', 'archived'),
  },
  { requiredKeys: [], noNullPrototype: true },
);
const allFields = fc
  .tuple(customerFields, moreFields)
  .map(([{ trading_name: _, ...fields }, more]) => ({ ...fields, ...more }));

test('what is written is read back as what Xero can hold of it, and nothing else changes', () => {
  fc.assert(
    fc.property(allFields, (fields) => {
      const before = acme();
      const after = applied(before, fields);
      const read = observed(after).fields;
      for (const [field, value] of Object.entries(fields)) {
        expect(read[field]).toEqual({ state: 'value', value: project(field, value).value });
      }
      const untouched = observed(before).fields;
      for (const field of Object.keys(untouched))
        if (!(field in fields)) expect(read[field]).toEqual(untouched[field]);
      expect(after.Phones?.[0]).toEqual(before.Phones?.[0]);
      expect(after.Addresses).toHaveLength(2);
      expect(after.Phones).toHaveLength(3);
      expect(after.PaymentTerms?.Bills).toEqual({ Day: 14, Type: 'DAYSAFTERBILLDATE' });
    }),
  );
});

test('a new contact is read back as it was written', () => {
  fc.assert(
    fc.property(allFields, (fields) => {
      const made = toElement(fields, null, taxCodes);
      if (made.kind !== 'element') throw new Error(made.reason);
      const read = observed(contact.parse({ ContactID: 'c2', ...made.element })).fields;
      for (const [field, value] of Object.entries(fields)) {
        expect(read[field]).toEqual({ state: 'value', value: project(field, value).value });
      }
    }),
  );
});

describe('an element', () => {
  test('holds the id and what changes, nothing else', () => {
    expect(toElement({ abn: '51824753556', email: null }, null, taxCodes)).toEqual({
      kind: 'element',
      element: { TaxNumber: '51824753556', EmailAddress: '' },
    });
  });

  test('keeps whom an address is for, and clears the lines that it does not use', () => {
    const made = toElement({ billing_address: { line1: 'PO Box 9' } }, acme(), taxCodes);
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
    const read = observed(applied(acme(), { billing_address: null, phone: null })).fields;
    expect(read.billing_address).toEqual({ state: 'blank' });
    expect(read.phone).toEqual({ state: 'blank' });
  });

  test('says what Xero cannot do', () => {
    expect(toElement({ payment_terms: null }, acme(), taxCodes)).toMatchObject({ kind: 'impossible' });
    expect(toElement({ payment_terms: 'ask Jane' }, acme(), taxCodes)).toMatchObject({ kind: 'impossible' });
  });

  test('writes back Xero’s own kinds of terms', () => {
    const before = acme({ PaymentTerms: { Sales: { Day: 20, Type: 'OFFOLLOWINGMONTH' } } });
    const terms = observed(before).fields.payment_terms;
    if (terms?.state !== 'value') throw new Error('expected a value');
    expect(terms.value).toBe('Day 20 of the following month');
    expect(applied(acme(), { payment_terms: terms.value }).PaymentTerms?.Sales).toEqual({
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

test('Xero’s time has no zone and no fraction', () => {
  expect(xeroTime(new Date('2026-11-21T01:02:03.987Z'))).toBe('2026-11-21T01:02:03');
});
