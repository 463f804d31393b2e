import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dealFields } from '#src/connectors/hubspot/deals/map.ts';
import { type Fields, observedIn, propertiesOf, unwritable } from '#src/connectors/hubspot/fields.ts';
import { paymentFields } from '#src/connectors/hubspot/payments/map.ts';
import { productFields } from '#src/connectors/hubspot/products/map.ts';
import { crmRecord } from '#src/connectors/hubspot/schema.ts';
import { stockFields } from '#src/connectors/hubspot/stock/map.ts';
import { type Entity, type FieldValue, same } from '#src/entities/field.ts';
import { invoice } from '#src/entities/invoice.ts';
import { payment } from '#src/entities/payment.ts';
import { product } from '#src/entities/product.ts';
import { stockLevel } from '#src/entities/stock-level.ts';

const record = (properties: Record<string, string | null>) => crmRecord.parse({ id: '1', properties });

const text = fc.string({ minLength: 1, maxLength: 80, unit: 'grapheme' }).filter((one) => one.trim() !== '');
const decimal = fc
  .tuple(fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }), fc.integer({ min: 0, max: 6 }))
  .map(([units, scale]) => {
    const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0');
    const [whole, part] = [digits.slice(0, digits.length - scale), digits.slice(digits.length - scale)];
    return `${units < 0n ? '-' : ''}${whole}${part && `.${part}`}`;
  });
const amount = fc.record(
  { minor: fc.integer({ min: 0, max: 10 ** 13 }), currency: fc.constant('AUD') },
  { noNullPrototype: true },
);
const day = fc
  .date({ min: new Date('1990-01-01'), max: new Date('2090-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const link = fc.webUrl({ validSchemes: ['https'] });

const of: Readonly<Record<string, fc.Arbitrary<FieldValue>>> = {
  sell_price: decimal,
  cost: decimal,
  on_hand: decimal,
  allocated: decimal,
  available: decimal,
  total: amount,
  tax: amount,
  amount_due: amount,
  amount_paid: amount,
  amount_credited: amount,
  issued_on: day,
  due_on: day,
  paid_on: day,
  invoice_link: link,
};

const entities: readonly (readonly [Entity, Fields])[] = [
  [product, productFields],
  [stockLevel, stockFields],
  [invoice, dealFields],
  [payment, paymentFields],
];

describe.each(entities.map(([entity, fields]) => [entity.noun.many, entity, fields] as const))(
  'fields of %s',
  (_, entity, fields) => {
    const known = entity.fields.filter(({ name }) => Object.hasOwn(fields, name));

    test.each(known.map((field) => [field.name, field] as const))(
      '%s: whatever is written is read back as the same, and cleared by nothing',
      (name, field) => {
        const values = field.choices ? fc.constantFrom(...field.choices.map(({ value }) => value)) : text;
        fc.assert(
          fc.property(of[name] ?? values, (value) => {
            const sent = propertiesOf({ [name]: value }, fields);
            const held = observedIn(record(sent), fields, 'AUD')[name];
            expect(
              held?.state === 'value' && same(field, held.value, value),
              JSON.stringify([value, held]),
            ).toBe(true);
          }),
        );
        const cleared = propertiesOf({ [name]: null }, fields);
        expect(Object.values(cleared)).toEqual(['']);
        expect(observedIn(record(cleared), fields, 'AUD')[name]).toEqual({ state: 'blank' });
      },
    );

    test('no two fields share a property, and every field is the entity’s', () => {
      const properties = Object.values(fields).map(({ property }) => property);
      expect(new Set(properties).size).toBe(properties.length);
      expect(Object.keys(fields).sort()).toEqual(known.map(({ name }) => name).sort());
    });
  },
);

test('numbers are told to the last digit, whatever way HubSpot writes them', () => {
  const price = (held: string | null) => observedIn(record({ price: held }), productFields).sell_price;
  expect(price('0.1285')).toEqual({ state: 'value', value: '0.1285' });
  expect(price('11.450')).toEqual({ state: 'value', value: '11.45' });
  expect(price('1.23456789E8')).toEqual({ state: 'value', value: '123456789' });
  expect(price('12,5')).toEqual({ state: 'value', value: '12,5' });
  expect([price(''), price(null)]).toEqual([{ state: 'blank' }, { state: 'blank' }]);
});

test('a day is the day that it says, never moved by a zone', () => {
  const due = (held: string) => observedIn(record({ truce_invoice_due_on: held }), dealFields).due_on;
  expect(due('2026-07-01')).toEqual({ state: 'value', value: '2026-07-01' });
  // Midnight of that day in UTC: in Sydney it is ten in the morning, in Honolulu the day before.
  expect(due('1782864000000')).toEqual({ state: 'value', value: '2026-07-01' });
});

test('an amount that has no whole cents, or no currency, is told as it stands, never rounded', () => {
  const total = (held: string, currency: string | null) =>
    observedIn(record({ truce_invoice_total: held }), dealFields, currency).total;
  expect(total('12.345', 'AUD')).toEqual({ state: 'value', value: '12.345' });
  expect(total('12.34', null)).toEqual({ state: 'value', value: '12.34' });
  expect(total('1200', 'JPY')).toEqual({ state: 'value', value: { minor: 1200, currency: 'JPY' } });
});

test('a choice in other letters is ours, another word stays as it is', () => {
  const status = (held: string) => observedIn(record({ truce_status: held }), productFields).status;
  expect([status(' Archived '), status('paused')]).toEqual([
    { state: 'value', value: 'archived' },
    { state: 'value', value: 'paused' },
  ]);
});

test('what is read only is never sent', () => {
  expect(unwritable({ on_hand: '5', sku: 'X' }, stockFields)).toEqual(['sku']);
  expect(unwritable({ number: 'INV-1', reference: 'x', lines: '{}' }, dealFields)).toEqual([
    'reference',
    'lines',
  ]);
  expect(() => propertiesOf({ colour: 'red' }, productFields)).toThrow('no field colour');
});
