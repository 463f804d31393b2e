import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Workday } from '#src/alerts/hours.ts';
import { laterTimes } from '#src/alerts/later-times.ts';

const workday: Workday = { days: [1, 2, 3, 4, 5], from: 480, to: 1080, timeZone: 'Australia/Sydney' };
const at = (text: string) => new Date(`${text}+11:00`);
const of = (text: string) => laterTimes(workday, at(text)).map(({ kind, at }) => [kind, at.toISOString()]);
const utc = (text: string) => at(text).toISOString();

it('offers the afternoon while it is to come, and the next working morning', () => {
  expect(of('2026-11-24T09:30:00')).toEqual([
    ['afternoon', utc('2026-11-24T14:00:00')],
    ['tomorrow', utc('2026-11-25T09:00:00')],
  ]);
  expect(of('2026-11-24T14:00:00')).toEqual([['tomorrow', utc('2026-11-25T09:00:00')]]);
  expect(of('2026-11-24T06:00:00').map(([kind]) => kind)).toEqual(['afternoon', 'tomorrow']);
  expect(of('2026-11-27T16:00:00')).toEqual([['day', utc('2026-11-30T09:00:00')]]);
});

it('offers only times to come, never twice the same, in order, whatever the zone and the days of work', () => {
  fc.assert(
    fc.property(
      fc.date({ min: new Date('2026-01-01'), max: new Date('2028-01-01'), noInvalidDate: true }),
      fc.constantFrom('Australia/Sydney', 'Pacific/Auckland', 'Australia/Perth', 'America/St_Johns'),
      fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 7 }),
      (now, timeZone, days) => {
        const times = laterTimes({ ...workday, timeZone, days }, now).map((one) => one.at.getTime());
        expect(times.length).toBeGreaterThan(0);
        expect(times).toEqual([...new Set(times)].toSorted((a, b) => a - b));
        expect(times[0]).toBeGreaterThan(now.getTime());
        expect(times.at(-1)).toBeLessThan(now.getTime() + 9 * 24 * 3_600_000);
      },
    ),
    { numRuns: 100 },
  );
});
