import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isWorking, type Workday } from '#src/alerts/hours.ts';
import { nextStep } from '#src/alerts/ladder.ts';

const workday: Workday = { days: [1, 2, 3, 4, 5], from: 480, to: 1080, timeZone: 'Australia/Sydney' };
const at = (time: string, day = '2026-11-23') => new Date(`${day}T${time}:00+11:00`);
const business = [{ slack: 'U0PRIYA001', name: 'the business owner' }];
const group = [{ slack: 'S0FINANCE', name: 'the user group' }];
const flow = {
  urgent: false,
  escalate: [
    { afterMinutes: 30, ask: business },
    { afterMinutes: 120, ask: group },
  ],
};
const search = (time: string, more: { calledAt?: Date; rung?: number } = {}, day?: string) => ({
  openSince: at(time, day),
  calledAt: null,
  rung: 0,
  ...more,
});

describe('the ladder of those who are asked', () => {
  it('asks one step after the other, counted from when somebody was looked for', () => {
    const calledAt = at('09:12');
    expect(nextStep(search('09:12', { calledAt }), flow, workday)).toEqual({
      kind: 'escalate',
      at: at('09:42'),
      ask: business,
    });
    expect(nextStep(search('09:12', { calledAt, rung: 1 }), flow, workday)).toEqual({
      kind: 'escalate',
      at: at('11:12'),
      ask: group,
    });
    expect(nextStep(search('09:12', { calledAt, rung: 2 }), flow, workday)).toBeNull();
  });

  it('calls the technical owner first, where they were not called when it opened', () => {
    expect(nextStep(search('09:12'), flow, workday)).toEqual({ kind: 'call', at: at('09:27') });
    expect(nextStep(search('03:00', {}, '2026-11-22'), flow, workday)).toEqual({
      kind: 'call',
      at: at('08:00'),
    });
  });

  it('counts working minutes only, unless the flow is urgent', () => {
    const night = search('17:50', { calledAt: at('17:50', '2026-11-20') }, '2026-11-20');
    expect(nextStep(night, flow, workday)?.at).toEqual(at('08:20'));
    expect(nextStep(night, { ...flow, urgent: true }, workday)?.at).toEqual(at('18:20', '2026-11-20'));
  });

  it('is always in working hours, and never before somebody was looked for', () => {
    const instant = fc.integer({ min: Date.parse('2026-01-01'), max: Date.parse('2027-12-31') });
    fc.assert(
      fc.property(instant, fc.boolean(), fc.integer({ min: 0, max: 3 }), (ms, called, rung) => {
        const openSince = new Date(ms);
        const step = nextStep({ openSince, calledAt: called ? openSince : null, rung }, flow, workday);
        expect(step === null).toBe(called && rung >= 2);
        if (!step) return;
        expect(isWorking(workday, step.at)).toBe(true);
        expect(step.at.getTime()).toBeGreaterThanOrEqual(ms);
      }),
    );
  });
});
