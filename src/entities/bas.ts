import { type CalendarDate, dateOf, dateText, daysIn, showDate } from './dates.ts';

/** A quarter of the Australian financial year (1 July to 30 June), as a business activity statement reports it. Days as "2026-06-30". */
export interface BasQuarter {
  readonly quarter: 1 | 2 | 3 | 4;
  /** The year in which the financial year ends: 2027 for 2026–27. */
  readonly financialYear: number;
  readonly from: string;
  readonly to: string;
  /** When it is due without an agent. A public holiday may move it on by a day or more; those are not known here. */
  readonly due: string;
}

/** The quarter that a day is in; null for a text that is no day. */
export function basQuarterOf(day: string): BasQuarter | null {
  const date = dateOf(day);
  if (!date) return null;
  const first = date.month - ((date.month - 1) % 3);
  const last = first + 2;
  const quarter = ((first + 5) % 12) / 3 + 1;
  return {
    quarter: quarter as BasQuarter['quarter'],
    financialYear: date.month >= 7 ? date.year + 1 : date.year,
    from: dateText({ year: date.year, month: first, day: 1 }),
    to: dateText({ year: date.year, month: last, day: daysIn(date.year, last) }),
    due: dateText(dueOf(date.year, last)),
  };
}

/** The 28th of the month after the quarter; of February after October to December (ATO). On a weekend, the Monday after. */
function dueOf(year: number, last: number): CalendarDate {
  const month = last === 12 ? 2 : last + 1;
  return workday({ year: last === 12 ? year + 1 : year, month, day: 28 });
}

/** When the statement of a month is due, for those who report monthly: the 21st of the next. On a weekend, the Monday after. */
export function monthlyBasDue(day: string): string | null {
  const date = dateOf(day);
  if (!date) return null;
  const [year, month] = date.month === 12 ? [date.year + 1, 1] : [date.year, date.month + 1];
  return dateText(workday({ year, month, day: 21 }));
}

function workday(date: CalendarDate): CalendarDate {
  const weekday = weekdayOf(date);
  const on = weekday === 6 ? 2 : weekday === 0 ? 1 : 0;
  return on === 0 ? date : later(date, on);
}

function later({ year, month, day }: CalendarDate, by: number): CalendarDate {
  const [moved, length] = [day + by, daysIn(year, month)];
  if (moved <= length) return { year, month, day: moved };
  return month === 12
    ? { year: year + 1, month: 1, day: moved - length }
    : { year, month: month + 1, day: moved - length };
}

/** 0 = Sunday to 6 = Saturday, in the Gregorian calendar (Sakamoto's method). */
function weekdayOf({ year, month, day }: CalendarDate): number {
  const shift = [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4][month - 1] ?? 0;
  const y = month < 3 ? year - 1 : year;
  return (y + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) + shift + day) % 7;
}

/** "July to September 2026", for a sentence. */
export function quarterWords({ quarter, from }: BasQuarter): string {
  const months = ['July to September', 'October to December', 'January to March', 'April to June'];
  return `${months[quarter - 1]} ${from.slice(0, 4)}`;
}

/**
 * Why nothing dated so may change any more, in words that go on after "waiting: ": books are locked up to a day, and that day is locked
 * too. Of several locks (Xero has one for all but advisers, and one for the end of a year) the latest counts. Null = it may.
 */
export function lockedPeriod(day: string, locks: readonly (string | null)[]): string | null {
  const known = locks.flatMap((lock) => (lock !== null && dateOf(lock) ? [lock] : []));
  const latest = known.sort().at(-1);
  return latest !== undefined && dateOf(day) && day <= latest
    ? `the period to ${showDate(latest)} is locked`
    : null;
}
