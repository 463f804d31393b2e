import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { acnOfAbn, checkAbn, formatAbn, normaliseAbn } from '#src/entities/abn.ts';
import { isAcn } from '#src/entities/acn.ts';
import { abnField } from '#src/entities/business-numbers.ts';

// Published by the ABR, the ATO and ASIC; the pairs follow from ASIC's own list of test numbers.
const validAbns = [
  '51 824 753 556',
  '83 914 571 673',
  '53 004 085 616',
  '43 002 724 334',
  '33 531 321 789',
  '34 241 177 887',
  '30 613 501 612',
];
const pairs: readonly [string, string][] = [
  ['000 000 019', '89 000 000 019'],
  ['000 250 000', '26 000 250 000'],
  ['000 500 005', '48 000 500 005'],
  ['001 000 004', '16 001 000 004'],
  ['001 749 999', '32 001 749 999'],
  ['007 749 975', '11 007 749 975'],
  ['010 749 961', '59 010 749 961'],
];
const anyValid = fc
  .constantFrom(...validAbns, ...pairs.map(([, abn]) => abn))
  .map((abn) => abn.replace(/ /g, ''));
const reasonOf = (text: string) => {
  const verdict = checkAbn(text);
  return verdict.ok ? 'valid' : verdict.reason;
};

describe('an ABN', () => {
  test.each(validAbns)('%s is valid', (abn) => {
    expect(checkAbn(abn)).toEqual({ ok: true, abn: abn.replace(/ /g, '') });
    expect(abnField.problem(abn)).toBeNull();
  });

  test.each([
    ['35 531 321 789', 'check_digits'],
    ['65 832 766 990', 'check_digits'],
    ['01 824 753 556', 'check_digits'],
    ['10 000 000 000', 'suspicious'],
    ['51 824 753 55', 'length'],
    ['', 'length'],
    ['51 824 753 55O', 'letters'],
    ['pending', 'letters'],
  ])('%s is not, for its %s', (abn, reason) => {
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

  test('with any one digit changed is never valid', () => {
    fc.assert(
      fc.property(anyValid, fc.nat(10), fc.integer({ min: 1, max: 9 }), (abn, place, by) => {
        const digit = (Number(abn[place]) + by) % 10;
        expect(checkAbn(abn.slice(0, place) + digit + abn.slice(place + 1)).ok).toBe(false);
      }),
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

describe('an ACN', () => {
  test.each(pairs)('%s is valid, and inside the ABN %s', (acn, abn) => {
    expect(isAcn(acn)).toBe(true);
    expect(checkAbn(abn).ok).toBe(true);
    expect(acnOfAbn(abn)).toBe(acn.replace(/ /g, ''));
  });

  test.each(['000 000 018', '004 085 617', '004 085 61', 'abc'])('%s is none', (acn) => {
    expect(isAcn(acn)).toBe(false);
  });

  test('is not in the ABN of somebody who is no company', () => {
    expect(acnOfAbn('30 613 501 612')).toBeNull();
  });
});
