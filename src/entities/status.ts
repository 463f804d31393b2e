import type { Choice, Field } from './field.ts';
import { choiceOf, fold, textOf } from './text.ts';

const choices: readonly Choice[] = [
  { value: 'active', label: 'Active' },
  { value: 'archived', label: 'Archived' },
];

/** Whether we still deal with the customer. An archived record keeps its history and can be brought back. */
export const status: Field = {
  name: 'status',
  label: 'Status',
  class: 'open',
  choices,
  normal: (value) => choiceOf(choices, textOf(value))?.value ?? fold(textOf(value)),
  show: (value) => choiceOf(choices, textOf(value))?.label ?? textOf(value),
  problem: (value) =>
    choiceOf(choices, textOf(value)) ? null : `The status “${textOf(value)}” is neither active nor archived.`,
};
