import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Entity, Field, FieldValue, Observed } from '#src/entities/field.ts';
import { entities } from '#src/entities/index.ts';
import { invoice } from '#src/entities/invoice.ts';
import { payment } from '#src/entities/payment.ts';
import { product } from '#src/entities/product.ts';
import { locationsText, stockLevel } from '#src/entities/stock-level.ts';
import { anyText, anyValue } from './any-value.ts';

const fieldOf = (entity: Entity, name: string): Field => {
  const found = entity.fields.find((candidate) => candidate.name === name);
  if (!found) throw new Error(`${entity.name} has no field ${name}`);
  return found;
};
const known = (values: Record<string, FieldValue>): Record<string, Observed> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { state: 'value', value }]));

describe('every field of everything that is kept in step', () => {
  const fields = entities.flatMap((entity) => entity.fields.map((field) => [entity.name, field.name, field]));

  test.each(fields as [string, string, Field][])(
    '%s %s takes whatever a connector may map',
    (entity, _, field) => {
      fc.assert(
        fc.property(anyValue, (mapped) => {
          const form = field.normal(mapped);
          expect(typeof form).toBe('string');
          if (entity !== 'customer' && typeof mapped !== 'object') expect(field.normal(form)).toBe(form);
          expect(typeof field.show(mapped)).toBe('string');
          expect(['string', 'object']).toContain(typeof field.problem(mapped));
          expect(['string', 'object', 'undefined']).toContain(
            typeof field.warning?.(mapped, { cost: mapped }),
          );
        }),
        { numRuns: 200 },
      );
    },
  );

  test.each(fields.filter(([entity]) => entity !== 'customer') as [string, string, Field][])(
    '%s %s compares the same with white space around it',
    (_, __, field) => {
      fc.assert(
        fc.property(anyText, (typed) => {
          expect(field.normal(`\u00a0 ${typed}\t\n`)).toBe(field.normal(typed));
        }),
        { numRuns: 200 },
      );
    },
  );

  test.each(entities)(
    'of a $name: strong keys and names are fields of it',
    ({ fields: all, strongKeys, names }) => {
      const known = all.map(({ name }) => name);
      expect(new Set(known).size).toBe(known.length);
      expect(known).toEqual(expect.arrayContaining([...strongKeys, ...names]));
    },
  );
});

describe('a product', () => {
  test.each(['sell_price', 'cost'])('has the same %s with and without zeros', (name) => {
    const { normal, show, problem } = fieldOf(product, name);
    expect(normal('12.50')).toBe(normal('12.5'));
    expect(normal(12.5)).toBe(normal('12.500'));
    expect(normal('0.0375')).not.toBe(normal('0.04'));
    expect(show('12.5')).toBe('12.50');
    expect(show('1250')).toBe('1250.00');
    expect(show('0.0375')).toBe('0.0375');
    expect(problem('-0.01')).toContain('below zero');
    expect(problem('12,5')).toContain('is not a number');
    expect(problem('0')).toBeNull();
  });

  test('that sells below its cost is worth a word, and yet may', () => {
    const { warning } = fieldOf(product, 'sell_price');
    expect(warning?.('8.05', { cost: '8.1' })).toBe('This is below the cost of 8.10.');
    expect(warning?.('8.10', { cost: '8.1' })).toBeNull();
    expect(warning?.('8.05', {})).toBeNull();
  });

  test('keeps every word of its name and description: only white space is taken for the same', () => {
    const { normal } = fieldOf(product, 'description');
    expect(normal('Bolt, M6 × 20\r\n  galvanised')).toBe(normal('Bolt, M6 × 20 galvanised'));
    expect(normal('Bolt M6x20')).not.toBe(normal('bolt M6x20'));
    expect(fieldOf(product, 'name').normal('1.5 mm')).not.toBe(fieldOf(product, 'name').normal('15 mm'));
  });

  test('has a SKU in any case, and what people type where there is none is none', () => {
    const { normal, problem } = fieldOf(product, 'sku');
    expect(normal(' bolt-m6 ')).toBe(normal('BOLT-M6'));
    expect(normal('AB-1')).not.toBe(normal('AB1'));
    expect(problem('BOLT-M6')).toBeNull();
    for (const none of ['N/A', 'n.a.', 'TBA', '-', '???']) expect(problem(none)).toContain('is no SKU');
  });

  test('is known by its name, else by its SKU', () => {
    expect(product.title(known({ name: 'Bolt M6', sku: 'B6' }))).toBe('Bolt M6');
    expect(product.title(known({ sku: 'B6' }))).toBe('B6');
    expect(product.title({ name: { state: 'blank' } })).toBe('Product without a name');
  });
});

describe('a stock level', () => {
  const melbourne = { location: 'Melbourne', onHand: '5.0', allocated: 1, available: '4' };
  const sydney = { location: 'Sydney ', onHand: 0, allocated: 2, available: -2 };

  test('lists its locations in the order of their names', () => {
    expect(locationsText([sydney, melbourne])).toBe(
      'Melbourne: 5 on hand, 1 allocated, 4 available; Sydney: 0 on hand, 2 allocated, -2 available',
    );
    expect(locationsText([])).toBe('');
  });

  test('lists the same text in whichever order locations come (property)', () => {
    const place = fc.record({
      location: fc.string(),
      onHand: fc.integer(),
      allocated: fc.integer(),
      available: fc.integer(),
    });
    fc.assert(
      fc.property(fc.array(place), (places) => {
        expect(locationsText([...places].reverse())).toBe(locationsText(places));
      }),
    );
  });

  test('may be below zero', () => {
    expect(fieldOf(stockLevel, 'available').problem('-3.5')).toBeNull();
    expect(stockLevel.title(known({ sku: 'B6' }))).toBe('Stock of B6');
  });
});

describe('an invoice', () => {
  test('has days of the calendar, and no others', () => {
    const { problem, show } = fieldOf(invoice, 'issued_on');
    expect(problem('2024-02-29')).toBeNull();
    for (const wrong of ['2026-02-29', '2026-13-01', '2026-04-31', '30/06/2026', '2026-6-3', '0001-01-01'])
      expect(problem(wrong), wrong).toContain('is not a date');
    expect(show('2026-06-03')).toBe('3 Jun 2026');
    expect(show('soon')).toBe('soon');
  });

  test('that is due before it is issued is worth a word', () => {
    const { warning } = fieldOf(invoice, 'due_on');
    expect(warning?.('2026-06-01', { issued_on: '2026-06-02' })).toContain('2 Jun 2026');
    expect(warning?.('2026-06-02', { issued_on: '2026-06-02' })).toBeNull();
    expect(warning?.('2026-06-02', {})).toBeNull();
  });

  test('has amounts with a currency that are not below zero', () => {
    const { problem, show, normal } = fieldOf(invoice, 'amount_due');
    expect(show({ minor: 123450, currency: 'AUD' })).toBe('$1,234.50');
    expect(problem({ minor: -1, currency: 'AUD' })).toBe('Amount due is below zero.');
    expect(problem({ minor: 0, currency: 'AUD' })).toBeNull();
    expect(problem('12.50')).toContain('whole cents');
    expect(normal({ minor: 1, currency: 'AUD' })).not.toBe(normal({ minor: 1, currency: 'NZD' }));
  });

  test('has a state of a few, and links that can be opened', () => {
    expect(fieldOf(invoice, 'invoice_status').show('authorised')).toBe('Approved');
    expect(fieldOf(invoice, 'invoice_status').normal('PAID')).toBe('paid');
    expect(fieldOf(invoice, 'invoice_status').problem('DELETED')).toContain('is none of: Draft');
    expect(fieldOf(invoice, 'invoice_link').problem('https://go.xero.com/x?a=1#b')).toBeNull();
    expect(fieldOf(invoice, 'invoice_link').problem('javascript:alert(1)')).toContain('is not the address');
  });

  test('is known by its number, else by its reference, else by its deal', () => {
    expect(invoice.title(known({ number: 'INV-1', reference: 'Shed', source: '9001' }))).toBe('INV-1');
    expect(invoice.title(known({ reference: 'Shed', source: '9001' }))).toBe('Shed');
    expect(invoice.title(known({ source: '9001' }))).toBe('Deal 9001');
    expect(invoice.title({})).toBe('Invoice without a number');
  });
});

test('the payments of an invoice are known by its number', () => {
  expect(payment.title(known({ number: 'INV-1' }))).toBe('Payments of INV-1');
  expect(payment.title({})).toBe('Payments without an invoice number');
  expect(fieldOf(payment, 'payment_status').show('part_paid')).toBe('Part paid');
});
