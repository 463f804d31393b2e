import { html } from 'htm/preact';
import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

interface MoreRowsOf {
  readonly count: number;
  /** How many of them differ from another system, or are being typed into. */
  readonly astir: number;
  /** The system's label, said to those who do not see whose card it is. */
  readonly of: string;
  readonly children: ComponentChildren;
}

/** The lines of a card that are folded under the main ones. Opens by itself as soon as one more of them is worth a look. */
export function MoreRows({ count, astir, of, children }: MoreRowsOf): VNode {
  const [open, setOpen] = useState(astir > 0);
  const before = useRef(astir);
  useEffect(() => {
    if (astir > before.current) setOpen(true);
    before.current = astir;
  }, [astir]);
  const toggled = (event: Event) => setOpen((event.currentTarget as HTMLDetailsElement).open);
  return html`
    <details class="more-rows" open=${open} onToggle=${toggled}>
      <summary>
        <span class="fold" aria-hidden="true"></span>${count} more<span class="unseen"> of ${of}</span>
        ${!open && astir > 0 && html`<span class="row-words">${astir} differ${astir === 1 ? 's' : ''}</span>`}
      </summary>
      ${children}
    </details>`;
}
