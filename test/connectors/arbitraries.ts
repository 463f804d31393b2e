import fc from 'fast-check';

const text = (most: number) =>
  fc.string({ minLength: 1, maxLength: most, unit: 'grapheme' }).filter((value) => value.trim() !== '');
const part = (most: number) => fc.option(text(most), { nil: null });

/** As JSON makes them. */
const plain = { noNullPrototype: true } as const;

const address = fc.record(
  {
    line1: text(60),
    line2: part(40),
    city: part(30),
    state: part(10),
    postcode: fc.constantFrom('0800', '2000', null),
    country: fc.constantFrom('Australia', 'New Zealand'),
  },
  plain,
);

/** Values as the entity `customer` has them, of lengths that every system holds. */
export const customerFields = fc.record(
  {
    legal_name: text(60),
    trading_name: text(60),
    abn: fc.constantFrom('51824753556', '51 824 753 556', '53 004 085 616'),
    email: fc.constantFrom('accounts@example.com.au', 'Jane.O@Example.com'),
    phone: fc.constantFrom('(02) 5550 1234', '+61 491 570 156', '1300 975 707'),
    billing_address: address,
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

type Terms = { days: number; from: 'invoice_date' | 'end_of_month' };
const terms = (days: number, from: Terms['from'] = 'invoice_date'): Terms => ({ days, from });

/** Every field but `status`, with terms and tax treatments that every practice account has. */
export const fieldsOfPracticeCustomers = fc
  .tuple(
    customerFields,
    fc.record(
      {
        acn: fc.constantFrom('004085616', '004 085 616'),
        mobile: fc.constantFrom('0491 570 156', '+61 491 570 157'),
        delivery_address: address,
        payment_terms: fc.constantFrom(terms(7), terms(14), terms(30), terms(30, 'end_of_month')),
        tax_treatment: fc.constantFrom('gst', 'gst_free', 'export'),
        gst_registered: fc.boolean(),
      },
      { requiredKeys: ['payment_terms'], noNullPrototype: true },
    ),
  )
  .map(([common, more]) => ({ ...common, ...more }));
