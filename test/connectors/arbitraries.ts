import fc from 'fast-check';

const text = (most: number) =>
  fc.string({ minLength: 1, maxLength: most, unit: 'grapheme' }).filter((value) => value.trim() !== '');
const part = (most: number) => fc.option(text(most), { nil: null });

/** As JSON makes them. */
const plain = { noNullPrototype: true } as const;

/** Values as the entity `customer` has them, of lengths that every system holds. */
export const customerFields = fc.record(
  {
    legal_name: text(60),
    trading_name: text(60),
    abn: fc.constantFrom('51824753556', '51 824 753 556', '53 004 085 616'),
    email: fc.constantFrom('accounts@example.com.au', 'Jane.O@Example.com'),
    phone: fc.constantFrom('(02) 5550 1234', '+61 491 570 156', '1300 975 707'),
    billing_address: fc.record(
      {
        line1: text(60),
        line2: part(40),
        city: part(30),
        state: part(10),
        postcode: fc.constantFrom('0800', '2000', null),
        country: fc.constantFrom('Australia', 'New Zealand'),
      },
      plain,
    ),
    payment_terms: fc.record(
      {
        days: fc.integer({ min: 0, max: 90 }),
        from: fc.constantFrom<'invoice_date' | 'end_of_month'>('invoice_date', 'end_of_month'),
      },
      plain,
    ),
  },
  { requiredKeys: [], noNullPrototype: true },
);
