import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { same } from '#src/entities/field.ts';
import { amountOf, amountText, digitsOf, lineAmount, ofMinor } from '#src/entities/money/amount.ts';
import { decideTotals } from '#src/entities/money/decide-totals.ts';
import { type Decimal, decimalOf, inUnits, printDecimal } from '#src/entities/money/decimal.ts';
import { amountField, decimalField } from '#src/entities/money/fields.ts';
import { lineTax, type Prices, type TaxLine, type TaxRounding, totalsOf } from '#src/entities/money/gst.ts';

const number = (text: string): Decimal => {
  const found = decimalOf(text);
  if (!found) throw new Error(`${text} is no number`);
  return found;
};
const ten = number('10');
const free = number('0');
const cents = (text: string): bigint => inUnits(number(text), 2) ?? 0n;
const taxed = (...amounts: string[]): TaxLine[] =>
  amounts.map((amount) => ({ amount: cents(amount), percent: ten }));
const byTotal: TaxRounding = { kind: 'invoice_total' };
const byLine: TaxRounding = { kind: 'per_line', decimals: 2 };
const byFinerLine: TaxRounding = { kind: 'per_line', decimals: 4 };

const amount = fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n });
const positive = fc.bigInt({ min: 0n, max: 10n ** 12n });
const percent = fc.constantFrom(ten, ten, free, number('12.5'));
const lines = fc.array(fc.record({ amount: positive, percent }), { minLength: 1, maxLength: 60 });
const prices = fc.constantFrom<Prices>('exclusive', 'inclusive');
const rounding = fc.constantFrom(byTotal, byLine, byFinerLine);

describe('a decimal', () => {
  it.each([
    ['12.50', '12.5'],
    ['1,234,567.05', '1234567.05'],
    ['-0.250', '-0.25'],
    ['.5', '0.5'],
    ['0', '0'],
    ['1e3', '1000'],
    ['1.5e-7', '0.00000015'],
  ])('reads %s as %s', (text, printed) => {
    expect(printDecimal(number(text))).toBe(printed);
  });

  it.each(['', '.', 'abc', '1,5', '1.234,50', '12 34', '$5', '1,23,456', 'NaN', 'Infinity', '--1'])(
    'does not guess at “%s”',
    (text) => expect(decimalOf(text)).toBeNull(),
  );

  it('takes a number of JSON for what is written there, without a float’s drift', () => {
    expect(printDecimal(decimalOf(0.1) as Decimal)).toBe('0.1');
    expect(printDecimal(decimalOf(1e-7) as Decimal)).toBe('0.0000001');
    const sum = Array.from({ length: 10 }, () => decimalOf(0.1) as Decimal).reduce(
      (all, { units }) => all + units,
      0n,
    );
    expect(sum).toBe(10n);
  });

  it('reads back what it prints (property)', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.nat(12), (units, scale) => {
        const text = printDecimal({ units, scale });
        expect(printDecimal(number(text))).toBe(text);
        expect(inUnits(number(text), scale)).toBe(units);
      }),
    );
  });
});

describe('money: an amount', () => {
  it('is whole minor units of its currency, and nothing is rounded in silence', () => {
    expect(amountOf('1,234.50', 'AUD')).toEqual({ minor: 123450, currency: 'AUD' });
    expect(amountOf(19.99, 'AUD')).toEqual({ minor: 1999, currency: 'AUD' });
    expect(amountOf('12.345', 'AUD')).toBeNull();
    expect(amountOf('500', 'JPY')).toEqual({ minor: 500, currency: 'JPY' });
    expect(amountOf('5', 'dollars')).toBeNull();
    expect(ofMinor(2n ** 53n, 'AUD')).toBeNull();
    expect([digitsOf('AUD'), digitsOf('JPY'), digitsOf('KWD')]).toEqual([2, 0, 3]);
  });

  it('is written as it was read (property)', () => {
    fc.assert(
      fc.property(amount, fc.constantFrom('AUD', 'USD', 'JPY', 'KWD'), (minor, currency) => {
        const one = ofMinor(minor, currency);
        expect(one && amountOf(amountText(one), currency)).toEqual(one);
      }),
    );
  });

  it('of a line is quantity × price less its discount, rounded once, half a cent up', () => {
    const of = (quantity: string, price: string, discount?: string) =>
      lineAmount(
        {
          quantity: number(quantity),
          price: number(price),
          ...(discount ? { discount: number(discount) } : {}),
        },
        'AUD',
      );
    expect(of('3', '33.335')).toBe(10001n);
    expect(of('0.5', '0.01')).toBe(1n);
    expect(of('2', '10.00', '12.5')).toBe(1750n);
    expect(of('-2', '10.05')).toBe(-2010n);
    expect(of('1', '99.99', '100')).toBe(0n);
  });

  it('is one value of a field, compared with its currency and shown as people write it', () => {
    const total = amountField({ name: 'total', label: 'Total', class: 'open' });
    const aud = (minor: number) => ({ minor, currency: 'AUD' });
    expect(same(total, aud(100), { currency: 'AUD', minor: 100 })).toBe(true);
    expect(same(total, aud(100), { minor: 100, currency: 'USD' })).toBe(false);
    expect([
      total.show(aud(123456789)),
      total.show(aud(-5)),
      total.show({ minor: 1200, currency: 'JPY' }),
    ]).toEqual(['$1,234,567.89', '-$0.05', 'JPY 1,200']);
    expect([total.problem(aud(1)), total.problem(aud(0.5)), total.problem('12.50')]).toEqual([
      null,
      'An amount needs whole cents and a currency, such as AUD.',
      'An amount needs whole cents and a currency, such as AUD.',
    ]);
    const quantity = decimalField({ name: 'quantity', label: 'Quantity', class: 'open' });
    expect(same(quantity, '1.50', '1.5')).toBe(true);
    expect(same(quantity, '1.50', '1.51')).toBe(false);
    expect([quantity.show('2.500'), quantity.problem('2.5'), quantity.problem('two')]).toEqual([
      '2.5',
      null,
      '“two” is not a number with a decimal point.',
    ]);
  });
});

/** A New Tax System (Goods and Services Tax) Act 1999, s 9-90, and the examples that accountants publish of it. */
describe('GST', () => {
  it('of two lines is 117.57 by line and 117.56 by the total, as Xero publishes it', () => {
    const two = taxed('1141.39', '34.25');
    expect(two.map((line) => lineTax(line, 'exclusive'))).toEqual([11414n, 343n]);
    expect(totalsOf(two, { prices: 'exclusive', rounding: byLine }).tax).toBe(11757n);
    expect(totalsOf(two, { prices: 'exclusive', rounding: byTotal }).tax).toBe(11756n);
    expect(totalsOf(two, { prices: 'exclusive', rounding: byFinerLine }).tax).toBe(11756n);
  });

  it('of $2,132.12 is $213.21 by the total', () => {
    expect(totalsOf(taxed('2132.12'), { prices: 'exclusive', rounding: byTotal }).tax).toBe(21321n);
  });

  it('goes up at half a cent, down below, and a credit note comes to what its invoice came to', () => {
    expect(taxed('0.05', '0.04', '0.15', '-0.05').map((line) => lineTax(line, 'exclusive'))).toEqual([
      1n,
      0n,
      2n,
      -1n,
    ]);
  });

  it('in a price that includes it is 1/11, and the rest is the price without it', () => {
    expect(totalsOf(taxed('110.00'), { prices: 'inclusive', rounding: byLine })).toEqual({
      net: 10000n,
      tax: 1000n,
      gross: 11000n,
    });
    expect(totalsOf(taxed('82.50'), { prices: 'inclusive', rounding: byLine }).tax).toBe(750n);
  });

  it('is nothing on what is not taxed', () => {
    const mixed = [...taxed('100.00'), { amount: 5000n, percent: free }];
    expect(totalsOf(mixed, { prices: 'exclusive', rounding: byLine })).toEqual({
      net: 15000n,
      tax: 1000n,
      gross: 16000n,
    });
  });

  it('and what is left of the price are the whole, whichever rule (property)', () => {
    fc.assert(
      fc.property(lines, prices, rounding, (some, how, rule) => {
        const { net, tax, gross } = totalsOf(some, { prices: how, rounding: rule });
        const sum = some.reduce((all, line) => all + line.amount, 0n);
        expect(net + tax).toBe(gross);
        expect(how === 'inclusive' ? gross : net).toBe(sum);
      }),
    );
  });

  it('by line is the sum of the lines’ (property)', () => {
    fc.assert(
      fc.property(lines, prices, (some, how) => {
        const parts = some.reduce((all, line) => all + lineTax(line, how), 0n);
        expect(totalsOf(some, { prices: how, rounding: byLine }).tax).toBe(parts);
      }),
    );
  });

  it('added to a price and taken out again is the same; taken out and added again too, but where a price cannot be met (property)', () => {
    fc.assert(
      fc.property(positive, (net) => {
        const gross = net + lineTax({ amount: net, percent: ten }, 'exclusive');
        expect(gross - lineTax({ amount: gross, percent: ten }, 'inclusive')).toBe(net);
      }),
    );
    fc.assert(
      fc.property(positive, (gross) => {
        const net = gross - lineTax({ amount: gross, percent: ten }, 'inclusive');
        const again = net + lineTax({ amount: net, percent: ten }, 'exclusive');
        // No price without tax comes to it: 5 cents are 5 + 1, or 4 + 0.
        expect(again - gross).toBe(gross % 11n === 5n ? 1n : 0n);
      }),
    );
  });
});

describe('money: two systems’ totals of one invoice', () => {
  const two = taxed('1141.39', '34.25');
  const about = { lines: two, prices: 'exclusive' } as const;

  it('agree where each is right by a rule of its own, which is named to the cent', () => {
    const verdict = decideTotals({ ...about, tax: [11756n, 11757n] });
    expect(verdict).toEqual({
      kind: 'agree',
      cause: 'rounding_rule',
      by: ['invoice_total', 'per_line'],
      cents: 1n,
    });
    expect(decideTotals({ ...about, tax: [11757n, 11757n] })).toEqual({ kind: 'agree', cause: 'equal' });
  });

  it('are apart by a cent that no rule gives, on however many lines', () => {
    expect(decideTotals({ ...about, tax: [11757n, 11758n] })).toEqual({ kind: 'apart', cents: 1n });
    expect(decideTotals({ ...about, tax: [11757n, 11755n] })).toEqual({ kind: 'apart', cents: -2n });
    const many = Array.from({ length: 20 }, () => ({ amount: 1000n, percent: ten }));
    expect(decideTotals({ lines: many, prices: 'exclusive', tax: [2000n, 1990n] }).kind).toBe('apart');
    const untaxed = [{ amount: 100n, percent: free }];
    expect(decideTotals({ lines: untaxed, prices: 'exclusive', tax: [0n, 1n] }).kind).toBe('apart');
  });

  it('of many small lines lie as far apart as their rules put them', () => {
    const many = Array.from({ length: 82 }, () => ({ amount: 2605n, percent: ten }));
    expect(decideTotals({ lines: many, prices: 'exclusive', tax: [21361n, 21402n] })).toMatchObject({
      kind: 'agree',
      by: ['invoice_total', 'per_line'],
      cents: 41n,
    });
  });

  it('agree under any two rules, and never by more than half a cent a line (property)', () => {
    fc.assert(
      fc.property(lines, prices, rounding, rounding, (some, how, one, other) => {
        const tax = [one, other].map((rule) => totalsOf(some, { prices: how, rounding: rule }).tax);
        const [a = 0n, b = 0n] = tax;
        expect(decideTotals({ lines: some, prices: how, tax: [a, b] }).kind).toBe('agree');
        const taxedLines = some.filter((line) => line.percent.units > 0n).length;
        expect(Number(b - a < 0n ? a - b : b - a)).toBeLessThanOrEqual(taxedLines / 2 + 1);
      }),
    );
  });

  it('are apart for whatever no rounding can explain (property)', () => {
    fc.assert(
      fc.property(
        lines,
        prices,
        rounding,
        fc.bigInt({ min: 62n, max: 10n ** 6n }),
        (some, how, rule, more) => {
          const { tax } = totalsOf(some, { prices: how, rounding: rule });
          expect(decideTotals({ lines: some, prices: how, tax: [tax, tax + more] })).toMatchObject({
            kind: 'apart',
            cents: more,
          });
        },
      ),
    );
  });
});
