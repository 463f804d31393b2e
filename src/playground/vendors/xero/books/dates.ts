/** A date in the body of a write: `2026-11-21`, also with a time of midnight, or in Xero's own format. Null where it is none. */
export function dateIn(value: unknown): string | null {
  const text = String(value);
  const [, ms] = /^\/Date\((-?\d+)(?:[+-]\d{4})?\)\/$/.exec(text) ?? [];
  if (ms !== undefined) return new Date(Number(ms)).toISOString().slice(0, 10);
  const [, day] = /^(\d{4}-\d\d-\d\d)(?:T[\d:.]+Z?)?$/.exec(text) ?? [];
  if (day === undefined) return null;
  const read = new Date(`${day}T00:00:00Z`);
  return Number.isNaN(read.getTime()) || read.toISOString().slice(0, 10) !== day ? null : day;
}

/** A day of the calendar as Xero sends it: midnight, called UTC, whatever the organisation's zone. */
export const dateBody = (day: string): string => `/Date(${Date.parse(`${day}T00:00:00Z`)}+0000)/`;

/** Beside it. */
export const dateString = (day: string): string => `${day}T00:00:00`;

/** What day it is where the organisation is. */
export const today = (now: Date, zone = 'Australia/Sydney'): string =>
  new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).format(now);

/** "30 June 2026". */
export const inWords = (day: string): string =>
  new Intl.DateTimeFormat('en-AU', {
    timeZone: 'UTC',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
  }).format(new Date(`${day}T00:00:00Z`));
