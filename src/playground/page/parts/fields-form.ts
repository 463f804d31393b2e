import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

export interface FormField {
  readonly key: string;
  readonly label: string;
  readonly value: string;
  readonly kind?: 'number' | 'day';
}

interface FieldsFormOf {
  /** What it is for, for those who hear it: "Billing address in Xero". */
  readonly name: string;
  readonly fields: readonly FormField[];
  /** Said above the fields. */
  readonly note?: string | undefined;
  /** On the button that saves. */
  readonly action: string;
  /** True when it was taken; then the form closes. */
  readonly save: (values: Readonly<Record<string, string>>) => Promise<boolean>;
  readonly close: () => void;
}

/** A small form within a card: Enter saves, Escape puts it away. */
export function FieldsForm({ name, fields, note, action, save, close }: FieldsFormOf): VNode {
  const [values, setValues] = useState<Record<string, string>>(() =>
    Object.fromEntries(fields.map((field) => [field.key, field.value])),
  );
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    const first = form.current?.querySelector<HTMLElement>('input, .primary');
    first?.focus();
    if (first instanceof HTMLInputElement && first.type !== 'date') first.select();
  }, []);
  const submit = async (event: Event) => {
    event.preventDefault();
    if (await save(values)) close();
  };
  const key = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    close();
  };
  return html`
    <form class="row-form" ref=${form} aria-label=${name} onSubmit=${submit} onKeyDown=${key}>
      ${note && html`<p class="form-note">${note}</p>`}
      ${fields.map(
        (field) => html`
        <label key=${field.key}>${field.label}
          <input type=${field.kind === 'day' ? 'date' : 'text'} inputmode=${field.kind === 'number' ? 'decimal' : undefined}
            value=${values[field.key]} autocomplete="off" spellcheck=${false}
            onInput=${(event: Event) => setValues({ ...values, [field.key]: (event.target as HTMLInputElement).value })} />
        </label>`,
      )}
      <div class="row-buttons"><button type="submit" class="button primary">${action}</button><button type="button" class="button" onClick=${close}>Cancel</button></div>
    </form>`;
}
