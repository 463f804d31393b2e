import type { Field, FieldClass } from './field.ts';
import { fold, textOf } from './text.ts';

/** A day of the calendar, without an hour and without a zone: what stands on an invoice. */
export interface CalendarDate {
  readonly year: number;
  /** 1 = January. */
  readonly month: number;
  readonly day: number;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

/** How many days a month has; 0 for one that there is not. */
export const daysIn = (year: number, month: number): number =>
  month === 2 && isLeap(year) ? 29 : (lengths[month - 1] ?? 0);

/** The day that "2026-06-30" stands for; null for any other text, and for a day that there is not. */
export function dateOf(text: string): CalendarDate | null {
  const found = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!found) return null;
  const [year = 0, month = 0, day = 0] = found.slice(1).map(Number);
  return year >= 1900 && day >= 1 && day <= daysIn(year, month) ? { year, month, day } : null;
}

/** "2026-06-30". Two such texts compare as their days do. */
export const dateText = ({ year, month, day }: CalendarDate): string =>
  `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;

/** "30 Jun 2026"; a text that is no date as it stands. */
export function showDate(text: string): string {
  const date = dateOf(text);
  return date ? `${date.day} ${months[date.month - 1]} ${date.year}` : text;
}

/** A field that holds a day of the calendar as "2026-06-30". It is never taken through a clock or a zone. */
export const dateField = (about: {
  readonly name: string;
  readonly label: string;
  readonly class: FieldClass;
}): Field => ({
  ...about,
  normal: (value) => fold(textOf(value)),
  show: (value) => showDate(textOf(value)),
  problem: (value) => (dateOf(textOf(value)) ? null : `“${textOf(value)}” is not a date such as 2026-06-30.`),
});
