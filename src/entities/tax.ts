import type { Choice, Field } from './field.ts';
import { choiceOf, fold, textOf, tidy } from './text.ts';

/**
 * How GST applies to what a customer buys, in words of our own; each account has codes or names of its own for them (A New Tax
 * System (Goods and Services Tax) Act 1999: taxable, GST-free, input-taxed; exports are GST-free but reported apart, at G2 of the BAS).
 */
const treatments: readonly Choice[] = [
  { value: 'gst', label: 'GST 10 %' },
  { value: 'gst_free', label: 'GST-free' },
  { value: 'export', label: 'Export (GST-free)' },
  { value: 'input_taxed', label: 'Input-taxed' },
  { value: 'out_of_scope', label: 'Out of scope' },
];

/** Our word for the treatment → the code or name under which one account has it. */
type Codes = Readonly<Record<string, string>>;

/**
 * The treatment that an account's code stands for; of two with one code the first. A code that is not in the table is kept as it is; one
 * that goes by a name of ours all the same, as an account's own “GST Free”, says so, and is no treatment: what it stands for is nobody's to guess.
 */
export function treatmentOf(codes: Codes, code: string): string {
  const found = Object.entries(codes).find(([, held]) => fold(held) === fold(code));
  if (found) return found[0];
  return choiceOf(treatments, code) ? `${tidy(code)} (not in tax_codes)` : code;
}

/** The account's code for a treatment, or null where its table has none: a code is never guessed. */
export function codeOf(codes: Codes, treatment: string): string | null {
  const name = choiceOf(treatments, treatment)?.value ?? treatment;
  return Object.hasOwn(codes, name) ? (codes[name] ?? null) : null;
}

/** One of our treatments, or else a code that an account's table does not know, as the vendor wrote it. */
export const taxTreatment: Field = {
  name: 'tax_treatment',
  label: 'Tax treatment',
  class: 'open',
  choices: treatments,
  normal: (value) => choiceOf(treatments, textOf(value))?.value ?? fold(textOf(value)),
  show: (value) => choiceOf(treatments, textOf(value))?.label ?? textOf(value),
  problem: (value) =>
    choiceOf(treatments, textOf(value))
      ? null
      : `“${textOf(value)}” is none of: ${treatments.map(({ label }) => label).join(', ')}.`,
};
