import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type LatenessInput, lateSlot } from '#src/alerts/lateness.ts';

const at = (time: string) => new Date(`2026-11-20T${time}Z`);
const watched: LatenessInput = {
  cron: '*/15 * * * *',
  timeZone: 'Australia/Sydney',
  lateAfterMinutes: 3,
  since: at('00:00:00'),
  bornAt: at('00:00:00'),
  newestSlot: at('09:45:00'),
  underWay: false,
  resumeAt: null,
  now: at('10:03:00'),
};

it('is late once the grace after its slot has passed without a run', () => {
  expect(lateSlot(watched)).toEqual(at('10:00:00'));
  expect(lateSlot({ ...watched, now: at('10:02:59') })).toBeNull();
});

it.each<[string, Partial<LatenessInput>]>([
  ['its slot was run', { newestSlot: at('10:00:00') }],
  ['somebody had it run later than the slot', { newestSlot: at('10:01:30') }],
  ['a run is under way', { underWay: true }],
  ['Truce came back after the slot, and may still be catching up', { since: at('10:01:00') }],
  ['a system asked to wait until after the slot', { resumeAt: at('10:02:00') }],
  ['it never ran, and the slot was before it could', { newestSlot: null, bornAt: at('10:00:01') }],
])('is not late when %s', (_, more) => {
  expect(lateSlot({ ...watched, ...more })).toBeNull();
});

it('is late when Truce came back and does not catch up', () => {
  expect(lateSlot({ ...watched, since: at('10:01:00'), now: at('10:04:00') })).toEqual(at('10:00:00'));
});

it('a new flow is late when its first slot passes', () => {
  expect(lateSlot({ ...watched, newestSlot: null, bornAt: at('09:59:00') })).toEqual(at('10:00:00'));
});

it('never calls a slot late that was run, nor before its grace has passed', () => {
  const moments = fc.date({ min: at('00:00:00'), max: at('23:59:59'), noInvalidDate: true });
  fc.assert(
    fc.property(
      moments,
      moments,
      moments,
      fc.integer({ min: 1, max: 40 }),
      (now, newestSlot, since, lateAfterMinutes) => {
        const late = lateSlot({ ...watched, now, newestSlot, since, lateAfterMinutes });
        if (late === null) return;
        expect(late > newestSlot).toBe(true);
        expect(Math.max(late.getTime(), since.getTime()) + lateAfterMinutes * 60_000).toBeLessThanOrEqual(
          now.getTime(),
        );
      },
    ),
  );
});
