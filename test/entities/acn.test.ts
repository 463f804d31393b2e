import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatAcn, isAcn, normaliseAcn } from '#src/entities/acn.ts';
import { acnField } from '#src/entities/business-numbers.ts';
import { invalidAcns, validAcns } from './published-numbers.ts';

const digitsOf = (text: string) => text.replaceAll(' ', '');
const anyValid = fc.constantFrom(...validAcns).map(digitsOf);
const swapped = (text: string, at: number) =>
  text.slice(0, at) + text[at + 1] + text[at] + text.slice(at + 2);

describe('an ACN', () => {
  test.each(validAcns)('%s is valid, with and without its spaces', (acn) => {
    expect(isAcn(acn)).toBe(true);
    expect(isAcn(digitsOf(acn))).toBe(true);
    expect(acnField.problem(acn)).toBeNull();
    expect(acnField.show(digitsOf(acn))).toBe(acn);
  });

  test.each([
    ...invalidAcns.map(
      (acn) => [acn, `The ACN ${acn} is not valid: its check digit does not match.`] as const,
    ),
    ['000 000 000', 'The ACN 000 000 000 is a placeholder that belongs to nobody.'],
    ['51 824 753 556', 'The ACN 51 824 753 556 has 11 digits, an ACN has 9 (it looks like an ABN).'],
    ['12345', 'The ACN 12345 has 5 digits, an ACN has 9.'],
    ['n/a', 'The ACN n/a holds more than digits.'],
  ] as const)('%s is none', (acn, problem) => {
    expect(isAcn(acn)).toBe(false);
    expect(acnField.problem(acn)).toBe(problem);
  });

  test('is read in the spellings that people use, and from a spreadsheet that dropped its zeros', () => {
    for (const spelling of [
      '004085616',
      'ACN 004 085 616',
      'A.C.N. 004 085 616',
      '004-085-616',
      '4085616',
      '４085616',
    ]) {
      expect(normaliseAcn(spelling)).toBe('004085616');
      expect(formatAcn(spelling)).toBe('004 085 616');
    }
    expect(acnField.normal(4085616)).toBe('004085616');
    // No check digit agrees: left as it is.
    expect(normaliseAcn('4085617')).toBe('4085617');
  });

  // A change is missed where its place's weight times the change is a multiple of 10: by 5 in a place of even weight, by an even
  // number in the place of weight 5.
  test('with one digit changed is valid only where the arithmetic cannot tell', () => {
    const weights = [8, 7, 6, 5, 4, 3, 2, 1, 1];
    fc.assert(
      fc.property(anyValid, fc.nat(8), fc.integer({ min: 1, max: 9 }), (acn, place, by) => {
        const digit = (Number(acn[place]) + by) % 10;
        const moved = (weights[place] ?? 0) * (digit - Number(acn[place]));
        const other = acn.slice(0, place) + digit + acn.slice(place + 1);
        expect(isAcn(other)).toBe(moved % 10 === 0 && other !== '000000000');
      }),
      { numRuns: 500 },
    );
  });

  test('with two neighbours swapped is never valid, but for the last two, which weigh the same', () => {
    fc.assert(
      fc.property(anyValid, fc.nat(7), (acn, place) => {
        expect(isAcn(swapped(acn, place))).toBe(place === 7 || acn[place] === acn[place + 1]);
      }),
      { numRuns: 500 },
    );
  });

  test('has one of the ten last digits: the check digit of the eight before it', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[1-9]\d{7}$/), (first) => {
        expect([...'0123456789'].filter((last) => isAcn(first + last))).toHaveLength(1);
      }),
    );
  });
});
