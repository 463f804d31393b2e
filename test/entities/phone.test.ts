import { describe, expect, test } from 'vitest';
import { phone } from '#src/entities/phone.ts';

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

  test.each(['TBA', '12345', '000', '5550 1234'])('%s is none', (typed) => {
    expect(phone.problem(typed)).toContain('not a complete Australian phone number');
  });
});
