import type { Flow } from '../../agreement/agreement.ts';
import type { Field, FieldValue } from '../../entities/field.ts';
import { same } from '../../entities/field.ts';
import type { OpenQuestion } from '../../ledger/questions/many-answers.ts';
import type { Conflict } from '../../ledger/records/records.ts';

/** Pure: which open decisions can have one answer, and what that writes. */

/**
 * What kind of difference a question is about: the same detail by the same rule, changed in the same systems and left as it was in the
 * same others, empty where the other is empty. Null where two people choose a new value: each of those is chosen by itself.
 */
export function shapeOf(
  {
    field,
    options,
    agreedBefore,
    fallback,
  }: Pick<Conflict, 'field' | 'options' | 'agreedBefore' | 'fallback'>,
  flow: Flow,
): string | null {
  const terms = flow.fields[field];
  if (!terms || terms.twoPeople) return null;
  const sides = options
    .map(({ connection, asAgreed, value }) => [connection, asAgreed, value === null] as const)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([field, terms.rule, terms.systemOfRecord, fallback, agreedBefore === null, sides]);
}

/** All open questions with the same kind of difference as this one, it among them. */
export function alikeTo(
  one: Pick<Conflict, 'field' | 'options' | 'agreedBefore' | 'fallback'>,
  all: readonly OpenQuestion[],
  flow: Flow,
): OpenQuestion[] {
  const shape = shapeOf(one, flow);
  return shape === null ? [] : all.filter(({ question }) => shapeOf(question, flow) === shape);
}

/** The systems that changed it, and those that hold what was agreed before. */
export const changedIn = ({ options }: Pick<Conflict, 'options'>): string[] =>
  options.filter(({ asAgreed }) => !asAgreed).map(({ connection }) => connection);

/** What an answer comes to: the value, and the systems that do not have it yet; null where it cannot be given. */
export function answerOf(
  { options, agreedBefore }: Pick<Conflict, 'options' | 'agreedBefore'>,
  from: string,
  field: Field,
): { readonly value: FieldValue | null; readonly to: readonly string[] } | null {
  const option = options.find(({ connection }) => connection === from);
  if (!option && from !== 'agreed') return null;
  const value = option ? option.value : agreedBefore;
  const to = options.filter((one) => !same(field, one.value, value)).map(({ connection }) => connection);
  return { value, to };
}
