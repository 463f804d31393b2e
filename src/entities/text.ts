import type { Choice, FieldValue } from './field.ts';

/** Letters, digits and symbols alone, in one width and case, with single spaces. Stable: doing it twice changes nothing. */
export function fold(text: string): string {
  let folded = text;
  // Upper-casing can give what composes anew (and the other way round): at most three rounds until nothing moves.
  for (let round = 0; round < 4; round++) {
    const next = tidy(folded.normalize('NFKC').toUpperCase()).normalize('NFKC');
    if (next === folded) break;
    folded = next;
  }
  return folded;
}

/** As typed, but without invisible characters, line breaks and repeated spaces. */
export const tidy = (text: string) =>
  text
    .replace(/\p{Cf}/gu, '')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();

/** Whatever a connector mapped, as text. The parts of an object follow each other. */
export function textOf(value: FieldValue): string {
  if (typeof value !== 'object' || value === null) return tidy(String(value ?? ''));
  return tidy(
    Object.values(value)
      .filter((part) => part !== null)
      .join(' '),
  );
}

/** The words of a text, for comparing: no case, no punctuation; apostrophes vanish, initials join ("A.B.C." is "ABC"). `&` is a word. */
export function words(text: string): string {
  const folded = fold(text)
    .replace(/['’‘`´ʼ]/gu, '')
    .replace(/&/g, ' AND ')
    .replace(/(?![@%#])\p{P}/gu, ' ');
  return joinInitials(fold(folded)) || fold(text);
}

const joinInitials = (text: string) => text.replace(/(?<=(?:^|\s)\p{L}) (?=\p{L}(?:\s|$))/gu, '');

/** The choice that a text names by its value or its label, in any case and punctuation. */
export const choiceOf = (choices: readonly Choice[], text: string): Choice | undefined => {
  const named = words(text);
  return choices.find(({ value, label }) => named === words(value) || named === words(label));
};
