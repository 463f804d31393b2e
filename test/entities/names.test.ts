import { describe, expect, test } from 'vitest';
import { same } from '#src/entities/field.ts';
import { legalName, looseName, splitName } from '#src/entities/names.ts';

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

test('look-alikes have one loose name, whatever their legal form', () => {
  for (const name of [
    'ACME WIDGETS PTY LTD',
    'Acme Widgets P/L',
    'The Acme Widgets Pty. Limited',
    'Acme Widgets',
  ]) {
    expect(looseName(name)).toBe('ACME WIDGETS');
  }
  expect(looseName('Pty Ltd')).toBe('PTY LTD');
});

test('a name that says under which other name it trades is two names', () => {
  expect(splitName('Acme Pty Ltd t/a Bob’s Bikes')).toEqual({
    legal: 'Acme Pty Ltd',
    business: 'Bob’s Bikes',
  });
  expect(splitName('ACME PTY LTD Trading As BIKES')).toEqual({ legal: 'ACME PTY LTD', business: 'BIKES' });
  expect(splitName('Acme Pty Ltd')).toEqual({ legal: 'Acme Pty Ltd', business: null });
});
