import type { StateValues } from '../page-server/api.ts';

/** Pure: what people filled in, as Slack hands it to apps, and what Slack itself refuses before the app hears of it. */

type Thing = Readonly<Record<string, unknown>>;
interface Field {
  readonly blockId: string;
  readonly actionId: string;
  readonly element: Thing;
  /** An input that must be filled in. */
  readonly required: boolean;
  readonly isInput: boolean;
}
type Filled = string | readonly string[] | null;

/** Elements that can be pressed or filled in: in actions, in sections, in inputs. */
export function fieldsOf(blocks: readonly unknown[]): readonly Field[] {
  return (blocks as readonly Thing[]).flatMap((block) =>
    elementsOf(block).map((element) => ({
      blockId: String(block.block_id),
      actionId: String(element.action_id),
      element,
      required: block.type === 'input' && block.optional !== true,
      isInput: block.type === 'input',
    })),
  );
}

function elementsOf(block: Thing): readonly Thing[] {
  if (block.type === 'actions' || block.type === 'context_actions') return block.elements as Thing[];
  if (block.type === 'input') return [block.element as Thing];
  if (block.type === 'section' && block.accessory !== undefined) return [block.accessory as Thing];
  if (block.type === 'container') return (block.child_blocks as Thing[]).flatMap(elementsOf);
  return [];
}

const typed = ['plain_text_input', 'email_text_input', 'url_text_input', 'number_input'];
/** Where each single choice or list keeps what is selected, and what was selected at first. */
const kept: Readonly<Record<string, readonly [selected: string, initial: string]>> = {
  static_select: ['selected_option', 'initial_option'],
  external_select: ['selected_option', 'initial_option'],
  radio_buttons: ['selected_option', 'initial_option'],
  multi_static_select: ['selected_options', 'initial_options'],
  multi_external_select: ['selected_options', 'initial_options'],
  checkboxes: ['selected_options', 'initial_options'],
  users_select: ['selected_user', 'initial_user'],
  multi_users_select: ['selected_users', 'initial_users'],
  channels_select: ['selected_channel', 'initial_channel'],
  multi_channels_select: ['selected_channels', 'initial_channels'],
  conversations_select: ['selected_conversation', 'initial_conversation'],
  multi_conversations_select: ['selected_conversations', 'initial_conversations'],
  datepicker: ['selected_date', 'initial_date'],
  timepicker: ['selected_time', 'initial_time'],
  datetimepicker: ['selected_date_time', 'initial_date_time'],
};

const optionsOf = (element: Thing): readonly Thing[] => [
  ...((element.options as Thing[] | undefined) ?? []),
  ...((element.option_groups as Thing[] | undefined) ?? []).flatMap((group) => group.options as Thing[]),
];
/** The option with this value; undefined when it is not offered. */
export const optionOf = (element: Thing, value: string): Thing | undefined =>
  optionsOf(element).find((one) => one.value === value);

/** `{ type, value }`, `{ type, selected_option }` …; null for elements without a state, as buttons. */
export function stateOf(element: Thing, filled: Filled | undefined): Thing | null {
  const type = String(element.type);
  if (typed.includes(type)) {
    const value = filled === undefined ? (element.initial_value ?? null) : filled === '' ? null : filled;
    return { type, value };
  }
  if (type === 'rich_text_input') return { type, rich_text_value: element.initial_value ?? null };
  if (type === 'file_input') return { type, files: [] };
  const [selected, initial] = kept[type] ?? [];
  if (selected === undefined || initial === undefined) return null;
  return {
    type,
    [selected]:
      filled === undefined ? initially(element, selected, initial) : chosen(element, selected, filled),
  };
}

const isList = (selected: string) => selected.endsWith('s');
const initially = (element: Thing, selected: string, initial: string): unknown =>
  element[initial] ?? (isList(selected) ? [] : null);

function chosen(element: Thing, selected: string, filled: Filled): unknown {
  const values = filled === null || filled === '' ? [] : typeof filled === 'string' ? [filled] : filled;
  const isOption = selected.startsWith('selected_option');
  const picked = isOption ? values.flatMap((value) => optionOf(element, value) ?? []) : values;
  if (isList(selected)) return picked;
  const one = picked[0] ?? null;
  return selected === 'selected_date_time' && one !== null ? Number(one) : one;
}

/** `values[block_id][action_id]` for everything that has a state, touched or not. */
export function stateValues(
  blocks: readonly unknown[],
  values: StateValues,
): Record<string, Record<string, Thing>> {
  const all: Record<string, Record<string, Thing>> = {};
  for (const { blockId, actionId, element } of fieldsOf(blocks)) {
    const state = stateOf(element, values[blockId]?.[actionId]);
    if (state !== null) all[blockId] = { ...all[blockId], [actionId]: state };
  }
  return all;
}

/** What a modal shows under its inputs instead of sending them: by block id, empty when all is well. */
export function unfinished(blocks: readonly unknown[], values: StateValues): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const { blockId, actionId, element, required, isInput } of fieldsOf(blocks)) {
    const state = isInput ? stateOf(element, values[blockId]?.[actionId]) : null;
    const problem = state === null ? null : problemWith(element, state, required);
    if (problem !== null) errors[blockId] = problem;
  }
  return errors;
}

function problemWith(element: Thing, { type: _, ...state }: Thing, required: boolean): string | null {
  const value = Object.values(state)[0];
  if (value === null || value === undefined || (Array.isArray(value) && value.length === 0))
    return required ? 'Please fill in this field' : null;
  return typeof value === 'string' ? problemWithText(element, value) : null;
}

function problemWithText(element: Thing, value: string): string | null {
  const least = Number(element.min_length ?? 0);
  const most = Number(element.max_length ?? 3000);
  if (element.type === 'plain_text_input' && value.length < least)
    return `Please write at least ${least} characters`;
  if (element.type === 'plain_text_input' && value.length > most)
    return `Please write at most ${most} characters`;
  if (element.type === 'email_text_input' && !/^\S+@\S+\.\S+$/.test(value))
    return 'Please write an email address';
  if (element.type === 'url_text_input' && !URL.canParse(value)) return 'Please write a web address';
  if (element.type === 'number_input') return problemWithNumber(element, value);
  return null;
}

function problemWithNumber(element: Thing, value: string): string | null {
  const pattern = element.is_decimal_allowed === true ? /^-?\d+(\.\d+)?$/ : /^-?\d+$/;
  if (!pattern.test(value)) return 'Please write a number';
  const least = Number(element.min_value ?? Number.NEGATIVE_INFINITY);
  const most = Number(element.max_value ?? Number.POSITIVE_INFINITY);
  return Number(value) < least || Number(value) > most ? 'This number is out of range' : null;
}
