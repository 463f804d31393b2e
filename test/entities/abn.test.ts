import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { acnFitsAbn, acnOfAbn, checkAbn, formatAbn, normaliseAbn } from '#src/entities/abn.ts';
import { abnField, acnField } from '#src/entities/business-numbers.ts';
import { abnOfAcn, invalidAbns, validAbns } from './published-numbers.ts';

const digitsOf = (text: string) => text.replaceAll(' ', '');
const anyValid = fc.constantFrom(...validAbns, ...Object.values(abnOfAcn)).map(digitsOf);
const reasonOf = (text: string) => {
  const verdict = checkAbn(text);
  return verdict.ok ? 'valid' : verdict.reason;
};

describe('an ABN', () => {
  test.each(validAbns)('%s is valid', (abn) => {
    expect(checkAbn(abn)).toEqual({ ok: true, abn: digitsOf(abn) });
    expect(abnField.problem(abn)).toBeNull();
  });

  test.each([
    ...invalidAbns.map((abn) => [abn, 'check_digits'] as const),
    ['01 824 753 556', 'check_digits'],
    ['10 000 000 000', 'suspicious'],
    ['51 824 753 55', 'length'],
    ['', 'length'],
    ['51 824 753 55O', 'letters'],
    ['pending', 'letters'],
  ] as const)('%s is not, for its %s', (abn, reason) => {
    expect(reasonOf(abn)).toBe(reason);
    expect(abnField.problem(abn)).not.toBeNull();
  });

  test('says what else a number of another length may be', () => {
    expect(abnField.problem('004 085 616')).toBe(
      'The ABN 004 085 616 has 9 digits, an ABN has 11 (it looks like an ACN).',
    );
    expect(abnField.problem('51824753556001')).toContain('GST branch');
    expect(abnField.problem('51 824 753 55')).toBe('The ABN 51 824 753 55 has 10 digits, an ABN has 11.');
  });

  test('is read in the spellings that people use, and from a number', () => {
    for (const spelling of [
      '51824753556',
      'ABN: 51 824 753 556',
      'A.B.N. 51 824 753 556',
      'abn 51-824-753-556',
      '51.824.753.556',
      ' 51\u00a0824 753\t556\u200b',
      '５１ 824 753 556',
    ]) {
      expect(normaliseAbn(spelling)).toBe('51824753556');
      expect(formatAbn(spelling)).toBe('51 824 753 556');
    }
    expect(abnField.normal(51824753556)).toBe('51824753556');
  });

  // 89 is prime and no weight, nor the difference of two weights times that of two digits, is a multiple of it.
  test('with any one digit changed, or any two different ones swapped, is never valid', () => {
    fc.assert(
      fc.property(anyValid, (abn) => {
        for (const [place, digit] of [...abn].entries()) {
          const put = (at: number, other: string, on = abn) => on.slice(0, at) + other + on.slice(at + 1);
          for (const other of '0123456789') {
            if (other !== digit) expect(checkAbn(put(place, other)).ok).toBe(false);
          }
          for (const [elsewhere, second] of [...abn].entries()) {
            if (second === digit) continue;
            expect(checkAbn(put(place, second, put(elsewhere, digit))).ok).toBe(false);
          }
        }
      }),
      { numRuns: 30 },
    );
  });

  test('of random digits is valid once in 89 times, and then it is its own normal form', () => {
    const random = fc.stringMatching(/^[1-9]\d{10}$/);
    fc.assert(
      fc.property(random, (abn) => {
        // By the ABR's words: less one on the first digit, weighed, divides by 89.
        const weights = [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19];
        const sum = [...abn].reduce((all, digit, i) => all + Number(digit) * (weights[i] ?? 0), -10);
        expect(checkAbn(abn).ok).toBe(sum % 89 === 0 && abn !== '10000000000');
        expect(normaliseAbn(formatAbn(abn))).toBe(abn);
      }),
      { numRuns: 1000 },
    );
  });

  test('compares the same whatever is put between its digits', () => {
    const noise = fc.array(fc.constantFrom('', ' ', '  ', '-', '.', '\u00a0'), {
      minLength: 11,
      maxLength: 11,
    });
    fc.assert(
      fc.property(anyValid, noise, (abn, gaps) => {
        expect(abnField.normal([...abn].map((digit, i) => digit + gaps[i]).join(''))).toBe(abn);
      }),
    );
  });
});

describe('an ABN and an ACN', () => {
  test.each(Object.entries(abnOfAcn))('%s is the company number in %s', (acn, abn) => {
    expect(checkAbn(abn).ok).toBe(true);
    expect(acnOfAbn(abn)).toBe(digitsOf(acn));
    expect(acnFitsAbn(acn, abn)).toBe(true);
    expect(acnFitsAbn('004 085 616', abn)).toBe(false);
  });

  test('fit where the ABN is no company’s, and where either is not valid: that is said elsewhere', () => {
    expect(acnOfAbn('30 613 501 612')).toBeNull();
    expect(acnFitsAbn('004 085 616', '30 613 501 612')).toBe(true);
    expect(acnFitsAbn('004 085 616', '53 004 085 617')).toBe(true);
    expect(acnFitsAbn('004 085 617', '53 004 085 616')).toBe(true);
    expect(acnFitsAbn('', '')).toBe(true);
  });

  test('that do not belong together look odd on either of them, and are no error', () => {
    const words = 'The ABN 53 004 085 616 holds the ACN 004 085 616, not 000 000 019.';
    expect(acnField.warning?.('000000019', { abn: '53004085616' })).toBe(words);
    expect(abnField.warning?.('53004085616', { acn: '000000019' })).toBe(words);
    expect(acnField.warning?.('4085616', { abn: '53004085616' })).toBeNull();
    expect(acnField.warning?.('000000019', {})).toBeNull();
    expect(abnField.warning?.('53004085616', {})).toBeNull();
    expect(acnField.problem('000000019')).toBeNull();
  });
});
