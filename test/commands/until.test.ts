import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { untilMeant } from '#commands/until.ts';

/** Friday, 20 November 2026, 12:30 in Sydney (UTC+11). */
const at = { now: new Date('2026-11-20T01:30:00Z'), zone: 'Australia/Sydney' };

describe('the time to come that somebody means', () => {
  test.each([
    ['2h', '2026-11-20T03:30:00.000Z'],
    ['in 90 minutes', '2026-11-20T03:00:00.000Z'],
    ['3 days', '2026-11-23T01:30:00.000Z'],
    ['14:30', '2026-11-20T03:30:00.000Z'],
    ['2pm', '2026-11-20T03:00:00.000Z'],
    // Past already today: tomorrow's.
    ['9am', '2026-11-20T22:00:00.000Z'],
    ['12.30 pm', '2026-11-21T01:30:00.000Z'],
    ['today 5pm', '2026-11-20T06:00:00.000Z'],
    ['tomorrow', '2026-11-20T22:00:00.000Z'],
    ['Tomorrow at 14:00', '2026-11-21T03:00:00.000Z'],
    ['monday', '2026-11-22T22:00:00.000Z'],
    ['mon 7:15', '2026-11-22T20:15:00.000Z'],
    // Today's name is the next one.
    ['friday', '2026-11-26T22:00:00.000Z'],
    ['2026-11-25', '2026-11-24T22:00:00.000Z'],
    ['2026-11-25 14:30', '2026-11-25T03:30:00.000Z'],
  ])('%s', (typed, instant) => {
    expect(untilMeant(typed, at)?.toISOString()).toBe(instant);
  });

  test.each([
    '',
    'soon',
    'mo',
    'today',
    'today 9am',
    '2026-02-30',
    '2026-11-20 09:00',
    '2025-11-25',
    '25:00',
    '13pm',
    '0pm',
    '0h',
    '-2h',
    'monday monday',
  ])('“%s” is none', (typed) => {
    expect(untilMeant(typed, at)).toBeNull();
  });

  test('whatever is typed, it is none or to come', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.stringMatching(/^(mon|tomorrow|today)? ?\d{1,2}(:\d\d)?(am|pm)?$/)),
        (typed) => {
          const read = untilMeant(typed, at);
          expect(read === null || read > at.now).toBe(true);
        },
      ),
    );
  });
});
