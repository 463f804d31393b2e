import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { instead } from './instead.ts';

export interface Option {
  readonly key: string;
  readonly title: string;
  readonly hint?: string;
  readonly note: string;
}

interface OptionListOf {
  readonly id: string;
  readonly label: string;
  readonly options: readonly Option[];
  /** The place of the one that Enter would take. */
  readonly now: number;
  readonly take: (place: number) => void;
  readonly className?: string;
}

/** What a box suggests while somebody types into it. The focus stays in the box; see `optionId` for its `aria-activedescendant`. */
export function OptionList({ id, label, options, now, take, className = '' }: OptionListOf): VNode {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [now, options.length]);
  return html`
    <div class=${`suggestions ${className}`} id=${id} ref=${list} role="listbox" aria-label=${label}>
      ${options.map(
        ({ key, title, hint, note }, i) => html`
        <div role="option" key=${key} id=${optionId(id, i)} aria-selected=${i === now} onMouseDown=${instead(() => take(i))}>
          <span><strong>${title}</strong>${hint && html` <em>${hint}</em>`}</span><small>${note}</small>
        </div>`,
      )}
    </div>`;
}

export const optionId = (id: string, place: number): string => `${id}-${place}`;

/** Where an arrow leads, round and round; null for any other key. */
export function stepped(key: string, now: number, count: number): number | null {
  const step = { ArrowDown: 1, ArrowUp: -1 }[key];
  return step === undefined || count === 0 ? null : (now + step + count) % count;
}
