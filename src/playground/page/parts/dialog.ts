import { html } from 'htm/preact';
import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';

import { instead } from './instead.ts';

interface DialogOf {
  readonly title: string;
  readonly close: () => void;
  readonly children: ComponentChildren;
  readonly className?: string;
}

/**
 * The browser's own modal dialog: everything behind it is inert, Tab stays in it, Escape asks to close, and the focus
 * returns to where it was.
 */
export function Dialog({ title, close, children, className = '' }: DialogOf): VNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    const own = dialog.current;
    own?.showModal();
    const field = own?.querySelector<HTMLElement>(
      '[autofocus], .dialog-body :is(input, textarea, select), .dialog-foot .button',
    );
    field?.focus();
    return () => {
      own?.close();
      before?.focus?.();
    };
  }, []);
  return html`
    <dialog class=${`dialog ${className}`} ref=${dialog} aria-labelledby=${id} aria-modal="true" onKeyDown=${keepFocus}
      onCancel=${instead(close)}>
      <header class="dialog-head">
        <h2 id=${id}>${title}</h2>
        <button type="button" class="icon" aria-label="Close" onClick=${close}>×</button>
      </header>
      ${children}
    </dialog>`;
}

/** Tab at the last element goes to the first, and back, instead of out to the browser's own bars. */
function keepFocus(event: KeyboardEvent): void {
  if (event.key !== 'Tab') return;
  const all = (event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>(
    'a[href], button:not([tabindex="-1"]):not(:disabled), input:not(:disabled), textarea, select',
  );
  const [first, last] = [all[0], all[all.length - 1]];
  const [from, to] = event.shiftKey ? [first, last] : [last, first];
  if (document.activeElement !== from) return;
  event.preventDefault();
  to?.focus();
}
