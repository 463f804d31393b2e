import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { earlierDays, isTurnOfMonth, today, wasInterrupted } from '#src/alerts/earlier-days.ts';
import { type EarlierDay, unusualVolume, usualOf, type VolumeInput } from '#src/alerts/volume.ts';
import { volumeWords } from '#src/alerts/words.ts';

/** Days of which each brought the same. */
const days = (n: number, { inHours = 40, soFar = 60, whole = 200 }: Partial<EarlierDay> = {}): EarlierDay[] =>
  Array.from({ length: n }, (_, i) => ({ sameWeekday: (i + 1) % 7 === 0, inHours, soFar, whole }));
const known = (more: Partial<VolumeInput>): VolumeInput => ({
  lately: 40,
  soFar: 60,
  days: days(28),
  turnOfMonth: false,
  told: null,
  ...more,
});

describe('unusual volume', () => {
  test.each([
    ['what is usual', {}, null],
    ['many times the usual, and more than on whole days', { lately: 3_412 }, 'many'],
    [
      'many times the usual of these hours, but no more than a whole day brings',
      { lately: 201, days: days(28, { whole: 201 }) },
      null,
    ],
    ['many, but the first weeks are not over', { lately: 3_412, days: days(13) }, null],
    ['not many, though nothing is usual', { lately: 99, days: days(28, { inHours: 0, whole: 0 }) }, null],
    ['many where nothing is usual', { lately: 100, days: days(28, { inHours: 0, whole: 0 }) }, 'many'],
    [
      'many after one import in the past',
      { lately: 900, days: [...days(27), ...days(1, { whole: 5_000 })] },
      'many',
    ],
    ['many after two such days', { lately: 900, days: [...days(26), ...days(2, { whole: 5_000 })] }, null],
    ['at the turn of a month that is the first one known', { lately: 900, turnOfMonth: true }, null],
    [
      'at the turn of a month, as at the last one',
      { lately: 900, turnOfMonth: true, days: [...days(40), ...days(1, { whole: 950 })] },
      null,
    ],
    [
      'at the turn of a month, far more than at the last one',
      { lately: 951, turnOfMonth: true, days: [...days(40), ...days(1, { whole: 950 })] },
      'many',
    ],
    ['told before, and still much', { lately: 101, told: 'many' as const }, 'many'],
    ['told before, and over', { lately: 100, told: 'many' as const }, null],
    ['next to nothing where at least sixty are usual', { soFar: 5 }, 'few'],
    ['a tenth of the least', { soFar: 6 }, null],
    ['nothing where little is usual', { soFar: 0, days: days(28, { soFar: 49 }) }, null],
    ['nothing, while fewer than three such weekdays are known', { soFar: 0, days: days(20) }, null],
    [
      'nothing, as on one such weekday before',
      { soFar: 0, days: days(28).with(13, { sameWeekday: true, inHours: 0, soFar: 0, whole: 0 }) },
      null,
    ],
    ['told as few, and still few', { soFar: 14, told: 'few' as const }, 'few'],
    ['told as few, and over', { soFar: 15, told: 'few' as const }, null],
  ] as const)('%s', (_, more, expected) => {
    expect(unusualVolume(known(more))).toBe(expected);
  });

  const count = fc.nat(5_000);
  const input = fc.record<VolumeInput>({
    lately: count,
    soFar: count,
    days: fc.array(fc.record({ sameWeekday: fc.boolean(), inHours: count, soFar: count, whole: count }), {
      maxLength: 42,
    }),
    turnOfMonth: fc.boolean(),
    told: fc.constantFrom(null, 'many', 'few'),
  });

  test('says nothing before two weeks are known, whatever comes', () => {
    fc.assert(fc.property(input, (one) => unusualVolume({ ...one, days: one.days.slice(0, 13) }) === null));
  });

  test('is never “many” anew where two days before brought as much', () => {
    fc.assert(
      fc.property(input, (one) => {
        const busy = days(2, { whole: one.lately });
        return unusualVolume({ ...one, told: null, days: [...one.days, ...busy] }) !== 'many';
      }),
    );
  });

  test('what is worth telling stays told for as long as it lasts, and more of it is no less unusual', () => {
    fc.assert(
      fc.property(input, fc.nat(1_000), (one, more) => {
        const kind = unusualVolume({ ...one, told: null });
        if (kind === null) return;
        expect(unusualVolume({ ...one, told: kind })).toBe(kind);
        const further =
          kind === 'many' ? { lately: one.lately + more } : { soFar: Math.max(0, one.soFar - more) };
        expect(unusualVolume({ ...one, told: null, ...further })).toBe(kind);
      }),
    );
  });

  test('the usual is the middle of the same weekdays, where three are known', () => {
    const mixed = days(28).map((day, i) => (day.sameWeekday ? { ...day, inHours: 10 * i } : day));
    expect(usualOf(mixed, ({ inHours }) => inHours)).toBe(200);
    expect(usualOf(days(20), ({ inHours }) => inHours)).toBe(40);
    expect(usualOf([], ({ inHours }) => inHours)).toBe(0);
  });
});

describe('the days before', () => {
  const zone = 'Australia/Sydney';

  test('have the same hours by the clock on the wall, across daylight saving', () => {
    // Monday 5 October 2026, noon; clocks went forward the day before.
    const now = new Date('2026-10-05T01:00:00Z');
    const burst = { from: new Date('2026-10-04T22:00:00Z'), to: now };
    const knownSince = new Date('2026-09-20T00:00:00Z');
    const found = earlierDays(burst, { zone, knownSince });
    expect(found).toHaveLength(14);
    expect(found[1]).toEqual({
      sameWeekday: false,
      inHours: { from: new Date('2026-10-02T23:00:00Z'), to: new Date('2026-10-03T02:00:00Z') },
      soFar: { from: new Date('2026-10-02T14:00:00Z'), to: new Date('2026-10-03T02:00:00Z') },
      whole: { from: new Date('2026-10-02T14:00:00Z'), to: new Date('2026-10-03T14:00:00Z') },
    });
    expect(found.flatMap(({ sameWeekday }, i) => (sameWeekday ? [i + 1] : []))).toEqual([7, 14]);
    expect(today(now, zone).from).toEqual(new Date('2026-10-04T13:00:00Z'));
  });

  test('know the turn of a month', () => {
    const turn = (day: string) => isTurnOfMonth(new Date(`${day}T01:00:00Z`), zone);
    expect(['2026-11-03', '2026-11-04', '2026-11-27', '2026-11-28', '2027-02-26'].map(turn)).toEqual([
      true,
      false,
      false,
      true,
      true,
    ]);
  });

  test('a run that comes long after its time catches up; one whose time had not come does not', () => {
    const at = (time: string) => new Date(`2026-11-20T${time}:00Z`);
    const span = { from: at('10:00'), to: at('13:00') };
    const every = { cron: '*/15 * * * *', timeZone: 'UTC' };
    expect(wasInterrupted([at('09:45'), at('10:00'), at('12:55')], every, span)).toBe(true);
    expect(
      wasInterrupted([at('09:45'), at('10:00'), at('11:10'), at('12:15'), at('12:55')], every, span),
    ).toBe(false);
    expect(wasInterrupted([at('09:45'), at('10:00')], every, span)).toBe(true);
    expect(wasInterrupted([at('02:00'), at('12:00')], { cron: '0 2,12 * * *', timeZone: 'UTC' }, span)).toBe(
      false,
    );
    expect(
      wasInterrupted([at('02:00'), at('09:59'), at('12:55')], { ...every, cron: '0 * * * *' }, span),
    ).toBe(true);
  });
});

test('an unusual number of changes in words', () => {
  const noun = { one: 'customer', many: 'customers' };
  const now = new Date('2026-11-20T01:00:00Z');
  const since = new Date('2026-11-19T22:00:00Z');
  const said = (kind: 'many' | 'few', records: number, usual: number) =>
    volumeWords({ kind, records, usual, noun, since, now, timeZone: 'Australia/Sydney' });
  expect(said('many', 3_412, 41)).toBe(
    '3,412 customers changed since 9:00 am; about 41 are usual by this time.',
  );
  expect(said('many', 120, 0)).toBe('120 customers changed since 9:00 am; none are usual by this time.');
  expect(said('few', 5, 423)).toBe(
    'Only 5 customers changed since midnight; about 420 are usual by this time.',
  );
  expect(said('few', 0, 423)).toBe('No customer changed since midnight; about 420 are usual by this time.');
});
