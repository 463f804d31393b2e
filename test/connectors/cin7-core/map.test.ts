import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { customerDrift, project, toObservation } from '#src/connectors/cin7-core/map.ts';
import { type Customer, customer } from '#src/connectors/cin7-core/schema.ts';
import { toUpdate } from '#src/connectors/cin7-core/update.ts';
import { customerFields } from '../arbitraries.ts';

const acme = (more: object = {}): Customer =>
  customer.parse({
    ID: 'g1',
    Name: 'Acme Pty Ltd',
    Status: 'Active',
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
  const observation = toObservation(acme(), []);
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
    billing_address: { value: { line1: '8 Example Rd', country: 'Australia' } },
    payment_terms: { value: { days: 30, from: 'end_of_month' } },
  });
  expect(toObservation(acme({ Status: 'DEPRECATED' }), []).archived).toBe(true);
  expect(toObservation(acme({ TaxNumber: 51824753556 }), []).fields.abn).toEqual({
    state: 'value',
    value: '51824753556',
  });
});

test('what is written is read back as what Cin7 Core can hold of it; nothing is added, nothing else changes', () => {
  fc.assert(
    fc.property(customerFields, ({ trading_name: _, ...fields }) => {
      const before = acme();
      const held = Object.fromEntries(
        Object.entries(fields).map(([field, value]) => [field, project(field, value).value]),
      );
      const update = toUpdate(held, before);
      if (Object.keys(held).length === 0) {
        expect(update).toBeNull();
        return;
      }
      expect(update?.adds).toBe(false);
      const after = applied(before, update?.body ?? {});
      const read = toObservation(after, []).fields;
      for (const [field, value] of Object.entries(held))
        expect(read[field]).toEqual({ state: 'value', value });
      expect(after.Addresses).toHaveLength(3);
      expect(after.Addresses?.slice(0, 2)).toEqual(before.Addresses?.slice(0, 2));
      expect(after.Contacts?.[0]).toEqual(before.Contacts?.[0]);
      expect(after.Contacts?.[1]).toMatchObject({ Name: 'Jane', MobilePhone: '0491 570 156' });
    }),
  );
});

describe('an update', () => {
  test('holds the id and what changes, nothing else', () => {
    expect(toUpdate({ abn: '1', payment_terms: { days: 14, from: 'invoice_date' } }, acme())).toEqual({
      body: { ID: 'g1', TaxNumber: '1', PaymentTerm: '14 days' },
      adds: false,
    });
  });

  test('that adds an address or a contact says so: sent twice, it would add two', () => {
    const bare = acme({ Addresses: [], Contacts: null });
    expect(toUpdate({ billing_address: { line1: 'x', country: 'Australia' } }, bare)).toMatchObject({
      adds: true,
      body: { Addresses: [{ Type: 'Billing', Line1: 'x', Country: 'Australia' }] },
    });
    expect(toUpdate({ email: 'a@b.au' }, bare)).toMatchObject({
      adds: true,
      body: { Contacts: [{ Name: 'Acme Pty Ltd', Email: 'a@b.au' }] },
    });
  });

  test('clears by empty texts, and has nothing to send where nothing is there', () => {
    const cleared = toUpdate({ billing_address: null, phone: null }, acme());
    const read = toObservation(applied(acme(), cleared?.body ?? {}), []).fields;
    expect(read.billing_address).toEqual({ state: 'blank' });
    expect(read.phone).toEqual({ state: 'blank' });
    expect(
      toUpdate({ billing_address: null, phone: null }, acme({ Addresses: [], Contacts: [] })),
    ).toBeNull();
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
  const inside = acme({ Contacts: [{ ID: 'p', Name: 'Jane', Phone: '1', EmailAddress: 'x@y.au' }] });
  expect(customerDrift([inside])(inside)).toEqual([
    { field: 'email', expected: 'Contacts.Email', found: ['Contacts.EmailAddress'] },
  ]);
});
