import type { Choice, FieldValue } from './field.ts';

/** Letters, digits and symbols alone, in one width and case, with single spaces. Stable: doing it twice changes nothing. */
export const fold = (text: string): string =>
  // Upper-casing can give what composes anew, and the other way round.
  settled(text, (some) => tidy(some.normalize('NFKC').toUpperCase()).normalize('NFKC'));

/** `fold` without spaces and punctuation, for numbers: whatever people put between digits. Never empty where the text is not. */
export const squeezed = (text: string): string =>
  settled(text, (some) => fold(some).replace(/[\s\p{P}]/gu, '')) || fold(text);

/** Does `step` again until nothing moves; what moves yet after some rounds never settles in practice. */
function settled(text: string, step: (text: string) => string): string {
  let now = text;
  for (let round = 0; round < 8; round++) {
    const next = step(now);
    if (next === now) break;
    now = next;
  }
  return now;
}

/** As typed, but without invisible characters, line breaks and repeated spaces. */
export const tidy = (text: string) =>
  text
    .replace(/\p{Cf}/gu, '')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();

/** As typed but for white space and invisible characters, composed alike: case and punctuation count. */
export const spaced = (text: string): string => settled(text, (some) => tidy(some.normalize('NFC')));

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
  // What stood apart by punctuation can compose into one letter, and single letters only show then.
  const plain = settled(text, (some) => {
    const folded = fold(some)
      .replace(/['’‘`´ʼ]/gu, '')
      .replace(/&/g, ' AND ')
      .replace(/(?![@%#])\p{P}/gu, ' ');
    return joinInitials(fold(folded));
  });
  return plain || fold(text);
}

const joinInitials = (text: string) => text.replace(/(?<=(?:^|\s)\p{L}) (?=\p{L}(?:\s|$))/gu, '');

/** The choice that a text names by its value or its label, in any case and punctuation. */
export const choiceOf = (choices: readonly Choice[], text: string): Choice | undefined => {
  const named = words(text);
  return choices.find(({ value, label }) => named === words(value) || named === words(label));
};

/** A label as it reads within a sentence: "legal name", but "ABN". */
export const inSentence = (label: string): string =>
  /^[A-Z][a-z]/.test(label) ? label.charAt(0).toLowerCase() + label.slice(1) : label;
