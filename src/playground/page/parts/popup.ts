import { html } from 'htm/preact';
import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';

import { instead } from './instead.ts';

export interface MenuItem {
  readonly id: string;
  readonly label: string;
  readonly note?: string;
  /** Marks the one that holds now. */
  readonly checked?: boolean;
}

interface MenuOf {
  readonly label: string;
  readonly items: readonly MenuItem[];
  readonly choose: (id: string) => void;
  readonly className?: string;
  readonly children: ComponentChildren;
}

/** A button with a menu under it: arrows move, Enter takes, Escape and a click elsewhere close. */
export function Menu({ label, items, choose, className = 'button', children }: MenuOf): VNode {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const own = menu.current;
    const toggled = (event: Event) => {
      const open = (event as ToggleEvent).newState === 'open';
      button.current?.setAttribute('aria-expanded', String(open));
      const item = (which: string) => own?.querySelector<HTMLElement>(which);
      if (open) (item('[aria-checked=true]') ?? item('[role^=menuitem]'))?.focus();
    };
    own?.addEventListener('toggle', toggled);
    return () => own?.removeEventListener('toggle', toggled);
  }, []);
  const open = () => {
    if (!button.current || !menu.current) return;
    menu.current.togglePopover();
    place(menu.current, button.current);
  };
  const take = (item: MenuItem) => {
    menu.current?.hidePopover();
    button.current?.focus();
    choose(item.id);
  };
  return html`
    <button type="button" class=${className} ref=${button} aria-haspopup="menu" aria-expanded="false" aria-controls=${id} aria-label=${label}
      onClick=${open} onKeyDown=${(event: KeyboardEvent) => event.key === 'ArrowDown' && instead(open)(event)}>${children}</button>
    <div class="menu" id=${id} ref=${menu} popover="auto" role="menu" aria-label=${label} onKeyDown=${moveFocus}>
      ${items.map(
        (item) => html`
          <button type="button" key=${item.id} tabindex="-1" role=${item.checked === undefined ? 'menuitem' : 'menuitemradio'}
            aria-checked=${item.checked} onClick=${() => take(item)}>
            <span>${item.label}</span>${item.note && html`<small>${item.note}</small>`}
          </button>`,
      )}
    </div>`;
}

/** The top layer knows no anchors everywhere yet: the place is worked out once, when the menu opens. */
function place(menu: HTMLElement, button: HTMLElement): void {
  const at = button.getBoundingClientRect();
  const size = menu.getBoundingClientRect();
  const left = Math.max(8, Math.min(at.left, innerWidth - size.width - 8));
  const below = at.bottom + 6;
  const top = below + size.height > innerHeight - 8 ? Math.max(8, at.top - size.height - 6) : below;
  menu.style.left = `${left}px`;
  menu.style.top = `${top}px`;
}

function moveFocus(event: KeyboardEvent): void {
  const items = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>('[role^=menuitem]')];
  const now = items.indexOf(document.activeElement as HTMLElement);
  const next = { ArrowDown: now + 1, ArrowUp: now - 1, Home: 0, End: items.length - 1 }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  items.at(next % items.length)?.focus();
}
