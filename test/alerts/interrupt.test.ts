import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isWorking, startOfDay, type Workday } from '#src/alerts/hours.ts';
import { type Call, type CallKind, enough, interrupt, quietMs } from '#src/alerts/interrupt.ts';

const workday: Workday = { days: [1, 2, 3, 4, 5], from: 480, to: 1080, timeZone: 'Australia/Sydney' };
const priya = { slack: 'U0PRIYA001', workday };
const at = (local: string) => new Date(`${local}+11:00`);
const monday = (time: string) => at(`2026-11-23T${time}:00`);
const call = (kind: CallKind, time: string, cause = 'something'): Call => ({ kind, cause, at: monday(time) });
const ask = (kind: CallKind, now: Date, before: readonly Call[] = [], more: { urgent?: boolean } = {}) =>
  interrupt(priya, { kind, cause: 'incident:1', before, ...more }, now);
const now = { kind: 'now' };

describe('whether somebody is interrupted', () => {
  it('calls at once for a problem in working hours', () => {
    expect(ask('problem', monday('10:00'))).toEqual(now);
  });

  it('waits for the next slot outside working hours, unless the agreement calls it urgent', () => {
    const later = { kind: 'later', because: 'hours', at: monday('09:00') };
    expect(ask('problem', at('2026-11-22T03:00:00'))).toEqual(later);
    expect(ask('unclaimed', monday('07:59'))).toEqual(later);
    expect(ask('unclaimed', monday('07:59'), [], { urgent: true })).toEqual(now);
    expect(ask('answer', at('2026-11-22T03:00:00'))).toEqual(now);
  });

  it('leaves whoever wants that alone outside working hours, but for what is urgent and nobody else answers', () => {
    const alone = (kind: CallKind, when: Date) =>
      interrupt(
        { ...priya, outside: 'never' },
        { kind, cause: 'incident:1', before: [], urgent: true },
        when,
      );
    const night = monday('03:00');
    expect(alone('problem', night)).toEqual({ kind: 'later', because: 'hours', at: monday('09:00') });
    expect(alone('unclaimed', night)).toEqual(now);
    expect(alone('room', night)).toEqual(now);
    expect(alone('problem', monday('10:00'))).toEqual(now);
    expect(alone('answer', night)).toEqual(now);
  });

  it('tells whoever wants that in the morning alone, and calls for a second approval all the same', () => {
    const early = { ...priya, workday: { ...workday, morningOnly: true } };
    const told = (kind: CallKind, when: Date) =>
      interrupt(early, { kind, cause: 'digest', before: [call('digest', '09:00', 'x')] }, when);
    expect(told('digest', monday('14:05'))).toMatchObject({ because: 'slot', at: at('2026-11-24T09:00:00') });
    expect(told('second_approval', monday('14:05'))).toEqual(now);
    expect(told('problem', monday('14:05'))).toEqual(now);
  });

  it('calls nobody twice within an hour for one cause, however urgent', () => {
    const before = [call('problem', '09:30', 'incident:1')];
    expect(ask('unclaimed', monday('10:29'), before, { urgent: true })).toMatchObject({ because: 'lately' });
    expect(ask('unclaimed', monday('10:30'), before)).toEqual(now);
    expect(ask('unclaimed', monday('09:40'), [call('problem', '09:30', 'incident:2')])).toEqual(now);
  });

  it('keeps room for the slots of the day: after that it waits, unless it cannot', () => {
    const before = [call('digest', '09:00'), call('problem', '11:00')];
    expect(ask('problem', monday('12:00'), before)).toEqual({
      kind: 'later',
      because: 'enough',
      at: monday('14:00'),
    });
    for (const kind of ['unclaimed', 'second_approval', 'limit', 'money', 'room'] as const)
      expect(ask(kind, monday('12:00'), before)).toEqual(now);
  });

  it('tells what waits at nine and at two, once, and for two hours after', () => {
    expect(ask('digest', monday('08:59'))).toEqual({ kind: 'later', because: 'slot', at: monday('09:00') });
    expect(ask('digest', monday('10:59'))).toEqual(now);
    expect(ask('digest', monday('11:01'))).toMatchObject({ at: monday('14:00') });
    expect(ask('digest', monday('09:05'), [call('digest', '09:00')])).toMatchObject({ at: monday('14:00') });
    expect(ask('digest', at('2026-11-21T09:05:00'))).toMatchObject({ at: monday('09:00') });
  });
});

const kinds: readonly CallKind[] = [
  'digest',
  'not_saved',
  'problem',
  'unclaimed',
  'second_approval',
  'limit',
  'money',
  'room',
];

describe('whatever happens', () => {
  const event = fc.record({
    minutes: fc.integer({ min: 0, max: 180 }),
    kind: fc.constantFrom(...kinds),
    cause: fc.constantFrom('a', 'b', 'c', 'd'),
    urgent: fc.boolean(),
  });
  const start = fc.integer({ min: Date.parse('2026-01-01'), max: Date.parse('2027-12-31') });

  it('nobody is called too often, at night, or twice for one thing; what waits has its slot', () => {
    fc.assert(
      fc.property(start, fc.array(event, { maxLength: 60 }), (from, events) => {
        const calls: (Call & { readonly urgent: boolean })[] = [];
        let ms = from;
        for (const { minutes, kind, cause: about, urgent } of events) {
          ms += minutes * 60_000;
          const time = new Date(ms);
          const cause = kind === 'digest' ? 'digest' : about;
          const answer = interrupt(priya, { kind, cause, urgent, before: calls }, time);
          if (answer.kind === 'later') {
            expect(answer.at.getTime()).toBeGreaterThan(ms);
            expect(answer.at.getTime() - ms).toBeLessThanOrEqual(3.1 * 24 * 3_600_000);
            continue;
          }
          if (!urgent && kind !== 'digest') expect(isWorking(workday, time)).toBe(true);
          const same = calls.findLast((one) => one.cause === cause);
          if (same) expect(ms - same.at.getTime()).toBeGreaterThanOrEqual(quietMs);
          calls.push({ kind, cause, at: time, urgent });
        }
        const ordinary = calls.filter(
          ({ kind, urgent }) =>
            kind === 'digest' || (!urgent && (kind === 'problem' || kind === 'not_saved')),
        );
        const days = Map.groupBy(ordinary, (one) => startOfDay(workday, one.at).getTime());
        for (const day of days.values()) expect(day.length).toBeLessThanOrEqual(enough);
      }),
      { numRuns: 1000 },
    );
  });
});
