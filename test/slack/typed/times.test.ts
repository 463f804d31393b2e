import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { timeMeant } from '#src/slack/typed/times.ts';

/** Friday, 20 November 2026, 12:30 in Sydney (UTC+11). */
const at = { now: new Date('2026-11-20T01:30:00Z'), zone: 'Australia/Sydney' };
const untilMeant = (typed: string) => timeMeant(typed, { ...at, way: 'ahead' });
const sinceMeant = (typed: string) => timeMeant(typed, { ...at, way: 'back' });

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
    ['25 nov', '2026-11-24T22:00:00.000Z'],
    ['25 November 2pm', '2026-11-25T03:00:00.000Z'],
    ['3 feb 2027 at 8:15', '2027-02-02T21:15:00.000Z'],
    // This year’s is past.
    ['1 nov', '2027-10-31T22:00:00.000Z'],
    ['2026-11-25 14:30', '2026-11-25T03:30:00.000Z'],
  ])('%s', (typed, instant) => {
    expect(untilMeant(typed)?.toISOString()).toBe(instant);
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
    '25 nov 2025',
    '31 nov',
    '25 no',
    'yesterday',
    '2h ago',
    '25:00',
    '13pm',
    '0pm',
    '0h',
    '-2h',
    'monday monday',
  ])('“%s” is none', (typed) => {
    expect(untilMeant(typed)).toBeNull();
  });

  test('whatever is typed, it is none or to come', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.stringMatching(/^(mon|tomorrow|today)? ?\d{1,2}(:\d\d)?(am|pm)?$/)),
        (typed) => {
          const read = untilMeant(typed);
          expect(read === null || read > at.now).toBe(true);
        },
      ),
    );
  });
});

describe('the time that was that somebody means', () => {
  test.each([
    ['2h', '2026-11-19T23:30:00.000Z'],
    ['90 minutes ago', '2026-11-20T00:00:00.000Z'],
    ['3D', '2026-11-17T01:30:00.000Z'],
    ['today', '2026-11-19T13:00:00.000Z'],
    ['Yesterday', '2026-11-18T13:00:00.000Z'],
    ['yesterday 2pm', '2026-11-19T03:00:00.000Z'],
    ['9:05', '2026-11-19T22:05:00.000Z'],
    // Still to come today: yesterday's.
    ['2pm', '2026-11-19T03:00:00.000Z'],
    ['monday', '2026-11-15T13:00:00.000Z'],
    ['mon 9am', '2026-11-15T22:00:00.000Z'],
    // Today's name is the last one.
    ['friday', '2026-11-12T13:00:00.000Z'],
    ['1 nov', '2026-10-31T13:00:00.000Z'],
    ['25 nov', '2025-11-24T13:00:00.000Z'],
    ['2026-11-01', '2026-10-31T13:00:00.000Z'],
    ['2026-07-01', '2026-06-30T14:00:00.000Z'],
    ['2026-11-01 14:30', '2026-11-01T03:30:00.000Z'],
    ['2026-11-01T14:30', '2026-11-01T03:30:00.000Z'],
    [' 2026-11-01 ', '2026-10-31T13:00:00.000Z'],
    // The clocks skip it: the instant right after.
    ['2026-10-04 02:30', '2026-10-03T16:30:00.000Z'],
  ])('%s', (typed, instant) => {
    expect(sinceMeant(typed)?.toISOString()).toBe(instant);
  });

  test.each([
    '',
    'soon',
    '2026-02-30',
    '25:00',
    '12:61',
    '1y',
    '-2h',
    '2026-13-01',
    '2026-11-0114:30',
    'tomorrow',
    'today 5pm',
    '2026-11-25',
  ])('“%s” is none', (typed) => {
    expect(sinceMeant(typed)).toBeNull();
  });

  test('whatever is typed, it is none or past', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.stringMatching(/^(mon|yesterday|1 nov)? ?\d{1,2}(:\d\d)?(am|pm)?$/)),
        (typed) => {
          const read = sinceMeant(typed);
          expect(read === null || read <= at.now).toBe(true);
        },
      ),
    );
  });
});
