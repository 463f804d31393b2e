import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Card } from '../../vendors/vendor.ts';
import { usePage } from '../context.ts';
import type { Row } from '../words/fields.ts';
import { ownLabel } from '../words/groups.ts';
import { FieldsForm } from './fields-form.ts';

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
  const state = `row ${differs ? 'differs' : ''} ${typing ? 'typing' : ''} ${fresh ? 'fresh' : ''}`;
  const inside = html`
    <span class="row-label">${row.label}</span>
    <span class="row-value">${row.value ? breakable(row.value) : html`<em>empty</em>`}${typing && html`<span class="caret" aria-hidden="true"></span>`}</span>
    ${typing ? html`<span class="row-words">somebody is typing</span>` : differs && html`<span class="row-words">${words}</span>`}`;
  if (row.fields.every(({ isFixed }) => isFixed))
    return html`<div class=${state}><p class="row-line">${inside}</p></div>`;
  const spoken = `Edit ${lowerFirst(row.label)} in ${card.label}, now ${row.value || 'empty'}${words ? `, ${words}` : ''}`;
  return html`
    <div class=${state}>
      <button type="button" class="row-line" ref=${button} aria-label=${spoken} onClick=${() => setEditing(true)}>${inside}</button>
    </div>`;
}

function RowForm({ card, row, close }: { card: Card; row: Row; close: () => void }): VNode {
  const { model, send } = usePage();
  const fields = row.fields
    .filter(({ isFixed }) => !isFixed)
    .map((field) => ({ ...field, label: upperFirst(ownLabel(field)) }));
  const save = async (values: Readonly<Record<string, string>>) => {
    const isChanged = fields.some((field) => values[field.key] !== field.value);
    const { system, externalId } = card;
    return !isChanged || send('edit', { as: model.me, kind: model.kind, system, externalId, values });
  };
  return html`<${FieldsForm} name=${`${row.label} in ${card.label}`} fields=${fields.map(({ key, label, value }) => ({ key, label, value }))} action="Save" save=${save} close=${close} />`;
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

const upperFirst = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
