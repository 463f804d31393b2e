import type { Span } from '../ledger/runs/volume.ts';
import { nextSlot } from '../slots.ts';

/** The spans of an earlier day that are held against the same ones of today. */
export interface DaySpans {
  readonly sameWeekday: boolean;
  readonly inHours: Span;
  readonly soFar: Span;
  readonly whole: Span;
}

const daysOfPast = 42;

/** From midnight until now. Pure. */
export const today = (now: Date, zone: string): Span => ({
  from: at(local(now, zone).startOfDay()),
  to: now,
});

/** The days before today that are known from their beginning, newest first; `from` is where the hours begin. Pure. */
export function earlierDays(
  { from, to }: Span,
  { zone, knownSince }: { readonly zone: string; readonly knownSince: Date },
): DaySpans[] {
  const [start, end] = [local(from, zone), local(to, zone)];
  const days = Array.from({ length: daysOfPast }, (_, i) => {
    const ago = { days: i + 1 };
    const midnight = end.subtract(ago).startOfDay();
    return {
      sameWeekday: (i + 1) % 7 === 0,
      inHours: { from: at(start.subtract(ago)), to: at(end.subtract(ago)) },
      soFar: { from: at(midnight), to: at(end.subtract(ago)) },
      whole: { from: at(midnight), to: at(midnight.add({ days: 1 }).startOfDay()) },
    };
  });
  return days.filter(({ whole }) => whole.from > knownSince);
}

/** The last and the first three days of a month. Pure. */
export function isTurnOfMonth(now: Date, zone: string): boolean {
  const { day, daysInMonth } = local(now, zone);
  return day <= 3 || day > daysInMonth - 3;
}

/** A break in the runs that is shorter than this brings nothing together that is worth a word, in ms. */
const breakMs = 3_600_000;

/**
 * Whether the runs of a flow stood still, and a run missed its time for long, until one that began at `since` or later: what came
 * meanwhile came at once then, or is still to come. `starts` are the beginnings of its runs, oldest first. Pure.
 */
export function wasInterrupted(
  starts: readonly Date[],
  { cron, timeZone }: { readonly cron: string; readonly timeZone: string },
  { from: since, to: now }: Span,
): boolean {
  return starts.some((start, i) => {
    const next = starts[i + 1] ?? now;
    if (next < since || next.getTime() - start.getTime() <= breakMs) return false;
    const due = nextSlot(cron, timeZone, start);
    return due !== null && next.getTime() - due.getTime() > breakMs;
  });
}

const local = (time: Date, zone: string): Temporal.ZonedDateTime =>
  Temporal.Instant.fromEpochMilliseconds(time.getTime()).toZonedDateTimeISO(zone);
const at = (time: Temporal.ZonedDateTime): Date => new Date(time.epochMilliseconds);
