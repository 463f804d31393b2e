import { describe, expect, it } from 'vitest';
import {
  ago,
  clockTime,
  dayWords,
  formatDate,
  recentTime,
  timeOf,
} from '#src/playground/page/words/dates.ts';

const sydney = { now: new Date('2026-11-24T00:00:00Z'), zone: 'Australia/Sydney' };
const at = (iso: string) => Date.parse(iso) / 1000;

describe('dates of messages', () => {
  it.each([
    ['2026-11-23T21:47:00Z', '{date_short_pretty} {time}', 'today 8:47 am'],
    ['2026-11-22T21:47:00Z', '{date_short_pretty} {time}', 'yesterday 8:47 am'],
    ['2026-11-25T01:00:00Z', '{date_pretty}', 'tomorrow'],
    ['2026-11-12T01:00:00Z', '{date_short_pretty}', '12 Nov'],
    ['2025-06-30T01:00:00Z', '{date_short}', '30 June 2025'],
    ['2026-11-12T01:00:00Z', '{date_long}', 'Thursday 12 November'],
    ['2026-11-12T01:00:00Z', '{date_num} at {time_secs}', '2026-11-12 at 12:00:00 pm'],
    ['2026-11-23T23:55:00Z', '({ago})', '(5 minutes ago)'],
  ])('writes %s as %s', (iso, format, expected) => {
    expect(formatDate(at(iso), format, 'fallback', sydney)).toBe(expected);
  });

  it('gives the fallback for a token or a time that it does not know', () => {
    expect(formatDate(at('2026-11-12T01:00:00Z'), '{date_of_birth}', '12 Nov', sydney)).toBe('12 Nov');
    expect(formatDate(Number.NaN, '{time}', 'some time', sydney)).toBe('some time');
  });

  it('reads times in the zone of whoever reads, over a change of clocks too', () => {
    expect(clockTime(new Date('2027-04-03T15:30:00Z'), 'Australia/Sydney')).toBe('2:30 am');
    expect(clockTime(new Date('2027-04-03T16:30:00Z'), 'Australia/Sydney')).toBe('2:30 am');
    expect(clockTime(new Date('2026-11-23T21:47:00Z'), 'Australia/Perth')).toBe('5:47 am');
  });

  it('counts by itself', () => {
    expect(ago(new Date('2026-11-23T23:59:40Z'), sydney.now)).toBe('just now');
    expect(ago(new Date('2026-11-24T02:00:00Z'), sydney.now)).toBe('in 2 hours');
    expect(ago(new Date('2026-11-22T00:00:00Z'), sydney.now)).toBe('2 days ago');
  });

  it('divides days', () => {
    expect(dayWords(timeOf('1795470420.000100'), sydney)).toBe('Today');
    expect(dayWords(new Date('2026-11-20T01:00:00Z'), sydney)).toBe('Friday 20 November');
  });

  it('gives a time of today, and a date before', () => {
    expect(recentTime(new Date('2026-11-23T21:47:00Z'), sydney)).toBe('8:47 am');
    expect(recentTime(new Date('2026-11-14T00:00:00Z'), sydney)).toBe('14 Nov');
  });
});
