import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inOrder, lineOf } from '#src/connectors/hubspot/deals/line.ts';
import { crmRecord } from '#src/connectors/hubspot/schema.ts';
import { invoiceLines, linesOf, linesValue } from '#src/entities/invoice-lines.ts';
import { lineAmount } from '#src/entities/money/amount.ts';
import { decimalOf } from '#src/entities/money/decimal.ts';
import { netPrice } from '#src/playground/vendors/hubspot/along.ts';

const line = (properties: Record<string, string>, id = '7') =>
  crmRecord.parse({ id, properties: { name: 'Gate', quantity: '1', price: '100', ...properties } });
const productOf = (code: string | null) =>
  crmRecord.parse({ id: '1', properties: { hs_sku: 'G-1', truce_tax_treatment: code } });
const read = (properties: Record<string, string>, product?: ReturnType<typeof productOf>) =>
  lineOf(line(properties), product, 'AUD');

describe('the GST code of a line', () => {
  test('is that of its product', () => {
    expect(read({}, productOf('GST_Free'))).toMatchObject({ tax: 'gst_free', sku: 'G-1' });
  });
  test('is none where there is no product, or the product has none: never a usual one', () => {
    expect(read({})).toMatchObject({ tax: null, sku: null });
    expect(read({}, productOf(null))).toMatchObject({ tax: null });
    expect(read({}, productOf(''))).toMatchObject({ tax: null });
  });
  test('that nobody knows stays as it was written', () => {
    expect(read({}, productOf('GST on Capital'))).toMatchObject({ tax: 'GST on Capital' });
  });
});

describe('what a line costs', () => {
  test('a discount in money makes the price less, one in percent stays', () => {
    expect(read({ price: '11.45', discount: '1.4', hs_discount_percentage: '12.5' })).toMatchObject({
      unit_price: '10.05',
      discount: '12.5',
    });
    expect(read({ discount: 'a few' })).toMatchObject({ unit_price: '100 less a few' });
  });

  const cents = (most: number) =>
    fc
      .integer({ min: 0, max: most })
      .map((minor) => `${Math.floor(minor / 100)}.${String(minor % 100).padStart(2, '0')}`);

  test('is to the cent what HubSpot reckons for it, whatever its numbers', () => {
    fc.assert(
      fc.property(
        fc.record({
          quantity: fc.integer({ min: 1, max: 99_999 }).map((count) => String(count / 8)),
          price: cents(999_999),
          discount: fc.constantFrom('', '0.05', '1.25'),
          hs_discount_percentage: fc.constantFrom('', '5', '12.5', '33.333'),
        }),
        (properties) => {
          const amount = netPrice((name) => properties[name as keyof typeof properties] ?? '');
          const own = read({ ...properties, amount });
          if ('unusable' in own) throw new Error(own.unusable);
          const [quantity, price, discount] = [own.quantity, own.unit_price, own.discount ?? '0'].map(
            (text) => decimalOf(String(text)),
          );
          if (!quantity || !price || !discount) throw new Error(JSON.stringify(own));
          const told = decimalOf(amount);
          const minor = told ? told.units * 10n ** BigInt(2 - told.scale) : null;
          expect(lineAmount({ quantity, price, discount }, 'AUD')).toBe(minor);
        },
      ),
    );
  });

  test('where HubSpot reckons otherwise, by tiers or terms, nothing is invoiced', () => {
    expect(read({ quantity: '10', amount: '900' })).toEqual({
      unusable:
        'its line “Gate” is 900 by HubSpot’s own reckoning, and 1000 by its quantity, price and discounts',
    });
    // A cent is rounding.
    expect(read({ quantity: '3', price: '33.335', amount: '100' })).toMatchObject({ unit_price: '33.335' });
  });
});

test('lines are a value that says what is wrong with one, by its place', () => {
  const value = linesValue({
    currency: 'AUD',
    prices: 'exclusive',
    lines: [read({}), read({ quantity: '' })].flatMap((one) => ('unusable' in one ? [] : [one])),
  });
  expect(linesOf(value)?.lines).toHaveLength(2);
  expect(invoiceLines.problem(value)).toBe('Line 2 (Gate) has no quantity.');
});

test('lines stand in the order in which people see them', () => {
  const all = [
    line({ hs_position_on_quote: '10' }, '1'),
    line({ hs_position_on_quote: '2' }, '2'),
    line({}, '9'),
    line({}, '10'),
  ];
  expect(inOrder(all).map(({ id }) => id)).toEqual(['2', '1', '9', '10']);
});
