import type { ActiveAgreement, Person, WorkingHours } from '../agreement/agreement.ts';
import { nextSlot, previousSlot } from '../slots.ts';

/** When somebody may be called: the company's working hours, in the zone in which this person works. */
export interface Workday extends WorkingHours {
  /** IANA zone. */
  readonly timeZone: string;
  /** They are told what waits in the morning alone; left out = at two as well. */
  readonly morningOnly?: boolean;
}

const minute = 60_000;
/** No week is without a working day. */
const longestWaitDays = 8;

/** A person's working hours; of somebody whom the agreement does not name, the company's. Pure. */
export function workdayOf(
  agreement: Pick<ActiveAgreement, 'hours' | 'people' | 'timeZone'>,
  slack?: string,
): Workday {
  const person = Object.values(agreement.people).find((one: Person) => one.slack === slack);
  return { ...agreement.hours, timeZone: person?.timeZone ?? agreement.timeZone };
}

/** Whether people work at that time. */
export const isWorking = (workday: Workday, at: Date): boolean =>
  workAfter(workday, at, 0).getTime() === at.getTime();

/** The moment at which so many working minutes have passed; with none, the next at which people work. Pure. */
export function workAfter(workday: Workday, from: Date, minutes: number): Date {
  let left = minutes * minute;
  let day = Temporal.Instant.fromEpochMilliseconds(from.getTime())
    .toZonedDateTimeISO(workday.timeZone)
    .toPlainDate();
  for (let idle = 0; idle < longestWaitDays; day = day.add({ days: 1 })) {
    const window = windowOf(workday, day);
    const start = Math.max(window?.start ?? 0, from.getTime());
    if (!window || start >= window.end) {
      idle++;
      continue;
    }
    idle = 0;
    if (start + left < window.end) return new Date(start + left);
    left -= window.end - start;
  }
  return from;
}

/** From when to when people work on a day, in epoch milliseconds; null on a day off. */
function windowOf(
  { days, from, to, timeZone }: Workday,
  day: Temporal.PlainDate,
): { readonly start: number; readonly end: number } | null {
  if (!days.includes(day.dayOfWeek)) return null;
  const at = (minutes: number): number => {
    const date = minutes >= 1440 ? day.add({ days: 1 }) : day;
    const time = new Temporal.PlainTime(Math.floor((minutes % 1440) / 60), minutes % 60);
    return date.toZonedDateTime({ timeZone, plainTime: time }).epochMilliseconds;
  };
  return { start: at(from), end: at(to) };
}

/** Nine in the morning and two in the afternoon of each working day: when people are told what waits for them. */
const slotCron = ({ days, morningOnly = false }: Workday): string =>
  `0 ${morningOnly ? '9' : '9,14'} * * ${days.map((day) => day % 7).join(',')}`;

export const slotAfter = (workday: Workday, at: Date): Date =>
  nextSlot(slotCron(workday), workday.timeZone, at) ?? at;

export const slotBefore = (workday: Workday, at: Date): Date | null =>
  previousSlot(slotCron(workday), workday.timeZone, at);

/** Midnight at the beginning of the local day. */
export const startOfDay = ({ timeZone }: Workday, at: Date): Date =>
  new Date(
    Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timeZone).startOfDay()
      .epochMilliseconds,
  );

/** The slots of a local day that are still to come. */
export function slotsLeft(workday: Workday, at: Date): number {
  const today = startOfDay(workday, at).getTime();
  let left = 0;
  for (let slot = slotAfter(workday, at); startOfDay(workday, slot).getTime() === today; left++)
    slot = slotAfter(workday, slot);
  return left;
}
