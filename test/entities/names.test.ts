import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { same } from '#src/entities/field.ts';
import { legalName, nameKey } from '#src/entities/names.ts';

describe('two names', () => {
  test.each([
    ['ACME PTY LTD', 'Acme Pty. Ltd.'],
    ['Smith & Sons', 'SMITH AND SONS'],
    ["O'Brien’s Tyres", 'OBriens tyres'],
    ['A.B.C. Plumbing', 'ABC  Plumbing'],
    ['Coca-Cola', 'Coca Cola'],
    ['Acme\u00a0Widgets\u200b', ' Acme Widgets'],
    ['Acme P/L', 'ACME PL'],
  ])('“%s” and “%s” are the same words', (a, b) => {
    expect(same(legalName, a, b)).toBe(true);
  });

  test.each([
    ['Acme Pty Ltd', 'Acme Ltd'],
    ['Acme Pty Ltd', 'Acme'],
    ['Acme Pty Ltd', 'Acme Pty Limited'],
    ['The Trustee for Smith Family Trust', 'Smith Family Trust'],
    ['Salt@Home', 'Salt Home'],
    ['Fit+', 'Fit'],
    ['Smith & Sons', 'Smith Sons'],
    ['Café Roma', 'Cafe Roma'],
    ['The Rapist Pty Ltd', 'Therapist Pty Ltd'],
    ['!!!', '???'],
  ])('“%s” and “%s” are not', (a, b) => {
    expect(same(legalName, a, b)).toBe(false);
  });

  test('without letters or digits are unfit to be saved', () => {
    expect(legalName.problem('---')).toContain('neither letters nor digits');
    expect(legalName.problem('7-Eleven')).toBeNull();
  });
});

describe('the key of a name', () => {
  test.each([
    'ACME WIDGETS PTY LTD',
    'Acme Widgets P/L',
    'Acme Widgets P/L.',
    'Acme Widgets (Pty) Ltd',
    'Acme Widgets Proprietary Limited',
    'The Acme Widgets Pty. Limited',
    'ACME  WIDGETS Pty Ltd trading as Bob’s Bikes',
    'Acme Widgets P/L T/A Bob’s Bikes',
    'The Trustee for The Acme Widgets',
    'Acme Widgets',
  ])('of “%s” is ACME WIDGETS', (name) => {
    expect(nameKey(name)).toBe('ACME WIDGETS');
  });

  test.each([
    ['Smith & Sons Pty Ltd', 'SMITH AND SONS'],
    ['Smith Pty Ltd ATF Smith Family Trust', 'SMITH SMITH FAMILY TRUST'],
    ['The Trustee for Smith Family Trust', 'SMITH FAMILY TRUST'],
    ['SMITH, JOHN', 'SMITH JOHN'],
    ['Pty Ltd', 'PTY LTD'],
    ['Theatre Supplies', 'THEATRE SUPPLIES'],
    ['A.B.C. Plumbing P/L', 'ABC PLUMBING'],
    ['P.L. Plumbing', 'PL PLUMBING'],
  ])('of “%s” is %s', (name, key) => {
    expect(nameKey(name)).toBe(key);
  });

  test('is its own key, never empty where the name is not, and the same in any case', () => {
    const word = fc.constantFrom(
      ...[
        'The',
        'Pty',
        'Ltd.',
        'P/L',
        'P',
        'L',
        '&',
        't/a',
        'Trustee for',
        'ATF',
        'Acme',
        'a.b.',
        '(Aust)',
        'O’Brien',
      ],
    );
    const name = fc.oneof(
      fc.array(word, { minLength: 1, maxLength: 7 }).map((list) => list.join(' ')),
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(name, (text) => {
        const key = nameKey(text);
        expect(nameKey(key)).toBe(key);
        expect(key === '').toBe(legalName.normal(text) === '');
        expect(nameKey(` ${text}  `)).toBe(key);
      }),
      { numRuns: 2000 },
    );
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 7 }), (list) => {
        expect(nameKey(list.join(' ').toUpperCase())).toBe(nameKey(list.join('  ').toLowerCase()));
      }),
    );
  });
});

test('a legal name that says under which other name it trades looks odd, and is no error', () => {
  const warning = (name: string) => legalName.warning?.(name, {});
  expect(warning('Acme Pty Ltd t/a Bob’s Bikes')).toBe(
    '“Bob’s Bikes” is a trading name, and the legal name is “Acme Pty Ltd” alone.',
  );
  expect(warning('ACME PTY LTD Trading As BIKES')).toContain('“BIKES” is a trading name');
  expect(warning('Acme Pty Ltd')).toBeNull();
  expect(warning('Start/As You Mean')).toBeNull();
  expect(legalName.problem('Acme Pty Ltd t/a Bob’s Bikes')).toBeNull();
});
