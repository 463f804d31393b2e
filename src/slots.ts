import { CronExpressionParser } from 'cron-parser';

interface Schedule {
  readonly perMinute: number;
  /** Local times of a day, in seconds since midnight, ascending. */
  readonly times: readonly number[];
  readonly months: ReadonlySet<number>;
  runsOn(day: Temporal.PlainDate): boolean;
}

const secondsPerHour = 3600;
/** 29 February comes back after eight years at the latest. */
const longestWaitDays = 8 * 366 + 1;

/**
 * When a schedule is due, `from` exclusive to `to` inclusive, in order, as UTC instants. `cron` has five fields, or six with
 * seconds first; `zone` is an IANA zone. A local time that the change to summer time skips is due at the change itself; a
 * repeated hour is due both times. Throws for a cron or zone that cannot be read (see {@link cronProblem}).
 */
export function slots(cron: string, zone: string, from: Date, to: Date): Date[] {
  const schedule = parse(cron);
  const due: number[] = [];
  const last = dayOf(to.getTime(), zone);
  for (
    let day = dayOf(from.getTime(), zone);
    Temporal.PlainDate.compare(day, last) <= 0;
    day = day.add({ days: 1 })
  ) {
    for (const at of slotsOfDay(schedule, zone, day)) {
      if (at > from.getTime() && at <= to.getTime() && at !== due.at(-1)) due.push(at);
    }
  }
  return due.map((at) => new Date(at));
}

/** The first slot after an instant; null where none comes within eight years. */
export function nextSlot(cron: string, zone: string, after: Date): Date | null {
  const schedule = parse(cron);
  let day = dayOf(after.getTime(), zone);
  for (let tries = 0; tries < longestWaitDays; tries++, day = day.add({ days: 1 })) {
    const found = slotsOfDay(schedule, zone, day).find((at) => at > after.getTime());
    if (found !== undefined) return new Date(found);
  }
  return null;
}

/** The newest slot at or before an instant; null where none came in the eight years before. */
export function previousSlot(cron: string, zone: string, at: Date): Date | null {
  const schedule = parse(cron);
  let day = dayOf(at.getTime(), zone);
  for (let tries = 0; tries < longestWaitDays; tries++, day = day.subtract({ days: 1 })) {
    const found = slotsOfDay(schedule, zone, day).findLast((slot) => slot <= at.getTime());
    if (found !== undefined) return new Date(found);
  }
  return null;
}

/**
 * The slot that has come and was not run; null when there is none. Of several that passed, the newest: one run catches up.
 * `lastRun`: the newest slot that was run.
 */
export function dueSlot(
  { cron, timeZone }: { readonly cron: string; readonly timeZone: string },
  lastRun: Date | null,
  now: Date,
): Date | null {
  const slot = previousSlot(cron, timeZone, now);
  return slot && (!lastRun || slot > lastRun) ? slot : null;
}

/** How often a schedule comes due at most, in a day and in a minute; the change from summer time aside. */
export function frequency(cron: string): { readonly perDay: number; readonly perMinute: number } {
  const { times, perMinute } = parse(cron);
  return { perDay: times.length, perMinute };
}

/** Why a cron cannot be used, in words for people; null when it can. */
export function cronProblem(cron: string): string | null {
  const fields = cron.trim().split(/\s+/);
  if (fields.length !== 5 && fields.length !== 6) {
    return `has ${fields.length} ${fields.length === 1 ? 'part' : 'parts'}; a cron has 5, or 6 with seconds`;
  }
  if (fields.some((field) => /[LWH#?]/i.test(field.replace(/[a-z]{3}/gi, '')))) {
    return 'uses L, W, H, # or ?, which Truce does not read';
  }
  if (fields.at(-1) !== '*' && fields.at(-3) !== '*') {
    return 'names days of the month and days of the week: systems read that in two ways';
  }
  try {
    parse(cron);
    return null;
  } catch (error) {
    return `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function parse(cron: string): Schedule {
  const { second, minute, hour, dayOfMonth, month, dayOfWeek } = CronExpressionParser.parse(cron).fields;
  const numbers = (values: readonly unknown[]) => values.filter((value) => typeof value === 'number');
  const seconds = numbers(second.values);
  const minutes = numbers(minute.values);
  const days = new Set(numbers(dayOfMonth.values));
  const weekdays = new Set(numbers(dayOfWeek.values).map((day) => day % 7));
  return {
    perMinute: seconds.length,
    times: numbers(hour.values).flatMap((h) =>
      minutes.flatMap((m) => seconds.map((s) => h * secondsPerHour + m * 60 + s)),
    ),
    months: new Set(numbers(month.values)),
    runsOn: (day) => days.has(day.day) && weekdays.has(day.dayOfWeek % 7),
  };
}

const dayOf = (at: number, zone: string) =>
  Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate();

/** The slots of one local day as epoch milliseconds, ascending; what the day's clock change skips or repeats is settled here. */
function slotsOfDay(schedule: Schedule, zone: string, day: Temporal.PlainDate): number[] {
  if (!schedule.months.has(day.month) || !schedule.runsOn(day)) return [];
  const start = day.toZonedDateTime(zone);
  const end = day.add({ days: 1 }).toZonedDateTime(zone).epochMilliseconds;
  const midnight = start.epochMilliseconds;
  // A change at the very start of the day lies before it: look from the instant before.
  const change = start.subtract({ nanoseconds: 1 }).getTimeZoneTransition('next')?.epochMilliseconds;
  const whole = midnight < end && (change === undefined || change >= end);
  if (whole) return schedule.times.map((time) => midnight + time * 1000);
  const all = schedule.times.flatMap((time) => instantsOf(day.toPlainDateTime(wallTime(time)), zone));
  return [...new Set(all)].sort((a, b) => a - b);
}

const wallTime = (seconds: number) =>
  new Temporal.PlainTime(Math.floor(seconds / secondsPerHour), Math.floor(seconds / 60) % 60, seconds % 60);

/** None is left out: a skipped wall-clock time gives the instant of the change, a repeated one gives both. */
function instantsOf(wall: Temporal.PlainDateTime, zone: string): number[] {
  const earlier = wall.toZonedDateTime(zone, { disambiguation: 'earlier' });
  const later = wall.toZonedDateTime(zone, { disambiguation: 'later' });
  if (earlier.epochMilliseconds === later.epochMilliseconds) return [earlier.epochMilliseconds];
  if (wall.equals(earlier.toPlainDateTime())) return [earlier.epochMilliseconds, later.epochMilliseconds];
  const change = earlier.getTimeZoneTransition('next');
  return [(change ?? later).epochMilliseconds];
}
