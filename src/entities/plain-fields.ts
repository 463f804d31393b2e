import type { Choice, Field, FieldClass } from './field.ts';
import { choiceOf, fold, inSentence, spaced, textOf } from './text.ts';

type Named = { readonly name: string; readonly label: string; readonly class: FieldClass };

/** A field that holds words as somebody wrote them: nothing but white space is taken for the same. */
export const textField = (about: Named): Field => ({
  ...about,
  normal: (value) => spaced(textOf(value)),
  show: textOf,
  problem: () => null,
});

/** A field that holds a code or a number that people type in any case: a SKU, an invoice number. Its punctuation counts. */
export const codeField = (about: Named): Field => ({
  ...about,
  normal: (value) => fold(textOf(value)),
  show: textOf,
  problem: (value) =>
    isNoCode(textOf(value)) ? `“${textOf(value)}” is no ${inSentence(about.label)}.` : null,
});

/** What people type into a field that has to be filled. It names nothing, and many records have it. */
const fillers = new Set(['NA', 'NONE', 'NIL', 'TBA', 'TBC', 'TBD', 'UNKNOWN', 'NULL', 'UNDEFINED', 'NO SKU']);

function isNoCode(text: string): boolean {
  const plain = fold(text).replaceAll(/[^\p{L}\p{N} ]/gu, '');
  return !/[\p{L}\p{N}]/u.test(plain) || fillers.has(plain);
}

/** A field that takes one of a few values. */
export function choiceField(about: Named, choices: readonly Choice[]): Field {
  return {
    ...about,
    choices,
    normal: (value) => choiceOf(choices, textOf(value))?.value ?? fold(textOf(value)),
    show: (value) => choiceOf(choices, textOf(value))?.label ?? textOf(value),
    problem: (value) =>
      choiceOf(choices, textOf(value))
        ? null
        : `“${textOf(value)}” is none of: ${choices.map(({ label }) => label).join(', ')}.`,
  };
}

/** A field that holds the address of a page for people. */
export const linkField = (about: Named): Field => ({
  ...about,
  normal: (value) => textOf(value),
  show: textOf,
  problem: (value) => {
    const url = URL.parse(textOf(value));
    return url?.protocol === 'https:' || url?.protocol === 'http:'
      ? null
      : `“${textOf(value)}” is not the address of a page.`;
  },
});
