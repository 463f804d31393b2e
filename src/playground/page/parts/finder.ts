import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useId, useRef, useState } from 'preact/hooks';
import type { Kind, PageRecord, PageRecords } from '../../page-server/api.ts';
import { usePage } from '../context.ts';
import { found } from '../words/find.ts';
import { kinds } from '../words/kinds.ts';
import { recordId } from '../words/record-id.ts';
import { OptionList, optionId, stepped } from './option-list.ts';

/** The box that names the record in the cards, and in which another is looked for: type, arrows move, Enter takes, Escape leaves it. */
export function Finder(): VNode {
  const { model } = usePage();
  const box = useRef<HTMLInputElement>(null);
  const listId = useId();
  const words = kinds[model.kind];
  const title = model.cards[0]?.title ?? '';
  const { open, typed, hits, now, begin, leave, take, type, key } = useSearch(box);
  return html`
    <div class="finder">
      <input ref=${box} type="text" role="combobox" aria-label=${words.one} placeholder=${words.hint} title=${title}
        aria-autocomplete="list" aria-expanded=${open} aria-controls=${listId}
        aria-activedescendant=${open && hits.length > 0 ? optionId(listId, now) : undefined}
        autocomplete="off" spellcheck=${false} value=${typed ?? title}
        onFocus=${() => box.current?.select()} onClick=${() => !open && begin()} onBlur=${leave}
        onInput=${(event: Event) => type((event.target as HTMLInputElement).value)} onKeyDown=${key} />
      ${open && html`<${OptionList} id=${listId} className="below" label=${words.many} options=${hits.map(asOption)} now=${now} take=${take} />`}
      ${open && hits.length === 0 && html`<p class="suggestions below none" role="status">Nothing with “${typed}”. Try a part of its name.</p>`}
    </div>`;
}

/** What is typed into the box, what fits it, and what the keys do. */
function useSearch(box: { readonly current: HTMLInputElement | null }) {
  const { model, send } = usePage();
  const [records, setRecords] = useState<readonly PageRecord[]>([]);
  const [typed, setTyped] = useState<string | null>(null);
  const [open, setOpen] = useState(false);
  const [chosen, setChosen] = useState(0);
  const hits = open ? found(records, typed ?? '') : [];
  const now = Math.min(chosen, hits.length - 1);

  const begin = async (isTyping = false) => {
    const all = await listOf(model.kind);
    if (document.activeElement !== box.current) return;
    setRecords(all);
    const shown = all.findIndex(({ id }) => id === recordId(model.cards));
    setChosen(isTyping ? 0 : Math.max(0, shown));
    setOpen(true);
  };
  const leave = () => {
    setTyped(null);
    setOpen(false);
  };
  const take = (place: number) => {
    const record = hits[place];
    leave();
    if (record) send('focus', { kind: model.kind, id: record.id });
    requestAnimationFrame(() => box.current?.select());
  };
  const type = (text: string) => {
    setTyped(text);
    setChosen(0);
    if (!open) begin(true);
  };
  const key = (event: KeyboardEvent) => {
    const step = stepped(event.key, now, hits.length);
    if (!open && event.key === 'ArrowDown') begin();
    else if (step !== null) setChosen(step);
    else if (event.key === 'Enter' && open) take(now);
    else if (event.key === 'Escape' && open) leave();
    else return;
    event.preventDefault();
  };
  return { open, typed, hits, now, begin: () => begin(), leave, take, type, key };
}

const asOption = ({ id, title, about }: PageRecord) => ({ key: id, title, note: about });

/** As the systems have them at this moment: Truce makes records, too. */
async function listOf(kind: Kind): Promise<readonly PageRecord[]> {
  const answer = await fetch(`/practice/records?kind=${kind}`).catch(() => null);
  return answer?.ok ? ((await answer.json()) as PageRecords).records : [];
}
