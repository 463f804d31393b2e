import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { callsForMarks, callsPerBatch, callsToMark } from '#src/sync/marking/decide-allowance.ts';

const terms = { callsPerDay: 5_000, callsForPeople: 200 };
const fresh = { minute: 60, daySchedule: 4_800, closedUntil: null };

describe('the calls for marking records', () => {
  it('are half of the minute’s, and sixty at most', () => {
    expect(callsForMarks(fresh, terms)).toBe(30);
    expect(callsForMarks({ ...fresh, minute: 1_000 }, terms)).toBe(60);
    expect(callsForMarks({ ...fresh, minute: 1 }, terms)).toBe(0);
  });

  it('are only those above half of the schedule’s part of the day', () => {
    expect(callsForMarks({ ...fresh, daySchedule: 2_410 }, terms)).toBe(10);
    expect(callsForMarks({ ...fresh, daySchedule: 2_400 }, terms)).toBe(0);
  });

  it('are none while the system asks us to wait', () => {
    expect(callsForMarks({ ...fresh, closedUntil: new Date('2026-11-22T01:00:00Z') }, terms)).toBe(0);
  });

  it('never leave less than half of the schedule’s part, whatever is left', () => {
    const left = fc.record({ minute: fc.nat(10_000), daySchedule: fc.nat(20_000) });
    fc.assert(
      fc.property(left, fc.nat(20_000), fc.nat(5_000), ({ minute, daySchedule }, callsPerDay, people) => {
        const callsForPeople = Math.min(people, callsPerDay);
        const spent = callsForMarks(
          { minute, daySchedule, closedUntil: null },
          { callsPerDay, callsForPeople },
        );
        if (spent === 0) return true;
        return spent * 2 <= minute && (daySchedule - spent) * 2 >= callsPerDay - callsForPeople;
      }),
    );
  });

  it('are told beforehand: read, written, and read once more', () => {
    const costs = { read: { calls: 1, records: 50 }, write: { calls: 2, records: 50 } };
    expect(callsToMark(1_300, costs)).toBe(26 + 52 + 26);
    expect(callsPerBatch(50, costs)).toBe(3);
  });
});
