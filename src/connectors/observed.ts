import type { FieldValue, Observed } from '../entities/field.ts';
import { isRegistered } from '../entities/gst-registered.ts';

/** The parts of an address as the entity `customer` has them; null = empty. */
export interface Address {
  readonly line1: string | null;
  readonly line2: string | null;
  readonly city: string | null;
  readonly state: string | null;
  readonly postcode: string | null;
  readonly country: string | null;
  readonly [part: string]: string | null;
}

export const addressParts = ['line1', 'line2', 'city', 'state', 'postcode', 'country'] as const;

export interface PaymentTerms {
  readonly days: number;
  readonly from: 'invoice_date' | 'end_of_month';
  readonly [part: string]: string | number;
}

export const blank: Observed = { state: 'blank' };
export const noPlace: Observed = { state: 'no_place' };
export const notRead: Observed = { state: 'not_read' };

/** A text as the vendor has it; empty or white space only = blank. */
export function observedText(text: string | null | undefined): Observed {
  return text === null || text === undefined || text.trim() === '' ? blank : { state: 'value', value: text };
}

/** Whether somebody is registered for GST; words that do not say so stay words, for people to see. */
export function observedRegistration(text: string | null | undefined): Observed {
  const registered = isRegistered(text ?? '');
  return registered === null ? observedText(text) : { state: 'value', value: registered };
}

/** An address whose street, town and postcode are all empty is no address: vendors keep a country or a state by itself. */
export function observedAddress(
  parts: Readonly<Record<(typeof addressParts)[number], string | null | undefined>>,
): Observed {
  const filled = (text: string | null | undefined) => (text?.trim() ? text : null);
  const value = Object.fromEntries(addressParts.map((part) => [part, filled(parts[part])]));
  const says = value.line1 || value.line2 || value.city || value.postcode;
  return says ? { state: 'value', value } : blank;
}

/** A canonical address, with every part that is missing as null. Anything that is no object is an empty address. */
export function asAddress(value: FieldValue | null): Address {
  const parts = typeof value === 'object' && value !== null ? value : {};
  const text = (part: unknown) => (typeof part === 'string' && part.trim() !== '' ? part : null);
  return Object.fromEntries(addressParts.map((part) => [part, text(parts[part])])) as unknown as Address;
}

/** Canonical payment terms; null when the value is none. */
export function asTerms(value: FieldValue | null): PaymentTerms | null {
  if (typeof value !== 'object' || value === null) return null;
  const { days, from } = value;
  if (typeof days !== 'number' || (from !== 'invoice_date' && from !== 'end_of_month')) return null;
  return { days, from };
}

const endOfMonth = /\b(e\.?o\.?m\.?|end of (the )?month|month[- ]end)(?![a-z])/i;
const atOnce = /^(c\.?o\.?d\.?|cash on delivery|due on receipt|on receipt|immediate(ly)?)$/i;

/**
 * Terms written as text: "30 days", "30 days after end of month", "30 days EOM", "Net 14", "COD". Words that we do not know
 * stay words: people see them, and no other system is given a guess.
 */
export function observedTerms(text: string | null | undefined): Observed {
  const words = text?.trim() ?? '';
  if (words === '') return blank;
  if (atOnce.test(words)) return { state: 'value', value: { days: 0, from: 'invoice_date' } };
  const numbers = words.match(/\d+/g);
  const from = endOfMonth.test(words) ? 'end_of_month' : 'invoice_date';
  const rest = words.replace(endOfMonth, '').replace(/\d+/, '').toLowerCase();
  const known = /^(net|days?|d|from|after|the|of|invoice|date|terms?|[\s,.()-])*$/.test(rest);
  const days = Number(numbers?.[0]);
  if (!known || numbers?.length !== 1 || days > 999) return { state: 'value', value: words };
  return { state: 'value', value: { days, from } };
}

/** At most `most` characters, never half of a pair. */
export const cutTo = (text: string, most: number): string =>
  text.length <= most
    ? text
    : [...text].reduce((kept, sign) => (kept.length + sign.length <= most ? kept + sign : kept), '');
