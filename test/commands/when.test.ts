import { describe, expect, test } from 'vitest';
import { instantMeant } from '#commands/when.ts';

/** Friday, 20 November 2026, 12:30 in Sydney (UTC+11). */
const at = { now: new Date('2026-11-20T01:30:00Z'), zone: 'Australia/Sydney' };

describe('the time that somebody means', () => {
  test.each([
    ['2h', '2026-11-19T23:30:00.000Z'],
    ['90 m', '2026-11-20T00:00:00.000Z'],
    ['3D', '2026-11-17T01:30:00.000Z'],
    ['today', '2026-11-19T13:00:00.000Z'],
    ['Yesterday', '2026-11-18T13:00:00.000Z'],
    ['9:05', '2026-11-19T22:05:00.000Z'],
    ['14:30', '2026-11-20T03:30:00.000Z'],
    ['2026-11-01', '2026-10-31T13:00:00.000Z'],
    ['2026-07-01', '2026-06-30T14:00:00.000Z'],
    ['2026-11-01 14:30', '2026-11-01T03:30:00.000Z'],
    ['2026-11-01T14:30', '2026-11-01T03:30:00.000Z'],
    // The clocks skip it: the instant right after.
    ['2026-10-04 02:30', '2026-10-03T16:30:00.000Z'],
  ])('%s', (typed, instant) => {
    expect(instantMeant(typed, at)?.toISOString()).toBe(instant);
  });

  test.each([
    '',
    'soon',
    '2026-02-30',
    '25:00',
    '12:61',
    '2026-11-01 ',
    '1y',
    '-2h',
    '2026-13-01',
    '2026-11-0114:30',
  ])('“%s” is none, or is read without its blanks', (typed) => {
    const read = instantMeant(typed, at);
    if (typed.trim() === '2026-11-01') expect(read).not.toBeNull();
    else expect(read).toBeNull();
  });
});
