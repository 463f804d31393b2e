import type { Checkboxes, Confirm, Option, OptionGroup, PlainTextInput, RadioButtons } from '@slack/types';
import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useId, useState } from 'preact/hooks';
import { usePage } from '../context.ts';
import { type Element, type Value, withValue } from '../form.ts';
import { ConfirmDialog } from './buttons.ts';
import { useSurface } from './surface.ts';
import { Words } from './words.ts';

export interface InputOf<Of> {
  readonly element: Of;
  readonly blockId: string;
  /** Set inside an input block: the value waits for the submission instead of being sent at once. */
  readonly waits?: boolean;
  readonly labelId?: string;
  readonly describedBy?: string | undefined;
  readonly invalid?: boolean;
}

type Any = Element & { readonly placeholder?: { text: string }; readonly confirm?: Confirm };

/** What an input holds, and a setter that also tells the app where the input does not wait for a submission. */
function useInput({ element, blockId, waits }: InputOf<Any>) {
  const surface = useSurface();
  const [asking, setAsking] = useState<Value>(null);
  const actionId = element.action_id ?? '';
  const value = surface.values[blockId]?.[actionId] ?? null;
  const send = (next: Value) => {
    setAsking(null);
    surface.change(blockId, actionId, next);
    const values = withValue(surface.values, blockId, actionId, next);
    if (!waits) surface.act(blockId, actionId, typeof next === 'string' ? next : null, values);
  };
  const set = (next: Value) => (element.confirm && !waits ? setAsking(next) : send(next));
  const confirm =
    asking !== null && element.confirm
      ? html`<${ConfirmDialog} confirm=${element.confirm} yes=${() => send(asking)} no=${() => setAsking(null)} />`
      : null;
  return { value, set, confirm };
}

const naming = ({ labelId, describedBy, invalid }: InputOf<unknown>, otherwise: string) => ({
  'aria-labelledby': labelId,
  'aria-label': labelId ? undefined : otherwise,
  'aria-describedby': describedBy,
  'aria-invalid': invalid,
});

export function SelectView(
  props: InputOf<Any & { options?: Option[]; option_groups?: OptionGroup[] }>,
): VNode {
  const { model } = usePage();
  const { value, set, confirm } = useInput(props);
  const { element } = props;
  const hint = element.placeholder?.text ?? 'Choose…';
  const people = model.users
    .filter((user) => !user.isBot)
    .map((user): Option => ({ value: user.id, text: { type: 'plain_text', text: user.name } }));
  const rooms = model.channels
    .filter((room) => !room.isDirect)
    .map((room): Option => ({ value: room.id, text: { type: 'plain_text', text: `#${room.name}` } }));
  const options =
    element.options ??
    (element.type === 'users_select'
      ? people
      : element.type.includes('select') && !element.option_groups
        ? rooms
        : []);
  const option = (each: Option) => html`<option value=${each.value}>${each.text.text}</option>`;
  return html`
    <select ...${naming(props, hint)} value=${value ?? ''} onChange=${(event: Event) => set((event.target as HTMLSelectElement).value || null)}>
      <option value="">${hint}</option>
      ${options.map(option)}
      ${element.option_groups?.map((group) => html`<optgroup label=${group.label.text}>${group.options.map(option)}</optgroup>`)}
    </select>${confirm}`;
}

export function RadioView(props: InputOf<RadioButtons & Any>): VNode {
  const name = useId();
  const { value, set, confirm } = useInput(props);
  return html`
    <div class="choices" role="radiogroup" ...${naming(props, 'Choices')}>
      ${props.element.options.map(
        (option) => html`
        <label><input type="radio" name=${name} checked=${value === option.value} onChange=${() => set(option.value ?? null)} /><${OptionWords} option=${option} /></label>`,
      )}
    </div>${confirm}`;
}

/** Checkboxes, and selects of several: both are a list of ticks. */
export function ChecksView(props: InputOf<Checkboxes & Any>): VNode {
  const { value, set, confirm } = useInput(props);
  const ticked = Array.isArray(value) ? (value as readonly string[]) : [];
  const toggle = (option: string) =>
    set(ticked.includes(option) ? ticked.filter((each) => each !== option) : [...ticked, option]);
  return html`
    <div class="choices" role="group" ...${naming(props, 'Choices')}>
      ${props.element.options.map(
        (option) => html`
        <label><input type="checkbox" checked=${ticked.includes(option.value ?? '')} onChange=${() => toggle(option.value ?? '')} /><${OptionWords} option=${option} /></label>`,
      )}
    </div>${confirm}`;
}

function OptionWords({ option }: { option: Option }): VNode {
  return html`<span><${Words} text=${option.text} />${option.description && html`<small><${Words} text=${option.description} /></small>`}</span>`;
}

const kinds: Readonly<Record<string, string>> = {
  email_text_input: 'email',
  url_text_input: 'url',
  number_input: 'number',
  datepicker: 'date',
  timepicker: 'time',
};

export function TextView(props: InputOf<PlainTextInput & Any>): VNode {
  const { value, set, confirm } = useInput({
    ...props,
    waits: props.waits || !kinds[props.element.type]?.match(/date|time/),
  });
  const { element } = props;
  const common = {
    ...naming(props, element.placeholder?.text ?? 'Text'),
    value: typeof value === 'string' ? value : '',
    placeholder: element.placeholder?.text,
    maxLength: element.max_length,
    onInput: (event: Event) => set((event.target as HTMLInputElement).value || null),
  };
  return element.multiline
    ? html`<textarea rows="4" ...${common}></textarea>${confirm}`
    : html`<input type=${kinds[element.type] ?? 'text'} autocomplete="off" ...${common} />${confirm}`;
}
