import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { customer } from '#src/entities/customer.ts';
import type { Field, FieldValue } from '#src/entities/field.ts';
import { lossOf, lossWords, wasEditedSince } from '#src/sync/writing/loss.ts';

/** Promise 14, drift: a value that a vendor cut or ignored is named. */
const field = (name: string): Field => {
  const found = customer.fields.find((one) => one.name === name);
  if (!found) throw new Error(`a customer has no ${name}`);
  return found;
};
const loss = (name: string, written: FieldValue, before: FieldValue | null, readBack: FieldValue | null) =>
  lossOf(field(name), { written, before, readBack });
const address = (line1: string, city: string | null = 'Sydney') => ({
  line1,
  line2: null,
  city,
  state: 'NSW',
  postcode: '2000',
  country: 'Australia',
});

describe('what a system made of a value that it said it saved', () => {
  test.each([
    ['cut', 'legal_name', 'Harbour Ironworks Pty Ltd', 'Old Name', 'Harbour Iron'],
    ['ignored', 'legal_name', 'Harbour Ironworks Pty Ltd', 'Old Name', 'Old Name'],
    ['ignored', 'legal_name', 'Harbour Ironworks Pty Ltd', null, null],
    ['altered', 'legal_name', 'Harbour Ironworks Pty Ltd', 'Old Name', 'Somebody Else'],
    ['altered', 'legal_name', 'Harbour Ironworks Pty Ltd', 'Old Name', null],
    ['cut', 'billing_address', address('8 Example Road'), address('1 Old St'), address('8 Exam')],
    [
      'cut',
      'billing_address',
      address('8 Example Road'),
      address('1 Old St'),
      address('8 Example Road', null),
    ],
    ['altered', 'billing_address', address('8 Example Road'), address('1 Old St'), address('9 Example Road')],
  ] as const)('%s: %s', (kind, name, written, before, readBack) => {
    expect(loss(name, written, before, readBack).kind).toBe(kind);
  });

  test('any beginning of a text is a cut, and says how much was kept', () => {
    const text = fc.string({ minLength: 2, maxLength: 60, unit: fc.constantFrom(...'abcdefgh') });
    fc.assert(
      fc.property(text, fc.nat(), (written, at) => {
        const kept = written.slice(0, 1 + (at % (written.length - 1)));
        const found = loss('legal_name', written, 'Quite Another', kept);
        expect(found.kind).toBe('cut');
        expect(lossWords('Xero', found)).toBe(
          `Xero kept ${kept.length} of ${written.length} characters of the legal name`,
        );
      }),
    );
  });

  test('is told without a value', () => {
    expect(lossWords('Xero', loss('abn', '51824753556', '41952957336', '41952957336'))).toBe(
      'Xero said that it saved the ABN, and still has the one from before',
    );
    expect(lossWords('Xero', loss('email', 'a@example.com', null, 'b@example.com'))).toBe(
      'Xero said that it saved the email, and has made another one of it',
    );
  });
});

describe('somebody’s edit between the write and the look at it is no loss', () => {
  const savedAt = '2026-11-20T01:00:00.000Z';
  const later = '2026-11-20T01:00:05.000Z';
  const seen = (vendorAt: string | null, at: string | null = null) => ({
    vendorAt,
    editors: at === null ? {} : { phone: { by: 'Mia Torres', at } },
  });
  test.each([
    ['the record is of a later time', seen(later), savedAt, true],
    ['the record is of the time of our write', seen(savedAt), savedAt, false],
    ['the field itself was edited later', seen(later, later), savedAt, true],
    ['the record is later, by another field', seen(later, savedAt), savedAt, false],
    ['the vendor told no time of our write', seen(later), null, false],
    ['the vendor tells no times', seen(null), savedAt, false],
  ])('%s', (_, observation, saved, expected) => {
    expect(wasEditedSince(observation, 'phone', saved)).toBe(expected);
  });
});
