import type { Amount } from './money/amount.ts';

/** A canonical value: a plain string, a number, or a small object such as an address. Never an empty string: that is `blank`. */
export type FieldValue =
  | string
  | number
  | boolean
  | { readonly [part: string]: string | number | boolean | null };

/**
 * What we know of a field in one system: a value, deliberately empty there, without a place to be (nobody is the billing contact),
 * not read this time (say, renamed by the vendor), or something that the system cannot hold at all. What has no place is given what
 * the others agree on, and empties nobody; the last two take no part in comparing.
 */
export type ObservedState = 'value' | 'blank' | 'no_place' | 'not_read' | 'unsupported';
export type Observed =
  | { readonly state: 'value'; readonly value: FieldValue }
  | { readonly state: 'blank' }
  | { readonly state: 'no_place' }
  | { readonly state: 'not_read' }
  | { readonly state: 'unsupported' };

/** Who may see the values: everybody in the channel, those entitled after pressing Show, nobody. */
export type FieldClass = 'open' | 'personal' | 'secret';

/** One of the few values that a field takes, and what people read for it. */
export interface Choice {
  readonly value: string;
  readonly label: string;
}

/** The smallest thing a person can decide. All functions are pure and total over what connectors map. */
export interface Field {
  readonly name: string;
  /** As people read it, sentence case: "Billing address". */
  readonly label: string;
  readonly class: FieldClass;
  /** What a person may choose, where the field takes only certain values. A system may yet hold another one. */
  readonly choices?: readonly Choice[];
  /** Two values are the same iff their normal forms are equal. For comparing only: never stored in place of the value. */
  normal(value: FieldValue): string;
  /** One line for a message: "8 Example Rd, Sydney NSW 2000". */
  show(value: FieldValue): string;
  /** Null when the value is fit to be saved, else the reason in words for people. */
  problem(value: FieldValue): string | null;
  /**
   * What looks odd about a value and may yet be right, as a sentence for the person who decides; never a reason to refuse it.
   * `beside` holds the record's other values that all systems agreed on, by field.
   */
  warning?(value: FieldValue, beside: Readonly<Record<string, FieldValue>>): string | null;
}

/**
 * Something beside the strong key by which two records may be told to be one: a name, a number, an address. Never enough to link
 * them; enough of it together makes a question to a person.
 */
export interface Sign {
  readonly name: string;
  /** As people read it: "same name", "same email". */
  readonly label: string;
  /** What it is read from; a value of one may be the same as a value of another. */
  readonly fields: readonly string[];
  /** Whether its values may be shown to everybody. */
  readonly class: FieldClass;
  /** What the same value in both counts. */
  readonly weight: number;
  /** What has to be equal; null for a value that says nothing. */
  key(value: FieldValue, field: string): string | null;
  /** Whether two that are not equal are nearly so. Left out = never. */
  alike?(a: string, b: string): boolean;
  show(value: FieldValue, field: string): string;
}

export interface Entity {
  readonly name: string;
  /** "customer", "customers". */
  readonly noun: { readonly one: string; readonly many: string };
  readonly fields: readonly Field[];
  /** The fields that may serve as strong key in an agreement. */
  readonly strongKeys: readonly string[];
  /** The fields that are names. A record is made in a system only with one of them, and not beside another of the same name. */
  readonly names: readonly string[];
  /** What speaks for two records being one, without the strong key. */
  readonly signs: readonly Sign[];
  /** What it is about in money, where it is about money; null where its values do not say. Left out = it is not. */
  worth?(fields: Readonly<Record<string, Observed>>): Amount | null;
  /** The name under which people know the record, from whichever fields are there. */
  title(fields: Readonly<Record<string, Observed>>): string;
}

/** True iff both are absent or both have the same normal form. What is alike to the letter need not be brought into it. */
export function same(field: Field, a: FieldValue | null, b: FieldValue | null): boolean {
  if (a === null || b === null) return a === b;
  if (isAlike(a, b)) return true;
  return field.normal(a) === field.normal(b);
}

function isAlike(a: FieldValue, b: FieldValue): boolean {
  if (typeof a !== 'object' || typeof b !== 'object') return a === b;
  const parts = Object.keys(a);
  return parts.length === Object.keys(b).length && parts.every((part) => a[part] === b[part]);
}
