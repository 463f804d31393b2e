import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useId, useRef, useState } from 'preact/hooks';
import { usePage } from '../context.ts';
import { type Suggestion, suggest } from '../words/suggest.ts';
import { instead } from './instead.ts';
import { OptionList, optionId, stepped } from './option-list.ts';

/** Takes messages and slash commands. Suggestions: arrows move, Tab takes, Enter takes or sends, Escape puts them away. */
export function Composer({
  channel,
  threadTs,
  label,
}: {
  channel: string;
  threadTs: string | null;
  label: string;
}): VNode {
  const { model, send } = usePage();
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState(0);
  const [closed, setClosed] = useState(false);
  const area = useRef<HTMLTextAreaElement>(null);
  const listId = useId();
  const found = closed ? [] : suggest(text, model);
  const now = Math.min(chosen, found.length - 1);

  const type = (next: string) => {
    setText(next);
    setChosen(0);
    setClosed(false);
  };
  const take = (suggestion: Suggestion) => {
    type(suggestion.insert);
    area.current?.focus();
  };
  const post = async () => {
    const line = text.trim();
    if (!line) return;
    type('');
    if (!(await send('command', { as: model.me, channel, threadTs, text: line })))
      setText((newer) => newer || line);
  };
  const key = (event: KeyboardEvent) => {
    const suggestion = found[now];
    if (event.isComposing) return;
    const step = stepped(event.key, now, found.length);
    if (step !== null) setChosen(step);
    else if (
      suggestion &&
      (event.key === 'Tab' || (event.key === 'Enter' && suggestion.insert.trim() !== text.trim())) &&
      !event.shiftKey
    )
      take(suggestion);
    else if (event.key === 'Escape' && suggestion) setClosed(true);
    else if (event.key === 'Enter' && !event.shiftKey) post();
    else return;
    event.preventDefault();
  };
  return html`
    <form class="composer" onSubmit=${instead(post)}>
      ${found.length > 0 && html`<${OptionList} id=${listId} label="Commands" options=${found.map(asOption)} now=${now} take=${(place: number) => found[place] && take(found[place])} />`}
      <div class="composer-box">
        <textarea ref=${area} rows="1" aria-label=${label} placeholder=${label} value=${text} role="combobox" aria-autocomplete="list"
          aria-expanded=${found.length > 0} aria-controls=${listId} aria-activedescendant=${found.length > 0 ? optionId(listId, now) : undefined}
          onInput=${(event: Event) => type((event.target as HTMLTextAreaElement).value)} onKeyDown=${key}></textarea>
        <button type="submit" class="button primary" disabled=${!text.trim()}>Send</button>
      </div>
    </form>`;
}

const asOption = ({ insert, label, hint, description }: Suggestion) => ({
  ...{ key: insert, title: label, hint, note: description },
});
