import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mobile, phone } from '#src/entities/phone.ts';

// Numbers that ACMA keeps for fiction.
describe('a phone number', () => {
  test.each([
    ['(02) 5550 1234', '+61255501234'],
    ['02.5550.1234', '+61255501234'],
    ['255501234', '+61255501234'],
    ['+61 (0)2 5550 1234', '+61255501234'],
    ['0061 2 5550 1234', '+61255501234'],
    ['0011 61 2 5550 1234', '+61255501234'],
    ['61491570006', '+61491570006'],
    ['0491 570 006', '+61491570006'],
    ['491570006', '+61491570006'],
    ['0491 570 006 ext 12', '+61491570006 EXT 12'],
    ['1300 975 707', '+611300975707'],
    ['+61 1800 975 707', '+611800975707'],
    ['13 12 13', '+61131213'],
    ['+64 9 303 3333', '+6493033333'],
    ['(+61) 2 5550 1234', '+61255501234'],
    ['+61 02 5550 1234', '+61255501234'],
    ['0061 0491 570 006', '+61491570006'],
    ['491570006.0', '+61491570006'],
    ["'0491570006", '+61491570006'],
    ['Ph: (02) 5550 1234', '+61255501234'],
    ['tel:+61255501234', '+61255501234'],
    ['Mob. 0491 570 006', '+61491570006'],
    ['０４９１ 570 006', '+61491570006'],
    ['61 13 12 13', '+61131213'],
    ['0061 1300 975 707', '+611300975707'],
    ['1800975707', '+611800975707'],
  ])('%s compares as %s', (typed, normal) => {
    expect(phone.normal(typed)).toBe(normal);
    expect(phone.normal(phone.show(typed))).toBe(normal);
    expect(phone.problem(typed)).toBeNull();
  });

  test.each([
    ['+61255501234', '(02) 5550 1234'],
    ['61491570006', '0491 570 006'],
    ['1300975707', '1300 975 707'],
    ['131213', '13 12 13'],
    ['0011 64 9 303 3333', '+64 9 303 3333'],
    [' ask for Bob ', 'ask for Bob'],
  ])('%s is shown as %s', (typed, shown) => {
    expect(phone.show(typed)).toBe(shown);
  });

  test('that a spreadsheet made a number of is read', () => {
    expect(phone.normal(491570006)).toBe('+61491570006');
  });

  test('with a note beside it is another value, and fit to be saved', () => {
    expect(phone.normal('0491 570 006 (Bob)')).not.toBe(phone.normal('0491 570 006'));
    expect(phone.problem('0491 570 006 (Bob)')).toBeNull();
  });

  test.each(['TBA', '12345', '000', '5550 1234', '4.9157E+08', '0255501234 / 0491570006', '1300 ACME 12'])(
    '%s is none',
    (typed) => {
      expect(phone.problem(typed)).toContain('not a complete Australian phone number');
    },
  );

  test('of Australia is one number in whichever dirt it comes, and shows cleanly', () => {
    const national = fc.oneof(
      fc.stringMatching(/^0[2378](5550|7010)\d{4}$/),
      fc.constantFrom('0491570006', '0491570156', '0491570110'),
    );
    const dirt: readonly ((rest: string) => string)[] = [
      (rest) => `0${rest}`,
      (rest) => rest,
      (rest) => `+61${rest}`,
      (rest) => `61${rest}`,
      (rest) => `+61 (0)${rest}`,
      (rest) => `+61 0${rest}`,
      (rest) => `0061${rest}`,
      (rest) => `0011 61 ${rest}`,
      (rest) => `(+61) ${rest}`,
      (rest) => `Ph: 0${rest}`,
      (rest) => `${rest}.0`,
    ];
    const spaced = fc.constantFrom('', ' ', '-', '.', '\u00a0');
    fc.assert(
      fc.property(national, fc.constantFrom(...dirt), spaced, (number, soil, gap) => {
        const rest = number.slice(1);
        const typed = soil(rest).endsWith('.0')
          ? soil(rest)
          : soil(rest.replace(/^(...)(...)/, `$1${gap}$2${gap}`));
        expect(phone.normal(typed)).toBe(`+61${rest}`);
        expect(phone.normal(phone.show(typed))).toBe(`+61${rest}`);
        expect(phone.show(typed)).toMatch(/^(\(0\d\) \d{4} \d{4}|04\d\d \d{3} \d{3})$/);
        expect(phone.problem(typed)).toBeNull();
        expect(mobile.normal(typed)).toBe(phone.normal(typed));
      }),
      { numRuns: 500 },
    );
  });
});
