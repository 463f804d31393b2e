import type { InputBlock, KnownBlock, ModalView, StaticSelect } from '@slack/types';
import type { Choice, Field, FieldValue } from '../../../entities/field.ts';
import { type Drawn, plain } from '../blocks.ts';
import { cut, named, sentence } from '../text.ts';

/** How one part of a value is typed. A plain value has one part, named `value`. */
export interface Part {
  readonly name: string;
  readonly kind: 'text' | 'number' | 'choice';
  /** What a `choice` is made from, where it is not one of the parts that every value of that name has. */
  readonly options?: readonly Choice[];
}

export interface OtherFacts {
  /** `<change id>/<sync>:<field>/r<revision>/<channel>`: ids only; the truth is read from the ledger when it comes back. */
  readonly metadata: string;
  readonly label: string;
  readonly title: string;
  /** What was agreed before, in words; null where nothing was. */
  readonly agreedBefore: string | null;
  /** True where a second person has to approve what is chosen. */
  readonly needsTwo: boolean;
  readonly parts: readonly Part[];
  /** What the inputs hold at first, by part. */
  readonly initial: Readonly<Record<string, string>>;
}

/** Parts that only take certain words. */
const choices: Readonly<Record<string, readonly string[]>> = { from: ['invoice_date', 'end_of_month'] };

/** As one writes an address. A database keeps the parts of a value in an order of its own; parts not named here come after. */
const written = ['line1', 'line2', 'city', 'state', 'postcode', 'country'];
const place = (name: string) => (written.includes(name) ? written.indexOf(name) : written.length);

/** The parts of a field's values: one of its choices, or as seen from the values that there are. */
export function partsOf(
  { choices: options }: Pick<Field, 'choices'>,
  values: readonly (FieldValue | null | undefined)[],
): Part[] {
  if (options) return [{ name: 'value', kind: 'choice', options }];
  const whole = values.filter((value) => typeof value === 'object' && value !== null);
  if (whole.length === 0)
    return [{ name: 'value', kind: values.some((value) => typeof value === 'number') ? 'number' : 'text' }];
  const names = [...new Set(whole.flatMap((value) => Object.keys(value)))]
    .toSorted((a, b) => place(a) - place(b))
    .slice(0, 12);
  return names.map((name) => {
    const isNumber = whole.some((value) => typeof value[name] === 'number');
    return { name, kind: name in choices ? 'choice' : isNumber ? 'number' : 'text' };
  });
}

/** What the inputs hold for a value. */
export function initialOf(
  field: Pick<Field, 'choices' | 'normal'>,
  value: FieldValue | null | undefined,
): Record<string, string> {
  if (value === null || value === undefined) return {};
  if (field.choices) return { value: field.normal(value) };
  if (typeof value !== 'object') return { value: String(value) };
  return Object.fromEntries(
    Object.entries(value).map(([part, held]) => [part, held === null ? '' : String(held)]),
  );
}

/** What becomes of the value: it answers a question, or goes out in place of one that could not be saved. */
export type OtherUse = 'decision_other' | 'reprocess_edit';

const frame = (use: OtherUse, metadata: string, blocks: KnownBlock[]): ModalView => ({
  type: 'modal',
  callback_id: use,
  private_metadata: metadata,
  title: plain('Another value', 24),
  close: plain('Cancel', 24),
  blocks,
});

/** Opened at once, while the ledger is asked: a trigger lives three seconds. */
export const drawOtherLoading = (metadata: string, use: OtherUse = 'decision_other'): ModalView =>
  frame(use, metadata, [
    { type: 'section', block_id: 'loading', text: plain('One moment, looking it up…', 100) },
  ]);

/** Keep what was agreed before, or type another value. Pure. */
export function drawOther(facts: OtherFacts, use: OtherUse = 'decision_other'): ModalView {
  const what: KnownBlock = {
    type: 'section',
    block_id: 'what',
    text: plain(`${facts.label} of ${named(facts.title)}`, 300),
  };
  const two = facts.needsTwo ? [secondNote] : [];
  const keep = facts.agreedBefore === null ? [] : [keepOrType(facts.agreedBefore, facts.parts)];
  const inputs = facts.parts.map((part) => inputFor(part, facts));
  return { ...frame(use, facts.metadata, [what, ...two, ...keep, ...inputs]), submit: plain('Save', 24) };
}

const secondNote: KnownBlock = {
  type: 'section',
  block_id: 'second',
  text: plain('A new value needs two people: somebody else has to approve what you choose here.', 150),
};

/** A modal that says what an answer says. */
export const drawModalAnswer = (title: string, answer: Drawn): ModalView => ({
  ...drawModalNote(title, []),
  blocks: answer.blocks,
});

/** A modal that only says something. */
export const drawModalNote = (title: string, words: readonly string[]): ModalView => ({
  type: 'modal',
  callback_id: 'note',
  title: plain(title, 24),
  close: plain('Close', 24),
  blocks: words
    .slice(0, 90)
    .map((text, i) => ({ type: 'section', block_id: `note.${i}`, text: plain(text, 3000) })),
});

function keepOrType(agreedBefore: string, parts: readonly Part[]): InputBlock {
  const how = parts.every(({ kind }) => kind === 'choice') ? 'choose' : 'type';
  const keep = { text: plain(`Keep as agreed before: ${named(agreedBefore)}`, 75), value: 'keep' };
  const type = { text: plain(`Use what I ${how} below`, 75), value: 'type' };
  return {
    type: 'input',
    block_id: 'choice',
    label: plain('Which value?', 100),
    element: { type: 'radio_buttons', action_id: 'choice', options: [keep, type], initial_option: type },
  };
}

/** The block's id says which part it is and whether it is a number, so that nothing else has to be remembered. */
function inputFor({ name, kind, options }: Part, { label, initial, agreedBefore }: OtherFacts): InputBlock {
  const whole = name === 'value';
  const shared = {
    type: 'input' as const,
    block_id: `typed/${name}/${kind}`,
    optional: !whole || agreedBefore !== null,
    label: plain(whole ? label : partLabel(name), 100),
  };
  const held = initial[name];
  if (kind === 'choice') {
    const offered = options ?? (choices[name] ?? []).map((value) => ({ value, label: partLabel(value) }));
    return { ...shared, element: selectFrom(offered, held) };
  }
  return {
    ...shared,
    element: {
      type: 'plain_text_input',
      action_id: 'typed',
      max_length: 500,
      ...(held ? { initial_value: cut(held, 500) } : {}),
    },
  };
}

function selectFrom(choices: readonly Choice[], held: string | undefined): StaticSelect {
  const options = choices.map(({ value, label }) => ({ text: plain(label, 75), value }));
  const chosen = options.find((option) => option.value === held);
  return {
    type: 'static_select',
    action_id: 'typed',
    options,
    ...(chosen ? { initial_option: chosen } : {}),
  };
}

/** "line1" → "Line 1", "postalCode" and "postal_code" → "Postal code". */
const partLabel = (part: string): string =>
  sentence(
    part
      .replace(/([a-z])([A-Z0-9])/g, '$1 $2')
      .replaceAll('_', ' ')
      .toLowerCase(),
  );

export type Typed =
  | { readonly kind: 'keep' }
  | { readonly kind: 'value'; readonly value: FieldValue }
  /** Reasons by block id, to be shown under the inputs. */
  | { readonly kind: 'errors'; readonly errors: Readonly<Record<string, string>> };

/** What a person submitted, checked by the field itself. Inputs by block id and action id. Pure. */
export function readOther(
  field: Field,
  inputs: Readonly<Record<string, Readonly<Record<string, string | null>>>>,
): Typed {
  if (inputs.choice?.choice === 'keep') return { kind: 'keep' };
  const typed = Object.entries(inputs).flatMap(([blockId, held]) => {
    const [lead, name = '', kind] = blockId.split('/');
    const text = held.typed?.replace(/\s+/g, ' ').trim() ?? '';
    return lead === 'typed'
      ? [{ blockId, name, value: text === '' ? null : kind === 'number' ? Number(text) : text }]
      : [];
  });
  const first = typed[0]?.blockId ?? 'choice';
  if (typed.every(({ value }) => value === null)) {
    return errorAt(first, 'Please type a value, or choose to keep what was agreed before.');
  }
  const noNumber = typed.find(({ value }) => typeof value === 'number' && !Number.isFinite(value));
  if (noNumber) return errorAt(noNumber.blockId, 'Please type a number.');
  const value =
    typed[0]?.name === 'value'
      ? (typed[0].value ?? '')
      : Object.fromEntries(typed.map((part) => [part.name, part.value]));
  const problem = field.problem(value);
  return problem ? errorAt(first, cut(problem, 150)) : { kind: 'value', value };
}

const errorAt = (blockId: string, words: string): Typed => ({ kind: 'errors', errors: { [blockId]: words } });
