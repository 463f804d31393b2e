import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isWorking, slotAfter, slotBefore, slotsLeft, type Workday, workAfter } from '#src/alerts/hours.ts';

const sydney: Workday = { days: [1, 2, 3, 4, 5], from: 480, to: 1080, timeZone: 'Australia/Sydney' };
const at = (local: string) => new Date(`${local}+11:00`);

describe('working hours', () => {
  it('are from morning to evening of working days, where the person works', () => {
    expect(isWorking(sydney, at('2026-11-23T08:00:00'))).toBe(true);
    expect(isWorking(sydney, at('2026-11-23T07:59:59'))).toBe(false);
    expect(isWorking(sydney, at('2026-11-23T18:00:00'))).toBe(false);
    expect(isWorking(sydney, at('2026-11-21T10:00:00'))).toBe(false);
    expect(isWorking({ ...sydney, timeZone: 'Australia/Perth' }, at('2026-11-23T10:59:00'))).toBe(false);
    expect(isWorking({ ...sydney, days: [6], from: 0, to: 1440 }, at('2026-11-21T23:59:59'))).toBe(true);
  });

  it('count only themselves', () => {
    expect(workAfter(sydney, at('2026-11-23T09:00:00'), 30)).toEqual(at('2026-11-23T09:30:00'));
    expect(workAfter(sydney, at('2026-11-20T17:50:00'), 30)).toEqual(at('2026-11-23T08:20:00'));
    expect(workAfter(sydney, at('2026-11-22T03:00:00'), 0)).toEqual(at('2026-11-23T08:00:00'));
    expect(workAfter(sydney, at('2026-11-23T09:00:00'), 600)).toEqual(at('2026-11-24T09:00:00'));
  });

  it('have two slots a day', () => {
    expect(slotBefore(sydney, at('2026-11-23T10:00:00'))).toEqual(at('2026-11-23T09:00:00'));
    expect(slotAfter(sydney, at('2026-11-23T14:00:00'))).toEqual(at('2026-11-24T09:00:00'));
    expect(
      [8, 9, 13, 14].map((hour) =>
        slotsLeft(sydney, at(`2026-11-23T${String(hour).padStart(2, '0')}:00:00`)),
      ),
    ).toEqual([2, 1, 1, 0]);
  });

  it('are always reached, and counted in full, also across the change of the clocks', () => {
    const instant = fc.integer({ min: Date.parse('2026-01-01'), max: Date.parse('2027-12-31') });
    const days = fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 });
    fc.assert(
      fc.property(instant, days, fc.integer({ min: 0, max: 3000 }), (ms, working, minutes) => {
        const workday = { ...sydney, days: working };
        const end = workAfter(workday, new Date(ms), minutes);
        expect(isWorking(workday, end)).toBe(true);
        expect(end.getTime() - ms).toBeGreaterThanOrEqual(minutes * 60_000);
        expect(workAfter(workday, workAfter(workday, new Date(ms), 1), minutes)).toEqual(
          workAfter(workday, new Date(ms), minutes + 1),
        );
      }),
      { numRuns: 300 },
    );
  });
});
