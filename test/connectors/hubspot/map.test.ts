import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  mappingFor,
  projectFor,
  toObservation,
  toProperties,
} from '#src/connectors/hubspot/companies/map.ts';
import { propertiesIn } from '#src/connectors/hubspot/objects.ts';
import { type CrmRecord, crmRecord } from '#src/connectors/hubspot/schema.ts';
import { fieldsOfPracticeCustomers } from '../arbitraries.ts';

const mapping = mappingFor({ kind: 'property' });
const properties = propertiesIn(mapping.company);
const observe = (company: CrmRecord, drift: Parameters<typeof toObservation>[2]['drift'] = []) =>
  toObservation(company, mapping, { drift, billing: { kind: 'company' } });
const sent = (fields: Parameters<typeof toProperties>[0]) => toProperties(fields, mapping.company);

const acme = (held: Record<string, string | null>, more: Partial<CrmRecord> = {}): CrmRecord =>
  crmRecord.parse({
    id: '901',
    properties: { ...Object.fromEntries(properties.map((name) => [name, null])), ...held },
    updatedAt: '2026-11-19T23:00:00.000Z',
    ...more,
  });

test('a company is read as it is, raw', () => {
  const observation = observe(
    acme({
      name: 'Acme',
      abn: ' 51 824 753 556',
      address: '8 Example Rd',
      zip: '2000',
      payment_terms: '30 days',
      phone: ' ',
    }),
  );
  expect(observation).toMatchObject({
    externalId: '901',
    role: 'company',
    vendorAt: '2026-11-19T23:00:00.000Z',
    archived: false,
  });
  expect(observation.fields).toEqual({
    legal_name: { state: 'blank' },
    trading_name: { state: 'value', value: 'Acme' },
    abn: { state: 'value', value: ' 51 824 753 556' },
    email: { state: 'blank' },
    phone: { state: 'blank' },
    billing_address: {
      state: 'value',
      value: { line1: '8 Example Rd', line2: null, city: null, state: null, postcode: '2000', country: null },
    },
    payment_terms: { state: 'value', value: { days: 30, from: 'invoice_date' } },
    acn: { state: 'blank' },
    mobile: { state: 'blank' },
    delivery_address: { state: 'blank' },
    tax_treatment: { state: 'blank' },
    gst_registered: { state: 'blank' },
    status: { state: 'blank' },
  });
});

test('what is written is read back as the same, and what is cleared as blank', () => {
  fc.assert(
    fc.property(fieldsOfPracticeCustomers, (fields) => {
      const read = observe(acme(sent(fields))).fields;
      for (const [field, value] of Object.entries(fields))
        expect(read[field]).toEqual({ state: 'value', value });
      const cleared = sent(Object.fromEntries(Object.keys(fields).map((field) => [field, null])));
      expect(Object.values(cleared).every((text) => text === '')).toBe(true);
      const after = observe(acme({ ...sent(fields), ...cleared })).fields;
      for (const field of Object.keys(fields)) expect(after[field]).toEqual({ state: 'blank' });
    }),
  );
});

test('only the named fields are sent, an address always whole', () => {
  expect(Object.keys(sent({ email: 'a@b.au' }))).toEqual(['billing_email']);
  expect(sent({ billing_address: { line1: 'x', city: 'Perth' } })).toEqual({
    address: 'x',
    address2: '',
    city: 'Perth',
    state: '',
    zip: '',
    country: '',
  });
});

describe('who changed a field', () => {
  test('is the newest entry of any of its properties, whatever their order', () => {
    const entry = (timestamp: string, sourceLabel: string | null) => ({ timestamp, sourceLabel, value: 'x' });
    const { editors } = observe(
      acme(
        {},
        {
          propertiesWithHistory: {
            city: [entry('2026-11-01T00:00:00Z', 'Old'), entry('2026-11-18T02:00:00.000Z', 'Priya Nair')],
            zip: [entry('2026-11-17T00:00:00Z', 'Tom Walsh')],
            phone: [entry('2026-11-03T00:00:00Z', null)],
          },
        },
      ),
    );
    expect(editors).toEqual({
      billing_address: { by: 'Priya Nair', at: '2026-11-18T02:00:00.000Z' },
      phone: { by: null, at: '2026-11-03T00:00:00Z' },
    });
  });
});

test('a field that drifted is not read', () => {
  const drift = [{ field: 'phone', expected: 'phone', found: ['phone_number'] }];
  const { fields, drift: told } = observe(acme({ name: 'Acme' }), drift);
  expect(fields.phone).toEqual({ state: 'not_read' });
  expect(fields.trading_name).toEqual({ state: 'value', value: 'Acme' });
  expect(told).toEqual(drift);
});

test('where a contact holds them, e-mail and mobile go there and come back as projected; the rest stays the company’s', () => {
  const billing = { kind: 'only' } as const;
  const split = mappingFor(billing);
  const project = projectFor(billing);
  fc.assert(
    fc.property(fieldsOfPracticeCustomers, (fields) => {
      const of = (mapped: object) =>
        Object.fromEntries(Object.entries(fields).filter(([field]) => Object.hasOwn(mapped, field)));
      const held = toProperties(of(split.contact), split.contact);
      const contact = crmRecord.parse({
        id: '5',
        // As HubSpot keeps it.
        properties: {
          email: null,
          mobilephone: null,
          ...held,
          ...(held.email ? { email: held.email.toLowerCase() } : {}),
        },
        updatedAt: '2026-11-19T23:30:00.000Z',
      });
      const company = acme(toProperties(of(split.company), split.company));
      const observation = toObservation(company, split, {
        drift: [],
        billing: { kind: 'contact', contact, drift: [] },
      });
      expect(observation.vendorAt).toBe('2026-11-19T23:30:00.000Z');
      for (const [field, value] of Object.entries(fields))
        expect(observation.fields[field]).toEqual({ state: 'value', value: project(field, value).value });
    }),
  );
});

test('who changed a field without a name is told by what it was', () => {
  const by = (entry: object) =>
    observe(
      crmRecord.parse({
        ...acme({}),
        propertiesWithHistory: { phone: [{ timestamp: '2026-11-01T00:00:00Z', value: 'x', ...entry }] },
      }),
    ).editors.phone?.by;
  expect(by({ sourceType: 'CRM_UI', sourceId: 'userId:42' })).toBe('HubSpot user 42');
  expect(by({ sourceType: 'AUTOMATION_PLATFORM', sourceId: 'enrollmentId:1' })).toBe('a workflow');
  expect(by({ sourceType: 'IMPORT', sourceId: '7' })).toBe('an import');
  expect(by({ sourceType: 'SOMETHING_NEW' })).toBeNull();
});

test('whether a company is registered for GST is read from a checkbox, or from the words of a property that is none', () => {
  const of = (held: string | null) => observe(acme({ gst_registered: held })).fields.gst_registered;
  expect([of('true'), of('false'), of('Yes'), of(null), of('')]).toEqual([
    { state: 'value', value: true },
    { state: 'value', value: false },
    { state: 'value', value: true },
    { state: 'blank' },
    { state: 'blank' },
  ]);
  expect(of('Ask Priya')).toEqual({ state: 'value', value: 'Ask Priya' });
  expect([sent({ gst_registered: true }), sent({ gst_registered: 'false' })]).toEqual([
    { gst_registered: 'true' },
    { gst_registered: 'false' },
  ]);
});

test('a status or treatment is known in any letter case; another text stays as somebody wrote it', () => {
  const read = observe(acme({ customer_status: 'Active', tax_treatment: 'BAS Excluded' })).fields;
  expect(read.status).toEqual({ state: 'value', value: 'active' });
  expect(read.tax_treatment).toEqual({ state: 'value', value: 'BAS Excluded' });
});
