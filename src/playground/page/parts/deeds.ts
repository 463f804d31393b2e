import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Card, Deed } from '../../vendors/vendor.ts';
import { usePage } from '../context.ts';
import { FieldsForm } from './fields-form.ts';

/** The buttons of a card: what people do with such a record in that system. One that needs something typed, or a second thought, opens a form. */
export function Deeds({ card }: { card: Card }): VNode | null {
  const [open, setOpen] = useState<string | null>(null);
  const group = useRef<HTMLDivElement>(null);
  const pressed = useRef<string | null>(null);
  const { press, done } = usePress(card, pressed);
  const deeds = card.deeds ?? [];
  const asking = deeds.find(({ id }) => id === open);
  useKeptFocus(group, pressed, `${open} ${deeds.map(({ id }) => id)}`);
  if (deeds.length === 0) return null;

  const start = (deed: Deed) => (deed.asks || deed.note ? setOpen(deed.id) : press(deed));
  const close = () => {
    pressed.current = open;
    setOpen(null);
  };
  return html`
    <div class="deeds" ref=${group} role="group" aria-label=${`Do in ${card.label}`}>
      ${
        asking
          ? html`<${FieldsForm} key=${asking.id} name=${`${asking.label} in ${card.label}`} fields=${asking.asks ?? []} note=${asking.note}
              action=${asking.label} save=${(typed: Readonly<Record<string, string>>) => press(asking, typed)} close=${close} />`
          : deeds.map(
              (deed) =>
                html`<button type="button" class="button deed" key=${deed.id} data-deed=${deed.id} onClick=${() => start(deed)}>${deed.label}${(deed.asks || deed.note) && '…'}</button>`,
            )
      }
      <span class="unseen" role="status">${done}</span>
    </div>`;
}

/** Sends a press to the server; `done` is what came of the last one, in words. */
function usePress(card: Card, pressed: { current: string | null }) {
  const { model, send } = usePage();
  const [done, setDone] = useState('');
  const press = async (deed: Deed, typed: Readonly<Record<string, string>> = {}) => {
    pressed.current = deed.id;
    const { system, externalId } = card;
    const taken = await send('press', {
      as: model.me,
      kind: model.kind,
      system,
      externalId,
      deed: deed.id,
      typed,
    });
    if (taken) setDone(`${deed.label}: done in ${card.label}.`);
    return taken;
  };
  return { press, done };
}

/** Whoever pressed a button that is gone, or closed its form, goes on at that button or at the one that came in its place. */
function useKeptFocus(
  group: { readonly current: HTMLElement | null },
  pressed: { current: string | null },
  what: string,
): void {
  useEffect(() => {
    // Whoever has gone elsewhere is not called back.
    const forget = ({ target }: Event) => {
      if (!group.current?.contains(target as Node)) pressed.current = null;
    };
    const ways = ['pointerdown', 'focusin'] as const;
    for (const way of ways) document.addEventListener(way, forget);
    return () => {
      for (const way of ways) document.removeEventListener(way, forget);
    };
  }, []);
  useEffect(() => {
    if (pressed.current === null || document.activeElement !== document.body) return;
    const own = group.current?.querySelector<HTMLElement>(`[data-deed="${pressed.current}"]`);
    (own ?? group.current?.querySelector<HTMLElement>('button'))?.focus();
  }, [what]);
}
