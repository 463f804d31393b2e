import { cut, escaped, inSentence, listed, named } from '../text.ts';
import type { FieldFacts } from './facts.ts';

/** Characters of a value on a message. */
export const longestValue = 120;
/** In a form that only one person sees. */
const wholeValue = 1500;

/** A value as a channel may see it: hidden where its class says so, cut where it is long. */
export function valueWords(field: Pick<FieldFacts, 'hidden' | 'whole'>, shown: string | null): string {
  if (field.hidden) return '(hidden)';
  return shown === null ? '(empty)' : named(shown, field.whole ? wholeValue : longestValue);
}

/** mrkdwn: where a message belongs, and the reference, ready to copy. */
export const footWords = (facts: { flowName: string; agreement: number; changeId: string }): string =>
  `${escaped(facts.flowName)} · agreement ${facts.agreement} · reference \`${facts.changeId}\``;

/** "billing address and payment terms": the details by name, never their values; for the lock screen. */
export const detailWords = (fields: readonly Pick<FieldFacts, 'label'>[]): string =>
  cut(listed(fields.map((field) => inSentence(field.label))), 120);
