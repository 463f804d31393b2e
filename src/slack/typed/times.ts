/** Which way a time is meant: "since …" looks back, "until …" of a pause looks ahead. */
type Way = 'back' | 'ahead';

interface Reading {
  readonly now: Date;
  /** In which people read times. */
  readonly zone: string;
  readonly way: Way;
}

const lengths: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };
const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const months = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];
/** A day without a time: from its beginning when looking back; ahead the morning, when people are there. */
const hourOf: Readonly<Record<Way, number>> = { back: 0, ahead: 9 };

/**
 * The instant that somebody means: `2h` (ago, or from now), `yesterday`, `today`, `tomorrow`, `friday` (the last or the next one,
 * never today), `25 nov` or `2026-11-25`, each with a time or without; `14:30` or `2pm` alone is the last or the next one. Null for
 * anything else, for days that there are not, and for what lies the other way. Pure.
 */
export function timeMeant(words: string, reading: Reading): Date | null {
  const { now, way } = reading;
  const typed = words
    .trim()
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .replace(way === 'back' ? / ago$/ : /^(in|for) /, '');
  try {
    const at = lengthMeant(typed, reading) ?? dayMeant(typed, reading);
    return at && (way === 'back' ? at <= now : at > now) ? at : null;
  } catch {
    // A day or a time that there is not.
    return null;
  }
}

function lengthMeant(typed: string, { now, way }: Reading): Date | null {
  const [, n, unit = ''] = /^(\d{1,4})\s?(m|h|d)(?:in|ins|inutes?|ours?|ays?)?$/.exec(typed) ?? [];
  const ms = Number(n) * (lengths[unit] ?? 0);
  return n === undefined ? null : new Date(now.getTime() + (way === 'back' ? -ms : ms));
}

/** Throws for a day or a time that there is not. A local time that the clocks skip is the one right after it. */
function dayMeant(typed: string, { now, zone, way }: Reading): Date | null {
  const { day, clock } = partsOf(typed);
  const time = clock === '' ? new Temporal.PlainTime(hourOf[way]) : timeOf(clock);
  if (!time || (day === '' && clock === '')) return null;
  const today = Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(zone).toPlainDate();
  const on = (date: Temporal.PlainDate) =>
    new Date(date.toZonedDateTime({ timeZone: zone, plainTime: time }).epochMilliseconds);
  if (day === '') {
    const fits = way === 'back' ? on(today) <= now : on(today) > now;
    return fits ? on(today) : on(today.add({ days: way === 'back' ? -1 : 1 }));
  }
  const date = dateOf(day, today, way);
  return date && on(date);
}

/** "25 nov 2pm" → the day and the time of day; either may be empty. */
function partsOf(typed: string): { readonly day: string; readonly clock: string } {
  const [, day = '', rest = ''] =
    /^(\d{4}-\d{2}-\d{2}(?=[ t]|$)|\d{1,2} (?!am|pm)[a-z]+(?: \d{4})?|[a-z]+)?(.*)$/.exec(
      typed.replace(/^at /, ''),
    ) ?? [];
  return {
    day,
    clock: rest
      .replace(/^t(?=\d)/, '')
      .trim()
      .replace(/^at /, ''),
  };
}

/** Throws for a date that there is not. */
function dateOf(word: string, today: Temporal.PlainDate, way: Way): Temporal.PlainDate | null {
  if (word === 'today') return today;
  if (word === 'tomorrow') return today.add({ days: 1 });
  if (word === 'yesterday') return today.subtract({ days: 1 });
  if (/^\d{4}-/.test(word)) return Temporal.PlainDate.from(word, { overflow: 'reject' });
  if (/^\d/.test(word)) return dayOfMonth(word, today, way);
  const named = placeIn(weekdays, word);
  if (named === 0) return null;
  return way === 'back'
    ? today.subtract({ days: ((today.dayOfWeek - named + 6) % 7) + 1 })
    : today.add({ days: ((named - today.dayOfWeek + 6) % 7) + 1 });
}

/** "25 nov": this year's, or where that lies the other way, the one before or after; "25 nov 2026" as it says. */
function dayOfMonth(word: string, today: Temporal.PlainDate, way: Way): Temporal.PlainDate | null {
  const [day, name = '', year] = word.split(' ');
  const month = placeIn(months, name);
  if (month === 0) return null;
  const inYear = (of: number) =>
    Temporal.PlainDate.from({ year: of, month, day: Number(day) }, { overflow: 'reject' });
  if (year !== undefined) return inYear(Number(year));
  const away = Temporal.PlainDate.compare(inYear(today.year), today);
  if (way === 'back') return away > 0 ? inYear(today.year - 1) : inYear(today.year);
  return away < 0 ? inYear(today.year + 1) : inYear(today.year);
}

/** By at least three letters of its beginning, counted from one; 0 = none. */
const placeIn = (names: readonly string[], word: string): number =>
  word.length < 3 ? 0 : names.findIndex((name) => name.startsWith(word)) + 1;

/** `14:30`, `9`, `9am`, `2.30 pm`. */
function timeOf(text: string): Temporal.PlainTime | null {
  const [, hours, minutes = '00', half] = /^(\d{1,2})(?:[:.](\d{2}))? ?(am|pm)?$/.exec(text) ?? [];
  if (hours === undefined) return null;
  const h = Number(hours);
  if (half && (h < 1 || h > 12)) return null;
  const hour = half ? (h % 12) + (half === 'pm' ? 12 : 0) : h;
  return Temporal.PlainTime.from({ hour, minute: Number(minutes) }, { overflow: 'reject' });
}
