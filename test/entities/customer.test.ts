import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { customer } from '#src/entities/customer.ts';
import type { Field, FieldValue } from '#src/entities/field.ts';
import { strongKey } from '#src/entities/index.ts';

const field = (name: string): Field => {
  const found = customer.fields.find((candidate) => candidate.name === name);
  if (!found) throw new Error(`a customer has no field ${name}`);
  return found;
};
const value = (text: string) => ({ state: 'value', value: text }) as const;

test('a customer has these fields, and three of them are personal', () => {
  expect(customer.fields.map(({ name, class: kind }) => `${name} ${kind}`)).toEqual([
    'legal_name open',
    'trading_name open',
    'abn open',
    'acn open',
    'email personal',
    'phone personal',
    'mobile personal',
    'billing_address open',
    'delivery_address open',
    'payment_terms open',
    'tax_treatment open',
    'gst_registered open',
    'status open',
  ]);
});

test('a customer is known by its trading name, else by its legal one', () => {
  expect(customer.title({ legal_name: value('Acme Pty Ltd'), trading_name: value('Bikes') })).toBe('Bikes');
  expect(customer.title({ legal_name: value('Acme Pty Ltd'), trading_name: { state: 'blank' } })).toBe(
    'Acme Pty Ltd',
  );
  expect(customer.title({ trading_name: { state: 'unsupported' } })).toBe('Customer without a name');
});

describe('the strong key', () => {
  test('of a customer is the ABN’s eleven digits', () => {
    expect(strongKey(customer, 'abn', value('ABN 51 824 753 556'))).toEqual({ ok: true, key: '51824753556' });
  });

  test.each([
    [{ state: 'blank' } as const, 'missing', 'no ABN'],
    [{ state: 'not_read' } as const, 'missing', 'the ABN could not be read'],
    [value('35531321789'), 'invalid', 'the ABN 35 531 321 789 is not valid: its check digits do not match'],
    [value('10 000 000 000'), 'invalid', 'the ABN 10 000 000 000 is a placeholder that belongs to nobody'],
  ])('is not there for %j', (observed, reason, detail) => {
    expect(strongKey(customer, 'abn', observed)).toEqual({ ok: false, reason, detail });
  });

  test('is never a name', () => {
    expect(strongKey(customer, 'legal_name', value('Acme Pty Ltd'))).toMatchObject({
      ok: false,
      reason: 'invalid',
    });
  });
});

describe('email', () => {
  test('compares without case and “mailto:”', () => {
    expect(field('email').normal(' mailto:Accounts@Example.COM ')).toBe('accounts@example.com');
  });

  test('is one complete address', () => {
    expect(field('email').problem("pat.o'brien@example.com.au")).toBeNull();
    expect(field('email').problem('a@example.com; b@example.com')).toContain('2 email addresses');
    expect(field('email').problem('accounts@example')).toBe('This is not a complete email address.');
  });
});

describe('payment terms', () => {
  const terms = field('payment_terms');

  test('are shown in words', () => {
    expect(terms.show({ days: 30, from: 'invoice_date' })).toBe('30 days after the invoice date');
    expect(terms.show({ days: 1, from: 'end_of_month' })).toBe('1 day after the end of the month');
    expect(terms.show({ days: 0, from: 'invoice_date' })).toBe('On the invoice date');
  });

  test('compare by days and start, whether the days came as number or text', () => {
    expect(terms.normal({ days: '30', from: 'invoice_date' })).toBe(
      terms.normal({ days: 30, from: 'invoice_date' }),
    );
    expect(terms.normal({ days: 30, from: 'end_of_month' })).not.toBe(
      terms.normal({ days: 30, from: 'invoice_date' }),
    );
  });

  test('that cannot be read, or are longer than a year, are unfit to be saved', () => {
    expect(terms.problem({ days: 30, from: 'invoice_date' })).toBeNull();
    expect(terms.problem('COD')).toContain('need a number of days');
    expect(terms.problem({ days: -7, from: 'invoice_date' })).toContain('need a number of days');
    expect(terms.problem({ days: 3000, from: 'invoice_date' })).toContain('more than a year');
  });
});

describe('every field', () => {
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.string());
  const part = fc.oneof(text, fc.double(), fc.boolean(), fc.constant(null));
  const key = fc.oneof(
    fc.constantFrom('line1', 'line2', 'city', 'state', 'postcode', 'country', 'days', 'from'),
    fc.string(),
  );
  const anything: fc.Arbitrary<FieldValue> = fc.oneof(
    text,
    fc.double(),
    fc.boolean(),
    fc.dictionary(key, part),
  );

  test.each(customer.fields)('$name takes whatever a connector may map', ({ normal, show, problem }) => {
    fc.assert(
      fc.property(anything, (mapped) => {
        expect(typeof normal(mapped)).toBe('string');
        expect(typeof show(mapped)).toBe('string');
        expect(['string', 'object']).toContain(typeof problem(mapped));
      }),
      { numRuns: 300 },
    );
  });

  test.each(
    customer.fields.filter(
      ({ name }) => !['billing_address', 'delivery_address', 'payment_terms'].includes(name),
    ),
  )('$name compares the same when it is shown, padded or already in its normal form', ({ normal, show }) => {
    fc.assert(
      fc.property(text, (typed) => {
        const form = normal(typed);
        expect(normal(form)).toBe(form);
        expect(normal(show(typed))).toBe(form);
        expect(normal(`\u00a0 ${typed}\t\n`)).toBe(form);
      }),
      { numRuns: 1000 },
    );
  });

  test('billing_address compares the same in any case and with spaces around its parts', () => {
    const words = fc.stringMatching(/^[A-Za-z0-9 .,'/-]{0,12}$/);
    const address = fc.record({
      line1: words,
      line2: words,
      city: words,
      state: words,
      postcode: words,
      country: words,
    });
    fc.assert(
      fc.property(address, (parts) => {
        const noisy = Object.fromEntries(
          Object.entries(parts).map(([name, words]) => [name, `  ${words.toUpperCase()} `]),
        );
        expect(field('billing_address').normal(noisy)).toBe(field('billing_address').normal(parts));
      }),
    );
  });
});
