import type { Field, FieldValue } from './field.ts';
import { textOf, tidy, words } from './text.ts';

/** Legal forms and fillers, which say nothing about who somebody is. Never dropped for comparing a field. */
const fillers =
  /\b(?:(?:AS )?TRUSTEE FOR|ATF|PTY|PROPRIETARY|LTD|LIMITED|INC|INCORPORATED|THE)\b|(?<= )(?:PL|NL)$/g;
const tradingAs = /\s+(?:t\/as?|trading\s+as)\s+/iu;

/**
 * The normal form by which two names are "the same name": capitals, no punctuation, no legal form or "The trustee for", "&" as
 * "AND", and of "Acme Pty Ltd t/a Bob's Bikes" the entity alone. Weak evidence: two customers may share it, so it may hold back
 * the making of a second one, and never links anything.
 */
export function nameKey(text: string): string {
  const { legal } = splitName(tidy(text));
  const name = words((legal || text).replace(/\bP\/L(?!\p{L})/giu, ' PTY LTD ')) || words(text);
  const bare = name.replace(fillers, ' ').replace(/\s+/g, ' ').trim() || name;
  // What is left may read as a filler or as initials only now.
  return bare === text ? bare : nameKey(bare);
}

/** "Acme Pty Ltd t/a Bob's Bikes" → the legal entity and the business name it trades under; one name alone is taken as legal. */
function splitName(text: string): { readonly legal: string; readonly business: string | null } {
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
export const legalName: Field = {
  ...nameField('legal_name', 'Legal name'),
  warning(value) {
    const { legal, business } = splitName(textOf(value));
    return business && legal
      ? `“${business}” is a trading name, and the legal name is “${legal}” alone.`
      : null;
  },
};
/** The business name that people know it by. One entity may have many. */
export const tradingName = nameField('trading_name', 'Trading name');
