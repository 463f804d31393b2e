import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Card } from '../../vendors/vendor.ts';
import { usePage } from '../context.ts';
import type { Row } from '../words/fields.ts';

interface RowOf {
  readonly card: Card;
  readonly row: Row;
  readonly differs: boolean;
  readonly words: string;
  readonly typing: boolean;
}

/** One line of a card: read it, press it, change it, save it. */
export function CardRow(props: RowOf): VNode {
  const { card, row, differs, words, typing } = props;
  const [editing, setEditing] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const fresh = useFresh(row.value, typing);
  const close = () => {
    setEditing(false);
    requestAnimationFrame(() => button.current?.focus());
  };
  if (editing) return html`<${RowForm} card=${card} row=${row} close=${close} />`;
  const spoken = `Edit ${lowerFirst(row.label)} in ${card.label}, now ${row.value || 'empty'}${words ? `, ${words}` : ''}`;
  return html`
    <div class=${`row ${differs ? 'differs' : ''} ${typing ? 'typing' : ''} ${fresh ? 'fresh' : ''}`}>
      <button type="button" ref=${button} aria-label=${spoken} onClick=${() => setEditing(true)}>
        <span class="row-label">${row.label}</span>
        <span class="row-value">${row.value ? breakable(row.value) : html`<em>empty</em>`}${typing && html`<span class="caret" aria-hidden="true"></span>`}</span>
        ${typing ? html`<span class="row-words">somebody is typing</span>` : differs && html`<span class="row-words">${words}</span>`}
      </button>
    </div>`;
}

function RowForm({ card, row, close }: { card: Card; row: Row; close: () => void }): VNode {
  const { model, send } = usePage();
  const [values, setValues] = useState<Record<string, string>>(() =>
    Object.fromEntries(row.fields.map((field) => [field.key, field.value])),
  );
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.select(), []);
  const save = async (event: Event) => {
    event.preventDefault();
    const changed = row.fields.some((field) => values[field.key] !== field.value);
    if (
      !changed ||
      (await send('edit', { as: model.me, system: card.system, externalId: card.externalId, values }))
    )
      close();
  };
  const key = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    close();
  };
  return html`
    <form class="row-form" aria-label=${`${row.label} in ${card.label}`} onSubmit=${save} onKeyDown=${key}>
      ${row.fields.map(
        (field, i) => html`
        <label key=${field.key}>${field.label}
          <input ref=${i === 0 ? first : undefined} value=${values[field.key]} autocomplete="off" spellcheck=${false}
            onInput=${(event: Event) => setValues({ ...values, [field.key]: (event.target as HTMLInputElement).value })} />
        </label>`,
      )}
      <div class="row-buttons"><button type="submit" class="button primary">Save</button><button type="button" class="button" onClick=${close}>Cancel</button></div>
    </form>`;
}

/** True for a moment after the value was changed from elsewhere, so that the eye finds it. */
function useFresh(value: string, typing: boolean): boolean {
  const before = useRef(value);
  const [fresh, setFresh] = useState(false);
  useEffect(() => {
    if (before.current === value || typing) return;
    before.current = value;
    setFresh(true);
    const timer = setTimeout(() => setFresh(false), 2_600);
    return () => clearTimeout(timer);
  }, [value, typing]);
  return fresh;
}

/** An e-mail address that is too long breaks behind its @, not within a word. */
const breakable = (value: string) =>
  value.split(/(?<=@)/).map((part, i) => html`${i > 0 && html`<wbr />`}${part}`);

const lowerFirst = (text: string) =>
  /^[A-Z]{2}/.test(text) ? text : text.charAt(0).toLowerCase() + text.slice(1);
