import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toNewCustomer, toUpdate } from '#src/connectors/cin7-core/customers/body.ts';
import { project, supports, toObservation } from '#src/connectors/cin7-core/customers/map.ts';
import { customerDrift } from '#src/connectors/cin7-core/customers/renamed.ts';
import { type Customer, customer } from '#src/connectors/cin7-core/customers/schema.ts';
import { markerLine } from '#src/connectors/cin7-core/marker.ts';
import { customerFields } from '../arbitraries.ts';

const codes = { gst: 'GST on Income', gst_free: 'GST Free Income', export: 'GST Free Exports' };
const observe = (one: Customer) => toObservation(one, [], codes);
const update = (fields: Parameters<typeof toUpdate>[0], current = acme()) => toUpdate(fields, current, codes);

const acme = (more: object = {}): Customer =>
  customer.parse({
    ID: 'g1',
    Name: 'Acme Pty Ltd',
    Status: 'Active',
    TaxRule: 'GST on Income',
    PaymentTerm: '30 days EOM',
    TaxNumber: '51824753556',
    LastModifiedOn: '2026-11-19T05:06:07.123',
    Addresses: [
      { ID: 'a1', Type: 'Shipping', Line1: '1 Dock St', Country: 'Australia' },
      { ID: 'a2', Type: 'Billing', Line1: 'Old', Country: 'Australia' },
      { ID: 'a3', Type: 'Billing', Line1: '8 Example Rd', Country: 'Australia', DefaultForType: true },
    ],
    Contacts: [
      { ID: 'p1', Name: 'Sam', Email: 'sam@x.au' },
      {
        ID: 'p2',
        Name: 'Jane',
        Email: 'jane@x.au',
        Phone: '5550 1234',
        MobilePhone: '0491 570 156',
        Default: true,
      },
    ],
    ...more,
  });

type Item = { ID?: string };
/** As Cin7 Core merges: an item with an id changes that one, one without is added. */
function applied(before: Customer, body: Record<string, unknown>): Customer {
  const merge = (old: readonly Item[], items: unknown) => {
    const sent = (items ?? []) as Item[];
    const kept = old.map((item) => ({ ...item, ...sent.find(({ ID }) => ID === item.ID) }));
    return [...kept, ...sent.filter(({ ID }) => !ID).map((item, at) => ({ ...item, ID: `new${at}` }))];
  };
  return customer.parse({
    ...before,
    ...body,
    Addresses: merge((before.Addresses ?? []) as Item[], body.Addresses),
    Contacts: merge((before.Contacts ?? []) as Item[], body.Contacts),
  });
}

test('a customer is read with its default billing address and contact, and times in UTC', () => {
  const observation = observe(acme());
  expect(observation).toMatchObject({
    externalId: 'g1',
    role: 'customer',
    vendorAt: '2026-11-19T05:06:07.123Z',
    archived: false,
  });
  expect(observation.fields).toMatchObject({
    trading_name: { state: 'unsupported' },
    email: { state: 'value', value: 'jane@x.au' },
    phone: { state: 'value', value: '5550 1234' },
    mobile: { state: 'value', value: '0491 570 156' },
    billing_address: { value: { line1: '8 Example Rd', country: 'Australia' } },
    delivery_address: { value: { line1: '1 Dock St', country: 'Australia' } },
    tax_treatment: { state: 'value', value: 'gst' },
    status: { state: 'value', value: 'active' },
    acn: { state: 'unsupported' },
    gst_registered: { state: 'unsupported' },
    payment_terms: { value: { days: 30, from: 'end_of_month' } },
  });
  expect(observe(acme({ Status: 'DEPRECATED' })).archived).toBe(true);
  expect(observe(acme({ TaxNumber: 51824753556 })).fields.abn).toEqual({
    state: 'value',
    value: '51824753556',
  });
});

test('what is written is read back as what Cin7 Core can hold of it; nothing is added, nothing else changes', () => {
  fc.assert(
    fc.property(customerFields, (all) => {
      const before = acme();
      const fields = Object.entries(all).filter(([field]) => supports(field));
      const held = Object.fromEntries(fields.map(([field, value]) => [field, project(field, value).value]));
      const body = update(held, before);
      if (fields.length === 0 || body.kind !== 'body') {
        expect([body.kind, fields.length]).toEqual(['nothing', 0]);
        return;
      }
      expect(body.adds).toBe(false);
      const after = applied(before, body.json);
      const read = observe(after).fields;
      for (const [field, value] of Object.entries(held))
        expect(read[field]).toEqual({ state: 'value', value });
      expect(after.Addresses).toHaveLength(3);
      expect(after.Addresses?.[1]).toEqual(before.Addresses?.[1]);
      expect(after.Contacts?.[0]).toEqual(before.Contacts?.[0]);
      expect(after.Contacts?.[1]).toMatchObject({ Name: 'Jane', ID: 'p2' });
    }),
  );
});

describe('an update', () => {
  test('holds the id and what changes, nothing else', () => {
    expect(update({ abn: '1', payment_terms: { days: 14, from: 'invoice_date' } })).toEqual({
      kind: 'body',
      json: { ID: 'g1', TaxNumber: '1', PaymentTerm: '14 days' },
      adds: false,
    });
    expect(update({ tax_treatment: 'export', status: 'archived' })).toMatchObject({
      json: { ID: 'g1', TaxRule: 'GST Free Exports', Status: 'Deprecated' },
    });
  });

  test('that adds an address or a contact says so: sent twice, it would add two', () => {
    const bare = acme({ Addresses: [], Contacts: null });
    expect(update({ delivery_address: { line1: 'x', country: 'Australia' } }, bare)).toMatchObject({
      adds: true,
      json: { Addresses: [{ Type: 'Shipping', Line1: 'x', Country: 'Australia', DefaultForType: true }] },
    });
    expect(update({ mobile: '0491 570 156' }, bare)).toMatchObject({
      adds: true,
      json: { Contacts: [{ Name: 'Acme Pty Ltd', MobilePhone: '0491 570 156' }] },
    });
  });

  test('clears by empty texts, and has nothing to send where nothing is there', () => {
    const nothing = { billing_address: null, delivery_address: null, phone: null, mobile: null };
    const cleared = update(nothing);
    const read = observe(applied(acme(), cleared.kind === 'body' ? cleared.json : {})).fields;
    for (const field of Object.keys(nothing)) expect(read[field]).toEqual({ state: 'blank' });
    expect(update(nothing, acme({ Addresses: [], Contacts: [] })).kind).toBe('nothing');
  });

  test('never guesses a tax rule or a status, and never empties what a customer must have', () => {
    const reason = (fields: Parameters<typeof toUpdate>[0]) => {
      const body = update({ ...fields, phone: '1' });
      return body.kind === 'impossible' ? body.reason : body.kind;
    };
    expect(reason({ tax_treatment: 'input_taxed' })).toContain('tax_codes');
    expect(reason({ tax_treatment: 'GST on Imports' })).toContain('tax_codes');
    expect(reason({ status: 'resting' })).toContain('no status “resting”');
    for (const field of ['legal_name', 'payment_terms', 'tax_treatment', 'status'])
      expect(reason({ [field]: null })).toContain('without');
  });
});

test('a tax rule that the table does not know stays in Cin7 Core’s words', () => {
  expect(observe(acme({ TaxRule: 'gst free income' })).fields.tax_treatment).toMatchObject({
    value: 'gst_free',
  });
  expect(observe(acme({ TaxRule: 'GST on Imports' })).fields.tax_treatment).toMatchObject({
    value: 'GST on Imports',
  });
  expect(observe(acme({ TaxRule: '' })).fields.tax_treatment).toEqual({ state: 'blank' });
});

describe('a new customer', () => {
  const marker = '6a1c1f8e-4b0f-4f5e-9d11-0c8f2b9f7a10';
  const made = {
    currency: 'AUD',
    paymentTerm: '30 days',
    accountReceivable: '610',
    revenueAccount: '200',
    taxRule: 'GST on Income',
  };
  const body = (fields: Record<string, string | object>) =>
    toNewCustomer({ key: 'k', changeId: 'tr-1', marker, fields: fields as never }, made, codes);

  test('has what the agreement says of all, what we know of it, and our mark', () => {
    expect(body({ legal_name: 'Delta', email: 'a@b.au', tax_treatment: 'gst_free' })).toEqual({
      kind: 'body',
      adds: true,
      json: {
        Name: 'Delta',
        Status: 'Active',
        Currency: 'AUD',
        PaymentTerm: '30 days',
        AccountReceivable: '610',
        RevenueAccount: '200',
        TaxRule: 'GST Free Income',
        Comments: `truce:${marker}`,
        Contacts: [{ Name: 'Delta', Default: true, Email: 'a@b.au' }],
      },
    });
    expect(body({ email: 'a@b.au' })).toMatchObject({ kind: 'impossible' });
    expect(body({ legal_name: 'Delta', tax_treatment: 'input_taxed' })).toMatchObject({ kind: 'impossible' });
  });

  test('is known again by the mark, whatever people write around it', () => {
    const held = (Comments: string) => observe(acme({ Comments })).marker;
    expect(held(markerLine(marker))).toBe(marker);
    expect(held(`Calls on Mondays\r\n ${markerLine(marker.toUpperCase())} \r\nGate 4`)).toBe(marker);
    expect(held(`see ${markerLine(marker)}`)).toBeNull();
    expect(held('truce:nobody')).toBeNull();
    expect(observe(acme()).marker).toBeNull();
  });
});

test('lengths are cut and a country is added, both declared', () => {
  expect(project('legal_name', 'x'.repeat(300))).toEqual({ value: 'x'.repeat(256), lossy: true });
  expect(project('billing_address', { line1: 'x' })).toMatchObject({
    value: { line1: 'x', country: 'Australia' },
    lossy: true,
  });
  expect(project('billing_address', null)).toEqual({ value: null, lossy: false });
});

test('a renamed key is found in the customer, its address and its contact', () => {
  const { TaxNumber: _, ...rest } = acme();
  const renamed = customer.parse({ ...rest, VatNumber: '1' });
  expect(customerDrift([renamed])(renamed)).toEqual([
    { field: 'abn', expected: 'TaxNumber', found: ['VatNumber'] },
  ]);
  const inside = acme({
    Contacts: [{ ID: 'p', Name: 'Jane', Phone: '1', MobilePhone: null, EmailAddress: 'x@y.au' }],
  });
  expect(customerDrift([inside])(inside)).toEqual([
    { field: 'email', expected: 'Contacts.Email', found: ['Contacts.EmailAddress'] },
  ]);
});
