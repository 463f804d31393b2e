import type { Field, FieldValue } from './field.ts';
import { textOf, words } from './text.ts';

/** Legal forms and fillers that say nothing about who somebody is. Never dropped for comparing a field, only for finding look-alikes. */
const fillers = /\b(?:PTY LTD|PTY LIMITED|PROPRIETARY LIMITED|PL|LTD|LIMITED|INC|INCORPORATED|ATF|THE)\b/g;
const tradingAs = /\s+(?:t\/as?|trading\s+as)\s+/iu;

/**
 * A name for finding look-alikes: capitals, no punctuation, no legal form, "&" as "AND". Weak evidence: two customers may share
 * it, so it raises a question at most and never links anything.
 */
export function looseName(text: string): string {
  const name = words(text.replace(/\bP\/L\b/giu, 'PL').replace(tradingAs, ' '));
  return name.replace(fillers, ' ').replace(/\s+/g, ' ').trim() || name;
}

/** "Acme Pty Ltd t/a Bob's Bikes" → the legal entity and the business name it trades under; one name alone is taken as legal. */
export function splitName(text: string): { readonly legal: string; readonly business: string | null } {
  const [legal = '', ...business] = text.split(tradingAs);
  return { legal: legal.trim(), business: business.join(' ').trim() || null };
}

/**
 * Names are the same iff they are the same words: case, spaces and punctuation aside, so "ACME PTY LTD" is "Acme Pty. Ltd.". A
 * legal form that is missing or another one, or an abbreviation written out, is a difference, for it may be another entity.
 */
function nameField(name: string, label: string): Field {
  return {
    name,
    label,
    class: 'open',
    normal: (value: FieldValue) => words(textOf(value)),
    show: textOf,
    problem: (value: FieldValue) =>
      /[\p{L}\p{N}]/u.test(textOf(value))
        ? null
        : `${label} “${textOf(value)}” has neither letters nor digits.`,
  };
}

/** The name of the entity on the ABN register: "ACME WIDGETS PTY LTD". */
export const legalName = nameField('legal_name', 'Legal name');
/** The business name that people know it by. One entity may have many. */
export const tradingName = nameField('trading_name', 'Trading name');
