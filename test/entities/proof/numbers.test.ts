import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { numberClashes, numberGaps } from '#src/entities/proof/numbers.ts';

describe('invoice numbers', () => {
  test('have a gap where one is missing between others', () => {
    expect(numberGaps(['INV-0009', 'INV-0012', 'INV-0010', 'INV-0014', 'INV-0014'])).toEqual([
      { first: 'INV-0011', last: 'INV-0011', count: 1 },
      { first: 'INV-0013', last: 'INV-0013', count: 1 },
    ]);
    expect(numberGaps(['INV-0998', 'INV-1001'])).toEqual([{ first: 'INV-0999', last: 'INV-1000', count: 2 }]);
    expect(numberGaps(['9', '12'])).toEqual([{ first: '10', last: '11', count: 2 }]);
  });

  test('of different series leave no gap between each other', () => {
    expect(numberGaps(['INV-1', 'INV-2', 'CN-7', 'CN-8', 'A1-3', 'no number', ''])).toEqual([]);
  });

  test('that begin anew far off are no gap, and dates are no counters', () => {
    expect(numberGaps(['INV-17', 'INV-20001', '20261121093000', '20261121093005'])).toEqual([]);
  });

  test('that are taken out are found again (property)', () => {
    const some = fc.uniqueArray(fc.integer({ min: 100, max: 400 }), { minLength: 2 });
    fc.assert(
      fc.property(some, (values) => {
        const missing = numberGaps(values.map((value) => `INV-${value}`)).reduce(
          (sum, { count }) => sum + count,
          0,
        );
        expect(missing).toBe(Math.max(...values) - Math.min(...values) + 1 - values.length);
      }),
    );
  });

  test('clash where two sales have one', () => {
    const one = { number: 'INV-1', title: 'Shed', recordId: 'a' };
    expect(numberClashes([one, { number: 'inv-1 ', title: 'Barn', recordId: 'b' }])).toEqual([
      { number: 'INV-1', titles: ['Shed', 'Barn'] },
    ]);
    expect(numberClashes([one, one, { number: 'INV-2', title: 'Barn', recordId: 'b' }])).toEqual([]);
  });
});
