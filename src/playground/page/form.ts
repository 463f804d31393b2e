import type { InputBlock, KnownBlock, Option } from '@slack/types';
import type { StateValues } from '../page-server/api.ts';

export type Value = string | readonly string[] | null;

/** Any element of Block Kit, as far as the page looks into it. */
export interface Element {
  readonly type: string;
  readonly action_id?: string;
  readonly initial_value?: string;
  readonly initial_option?: Option;
  readonly initial_options?: readonly Option[];
  readonly initial_user?: string;
  readonly initial_date?: string;
  readonly initial_time?: string;
}

const manifold = /^(checkboxes|multi_)/;
const stateless = new Set(['button', 'overflow', 'image', 'workflow_button', 'mrkdwn', 'plain_text']);

/** The elements of a block that hold a value, as Slack reports them under `state.values`. */
function inputsOf(block: KnownBlock): Element[] {
  const elements: unknown[] =
    block.type === 'input'
      ? [block.element]
      : block.type === 'actions'
        ? block.elements
        : block.type === 'section'
          ? [block.accessory]
          : [];
  return elements.filter((element): element is Element => {
    const candidate = element as Element | undefined;
    return Boolean(candidate?.action_id) && !stateless.has(candidate?.type ?? '');
  });
}

function initialValue(element: Element): Value {
  if (manifold.test(element.type)) return (element.initial_options ?? []).map((option) => option.value ?? '');
  return (
    element.initial_value ??
    element.initial_option?.value ??
    element.initial_user ??
    element.initial_date ??
    element.initial_time ??
    null
  );
}

/** What every input of these blocks holds: what a person entered, else what it began with. */
export function valuesOf(blocks: readonly KnownBlock[], entered: StateValues): StateValues {
  const values: Record<string, Record<string, Value>> = {};
  for (const block of blocks) {
    for (const element of inputsOf(block)) {
      const [blockId, actionId] = [block.block_id ?? '', element.action_id ?? ''];
      const own = entered[blockId]?.[actionId];
      values[blockId] = { ...values[blockId], [actionId]: own === undefined ? initialValue(element) : own };
    }
  }
  return values;
}

export function withValue(
  entered: StateValues,
  blockId: string,
  actionId: string,
  value: Value,
): StateValues {
  return { ...entered, [blockId]: { ...entered[blockId], [actionId]: value } };
}

/** What the page itself can see to be missing or too short before it asks the app; messages by block id. */
export function missing(blocks: readonly KnownBlock[], values: StateValues): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const block of blocks) {
    if (block.type !== 'input') continue;
    const problem = inputProblem(
      block,
      values[block.block_id ?? '']?.[(block.element as Element).action_id ?? ''] ?? null,
    );
    if (problem) errors[block.block_id ?? ''] = problem;
  }
  return errors;
}

function inputProblem(block: InputBlock, value: Value): string | null {
  const empty = value === null || value.length === 0;
  if (empty) return block.optional ? null : 'Please fill in this field.';
  const { min_length: least } = block.element as { min_length?: number };
  return typeof value === 'string' && least && value.length < least
    ? `Please write at least ${least} characters.`
    : null;
}
