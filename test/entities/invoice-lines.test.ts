import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { invoiceLines, type LineAsRead, linesOf, linesValue } from '#src/entities/invoice-lines.ts';
import { totalsOfLines } from '#src/entities/invoice-totals.ts';

const { normal, problem, show } = invoiceLines;
const bolt: LineAsRead = {
  sku: 'BOLT-M6',
  description: 'Bolt M6',
  quantity: '2',
  unit_price: '12.50',
  discount: '10.0',
  tax: 'gst',
};
const apples: LineAsRead = { ...bolt, sku: null, description: 'Apples', discount: null, tax: 'gst_free' };
const invoiceOf = (...lines: LineAsRead[]) => linesValue({ currency: 'AUD', prices: 'exclusive', lines });
const altered = (more: Partial<LineAsRead>) => invoiceOf({ ...bolt, ...more });

const decimal = fc
  .tuple(fc.integer({ min: 0, max: 10 ** 6 }), fc.integer({ min: 0, max: 4 }))
  .map(([units, scale]) => (units / 10 ** scale).toFixed(scale));
const anyLine = fc.record({
  sku: fc.option(fc.string()),
  description: fc.option(fc.string()),
  quantity: fc.option(fc.oneof(decimal, fc.string(), fc.double({ noNaN: true, noDefaultInfinity: true }))),
  unit_price: fc.option(fc.oneof(decimal, fc.string(), fc.double({ noNaN: true, noDefaultInfinity: true }))),
  discount: fc.option(fc.oneof(decimal, fc.string())),
  tax: fc.option(fc.oneof(fc.constantFrom('gst', 'gst_free'), fc.string())),
});

describe('lines', () => {
  test('are one text, with numbers in one form', () => {
    expect(invoiceOf(bolt)).toBe(
      '{"currency":"AUD","prices":"exclusive","lines":[{"sku":"BOLT-M6","description":"Bolt M6","quantity":"2","unit_price":"12.5","discount":"10","tax":"gst"}]}',
    );
  });

  test('read back as they were put in (property)', () => {
    fc.assert(
      fc.property(fc.array(anyLine), fc.constantFrom('exclusive', 'inclusive'), (lines, prices) => {
        const value = linesValue({ currency: 'AUD', prices, lines });
        const read = linesOf(value);
        expect(read?.lines).toHaveLength(lines.length);
        expect(read && linesValue(read)).toBe(value);
      }),
    );
  });

  test('are the same in another order, in other JSON and in another case of their codes (property)', () => {
    fc.assert(
      fc.property(fc.array(anyLine), (lines) => {
        const value = invoiceOf(...lines);
        const turned = JSON.stringify({
          lines: [...lines]
            .reverse()
            .map((line) => Object.fromEntries(Object.entries(line).reverse()) as unknown),
          prices: 'exclusive',
          currency: 'AUD',
        });
        expect(normal(turned)).toBe(normal(value));
        expect(normal(JSON.stringify(JSON.parse(value), null, 2))).toBe(normal(value));
      }),
    );
    expect(normal(altered({ sku: 'bolt-m6', tax: 'GST' }))).toBe(normal(invoiceOf(bolt)));
    expect(normal(altered({ description: ' Bolt \n M6' }))).toBe(normal(invoiceOf(bolt)));
  });

  test.each([
    { quantity: '3' },
    { unit_price: '12.51' },
    { discount: '0' },
    { tax: null },
    { tax: 'gst_free' },
    { description: 'bolt M6' },
    { sku: null },
  ])('differ with %j', (more) => {
    expect(normal(altered(more))).not.toBe(normal(invoiceOf(bolt)));
  });

  test('differ once a line is doubled, and by currency and kind of prices', () => {
    const one = { currency: 'AUD', prices: 'exclusive', lines: [bolt] } as const;
    const forms = [
      normal(linesValue(one)),
      normal(linesValue({ ...one, lines: [bolt, bolt] })),
      normal(linesValue({ ...one, prices: 'inclusive' })),
      normal(linesValue({ ...one, currency: 'NZD' })),
    ];
    expect(new Set(forms).size).toBe(4);
  });

  test('are told on one line of a phone', () => {
    expect(show(invoiceOf(bolt, apples))).toBe('2 lines, $47.50 + GST $2.25');
    expect(show(altered({ quantity: '100', unit_price: '1234.5', discount: null }))).toBe(
      '1 line, $123,450.00 + GST $12,345.00',
    );
    expect(show(invoiceOf(bolt, { ...apples, tax: 'GST-EXOTIC' }))).toBe('2 lines');
    expect(show(altered({ quantity: null }))).toBe('1 line');
    expect(show('no JSON')).toBe('no JSON');
  });

  test.each([
    [{ quantity: null }, 'Line 1 (Bolt M6) has no quantity.'],
    [{ unit_price: null }, 'Line 1 (Bolt M6) has no price.'],
    [{ quantity: 'a few' }, 'Line 1 (Bolt M6) says “a few” where a number is due.'],
    [{ quantity: '-1' }, 'Line 1 (Bolt M6) has a quantity below zero: -1.'],
    [{ discount: '101' }, 'Line 1 (Bolt M6) has a discount of 101 %.'],
    [{ discount: '-1' }, 'Line 1 (Bolt M6) has a discount of -1 %.'],
    [{ description: null, sku: null }, 'Line 1 has neither a description nor a SKU.'],
  ])('with %j cannot be saved', (more, words) => {
    expect(problem(altered(more))).toBe(words);
  });

  test('may be at a price below zero, as a deduction is, and free of charge', () => {
    expect(problem(invoiceOf(bolt, { ...apples, unit_price: '-5' }))).toBeNull();
    expect(problem(altered({ unit_price: '0' }))).toBeNull();
  });

  test('there must be one', () => {
    expect(problem(invoiceOf())).toBe('An invoice needs a line at the least.');
    expect(problem('{"lines":3}')).toContain('no lines of an invoice');
  });

  test('come to what Xero makes of them: rounded line by line', () => {
    const priced = (unit_price: string): LineAsRead => ({
      ...bolt,
      quantity: '1',
      unit_price,
      discount: null,
    });
    const read = linesOf(invoiceOf(priced('1141.39'), priced('34.25')));
    expect(read && totalsOfLines(read)?.tax).toBe(11757n);
    expect(read && totalsOfLines(read, { kind: 'invoice_total' })?.tax).toBe(11756n);
  });
});
