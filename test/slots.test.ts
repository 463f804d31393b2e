import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cronProblem, dueSlot, nextSlot, previousSlot, slots } from '#src/slots.ts';

const utc = (text: string) => new Date(`${text}Z`);
const between = (cron: string, zone: string, from: string, to: string) =>
  slots(cron, zone, utc(from), utc(to)).map((at) => at.toISOString().replace(':00.000Z', ''));

describe('slots', () => {
  test('leave out the start and take in the end', () => {
    expect(between('*/5 * * * *', 'Australia/Sydney', '2027-06-01T00:00', '2027-06-01T00:10')).toEqual([
      '2027-06-01T00:05',
      '2027-06-01T00:10',
    ]);
    expect(slots('* * * * *', 'UTC', utc('2027-06-01T00:10'), utc('2027-06-01T00:00'))).toEqual([]);
  });

  test('take seconds as a sixth part', () => {
    expect(slots('*/20 * * * * *', 'UTC', utc('2027-06-01T00:00'), utc('2027-06-01T00:01'))).toEqual([
      utc('2027-06-01T00:00:20'),
      utc('2027-06-01T00:00:40'),
      utc('2027-06-01T00:01:00'),
    ]);
  });

  test('are of the zone’s own days, weekdays and months', () => {
    expect(between('0 9 * * mon-fri', 'Australia/Perth', '2027-06-03T23:59', '2027-06-08T00:00')).toEqual([
      '2027-06-04T01:00',
      '2027-06-07T01:00',
    ]);
    expect(between('0 9 * * 7', 'UTC', '2027-06-01T00:00', '2027-06-08T00:00')).toEqual(['2027-06-06T09:00']);
    expect(between('0 0 31 * *', 'UTC', '2027-01-01T00:00', '2027-06-01T00:00')).toEqual([
      '2027-01-31T00:00',
      '2027-03-31T00:00',
      '2027-05-31T00:00',
    ]);
  });
});

describe('in Sydney, 2027', () => {
  const zone = 'Australia/Sydney';

  test('a time that summer time skips (2 am to 3 am on 3 October) is due at the change', () => {
    expect(between('30 2 * * *', zone, '2027-10-01T14:00', '2027-10-04T14:00')).toEqual([
      '2027-10-01T16:30',
      '2027-10-02T16:00',
      '2027-10-03T15:30',
    ]);
  });

  test('an hour that comes twice (2 am to 3 am on 4 April) is due twice', () => {
    expect(between('30 2 * * *', zone, '2027-04-02T14:00', '2027-04-05T14:00')).toEqual([
      '2027-04-02T15:30',
      '2027-04-03T15:30',
      '2027-04-03T16:30',
      '2027-04-04T16:30',
    ]);
  });

  test.each(['2027-04-03', '2027-10-02'])('every minute means every minute, %s too', (day) => {
    const from = utc(`${day}T12:00`);
    const all = slots('* * * * *', zone, from, new Date(from.getTime() + 86_400_000));
    expect(all).toHaveLength(1440);
    expect(all.every((at, i) => at.getTime() === from.getTime() + (i + 1) * 60_000)).toBe(true);
  });
});

describe('elsewhere', () => {
  test('Lord Howe Island moves its clock by half an hour', () => {
    const zone = 'Australia/Lord_Howe';
    expect(between('15 2 * * *', zone, '2027-10-02T00:00', '2027-10-03T00:00')).toEqual(['2027-10-02T15:30']);
    expect(between('45 1 * * *', zone, '2027-04-03T00:00', '2027-04-04T00:00')).toEqual([
      '2027-04-03T14:45',
      '2027-04-03T15:15',
    ]);
  });

  test('a day whose midnight is skipped starts at the change', () => {
    expect(between('30 0 * * *', 'Africa/Cairo', '2027-04-28T22:00', '2027-04-30T12:00')).toEqual([
      '2027-04-28T22:30',
      '2027-04-29T22:00',
    ]);
  });

  test('Samoa had no 30 December 2011', () => {
    expect(between('0 12 * * *', 'Pacific/Apia', '2011-12-29T12:00', '2011-12-31T12:00')).toEqual([
      '2011-12-29T22:00',
      '2011-12-30T10:00',
      '2011-12-30T22:00',
    ]);
  });
});

describe('the slot before and after', () => {
  const zone = 'Australia/Sydney';

  test('next is later than the instant, previous may be the instant itself', () => {
    const nine = utc('2027-06-01T23:00');
    expect(previousSlot('0 9 * * *', zone, nine)).toEqual(nine);
    expect(nextSlot('0 9 * * *', zone, nine)).toEqual(utc('2027-06-02T23:00'));
  });

  test('29 February is found after eight years, what comes more rarely is not', () => {
    expect(nextSlot('0 0 29 2 *', 'UTC', utc('2097-01-01T00:00'))).toEqual(utc('2104-02-29T00:00'));
    expect(nextSlot('0 0 29 2 1', 'UTC', utc('2027-01-01T00:00'))).toBeNull();
    expect(previousSlot('0 0 29 2 1', 'UTC', utc('2015-01-01T00:00'))).toBeNull();
  });
});

const cron = fc.constantFrom(
  '* * * * *',
  '*/7 * * * *',
  '30 2 * * *',
  '0,30 1-3 * * *',
  '0 9 * * 1-5',
  '15 0 1 * *',
  '0 */6 * * *',
);
const zone = fc.constantFrom(
  'Australia/Sydney',
  'Australia/Lord_Howe',
  'Australia/Perth',
  'Africa/Cairo',
  'America/St_Johns',
  'UTC',
);
/** Around the clock changes of 2027, to the second. */
const instant = fc
  .tuple(
    fc.constantFrom('2027-03-26', '2027-04-01', '2027-04-29', '2027-10-01', '2027-10-28', '2027-11-05'),
    fc.nat(4 * 86_400),
  )
  .map(([day, seconds]) => new Date(Date.parse(`${day}T00:00Z`) + seconds * 1000));
const hour = 3_600_000;

test('neighbouring ranges hold together what the whole range holds', () => {
  fc.assert(
    fc.property(cron, zone, instant, fc.nat(48), fc.nat(48), (cron, zone, from, first, second) => {
      const middle = new Date(from.getTime() + first * hour);
      const to = new Date(middle.getTime() + second * hour);
      const whole = slots(cron, zone, from, to);
      expect([...slots(cron, zone, from, middle), ...slots(cron, zone, middle, to)]).toEqual(whole);
      expect(whole.every((at, i) => i === 0 || at > (whole[i - 1] as Date))).toBe(true);
    }),
  );
});

test('next and previous agree with the list', () => {
  fc.assert(
    fc.property(cron, zone, instant, (cron, zone, at) => {
      const around = 40 * 24 * hour;
      const later = slots(cron, zone, at, new Date(at.getTime() + around));
      const earlier = slots(cron, zone, new Date(at.getTime() - around), at);
      expect(nextSlot(cron, zone, at)).toEqual(later[0]);
      expect(previousSlot(cron, zone, at)).toEqual(earlier.at(-1));
    }),
    { numRuns: 30 },
  );
});

test.each([
  ['* * * *', 'has 4 parts'],
  ['* * * * * * *', 'has 7 parts'],
  ['', 'a cron has 5'],
  ['61 * * * *', 'cannot be read'],
  ['0 9 * * funday', 'cannot be read'],
  ['0 0 L * *', 'uses L'],
  ['0 0 * * 1#2', 'uses L'],
  ['0 0 13 * 5', 'days of the month and days of the week'],
  ['0 0 31 2 *', 'cannot be read'],
])('the cron “%s” is refused: %s', (text, reason) => {
  expect(cronProblem(text)).toContain(reason);
});

test.each(['* * * * *', '0 9 * * mon-fri', '0 9 1 jul *', '*/10 * * * * *', '0 8-18/2 * * 1,3'])(
  'the cron “%s” can be used',
  (text) => {
    expect(cronProblem(text)).toBeNull();
  },
);

describe('what is due', () => {
  /** Looks every `seconds`, and runs what it finds, as replicas do that all read one ledger. */
  const lookedAt = (cron: string, timeZone: string, from: Date, to: Date, seconds: number) => {
    const run: Date[] = [];
    for (let at = from.getTime(); at <= to.getTime(); at += seconds * 1000) {
      const due = dueSlot({ cron, timeZone }, run.at(-1) ?? from, new Date(at));
      if (due) run.push(due);
    }
    return run;
  };

  test.each([
    ['the hour that is skipped', '2027-10-02T12:00', '2027-10-02T16:00'],
    ['the hour that comes twice', '2027-04-03T12:00', '2027-04-03T15:30'],
  ])('is found by looking once a minute, also in %s', (_, from, slot) => {
    const start = utc(from);
    const end = new Date(start.getTime() + 12 * hour);
    const found = lookedAt('30 2 * * *', 'Australia/Sydney', start, end, 60);
    expect(found).toEqual(slots('30 2 * * *', 'Australia/Sydney', start, end));
    expect(found).toContainEqual(utc(slot));
  });

  test('is each slot once, however it is looked at, while looks are closer than slots', () => {
    fc.assert(
      fc.property(cron, zone, instant, fc.integer({ min: 7, max: 60 }), (cron, zone, from, seconds) => {
        const to = new Date(from.getTime() + 3 * hour);
        const end = new Date(to.getTime() + seconds * 1000);
        const found = lookedAt(cron, zone, from, end, seconds).filter((at) => at <= to);
        expect(found).toEqual(slots(cron, zone, from, to));
      }),
      { numRuns: 60 },
    );
  });

  test('is one run after a night without any', () => {
    const [last, now] = [utc('2027-06-01T00:00'), utc('2027-06-01T09:10')];
    const every5 = { cron: '*/5 * * * *', timeZone: 'UTC' };
    expect(dueSlot(every5, last, now)).toEqual(now);
    expect(dueSlot(every5, now, now)).toBeNull();
    expect(dueSlot(every5, null, now)).toEqual(now);
  });
});
