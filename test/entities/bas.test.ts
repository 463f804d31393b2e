import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { basQuarterOf, lockedPeriod, monthlyBasDue, quarterWords } from '#src/entities/bas.ts';

describe('a quarter of the BAS', () => {
  test.each([
    // ATO: due 28 October, 28 February, 28 April, 28 July; on a weekend the next business day.
    ['2026-07-01', 1, 2027, '2026-07-01', '2026-09-30', '2026-10-28'],
    ['2026-09-30', 1, 2027, '2026-07-01', '2026-09-30', '2026-10-28'],
    ['2026-10-01', 2, 2027, '2026-10-01', '2026-12-31', '2027-03-01'],
    ['2026-12-31', 2, 2027, '2026-10-01', '2026-12-31', '2027-03-01'],
    ['2027-01-01', 3, 2027, '2027-01-01', '2027-03-31', '2027-04-28'],
    ['2024-02-29', 3, 2024, '2024-01-01', '2024-03-31', '2024-04-29'],
    ['2027-06-30', 4, 2027, '2027-04-01', '2027-06-30', '2027-07-28'],
    ['2024-05-05', 4, 2024, '2024-04-01', '2024-06-30', '2024-07-29'],
    ['2025-11-21', 2, 2026, '2025-10-01', '2025-12-31', '2026-03-02'],
  ])('that %s is in', (day, quarter, financialYear, from, to, due) => {
    expect(basQuarterOf(day)).toEqual({ quarter, financialYear, from, to, due });
  });

  test('is named by its months', () => {
    const named = ['2026-08-01', '2026-11-21', '2027-02-01', '2027-05-01'].map((day) => {
      const quarter = basQuarterOf(day);
      return quarter && quarterWords(quarter);
    });
    expect(named).toEqual([
      'July to September 2026',
      'October to December 2026',
      'January to March 2027',
      'April to June 2027',
    ]);
  });

  test('holds the day that it is asked for, and never falls due on a weekend (property)', () => {
    const days = fc.date({ min: new Date('1990-01-01'), max: new Date('2090-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(days, (date) => {
        const day = date.toISOString().slice(0, 10);
        const found = basQuarterOf(day);
        if (!found) throw new Error('a day is in a quarter');
        expect(found.from <= day && day <= found.to && found.to < found.due).toBe(true);
        for (const due of [found.due, monthlyBasDue(day) ?? ''])
          expect([1, 2, 3, 4, 5]).toContain(new Date(`${due}T00:00:00Z`).getUTCDay());
      }),
    );
  });

  test('is none for what is no day', () => {
    expect(basQuarterOf('2026-02-30')).toBeNull();
    expect(monthlyBasDue('soon')).toBeNull();
  });
});

test('the statement of a month is due on the 21st of the next', () => {
  expect(monthlyBasDue('2026-11-30')).toBe('2026-12-21');
  expect(monthlyBasDue('2026-12-01')).toBe('2027-01-21');
  expect(monthlyBasDue('2026-10-05')).toBe('2026-11-23');
});

describe('a locked period', () => {
  test('ends with its last day, and the latest of several locks counts', () => {
    expect(lockedPeriod('2026-06-30', ['2026-06-30', null])).toBe('the period to 30 Jun 2026 is locked');
    expect(lockedPeriod('2026-07-01', ['2026-06-30', null])).toBeNull();
    expect(lockedPeriod('2026-07-01', ['2026-06-30', '2026-09-30'])).toBe(
      'the period to 30 Sep 2026 is locked',
    );
    expect(lockedPeriod('2026-07-01', [null, 'never'])).toBeNull();
    expect(lockedPeriod('some day', ['2026-06-30'])).toBeNull();
  });
});
