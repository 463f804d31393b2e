import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useCallback, useEffect, useMemo, useReducer, useState } from 'preact/hooks';
import { follow, sender } from './client.ts';
import { type Page, PageContext, usePage } from './context.ts';
import { emptyModel, type Move, reduce, unread } from './model.ts';
import { Cards } from './parts/cards.ts';
import { ChannelView } from './parts/channel.ts';
import { Modal } from './parts/modal.ts';
import { Phone } from './parts/phone.ts';
import { Sidebar } from './parts/sidebar.ts';
import { TopBar } from './parts/top-bar.ts';
import { kinds } from './words/kinds.ts';

const panes = ['Channels', 'Messages', 'Cards', 'Phone'] as const;
type Pane = (typeof panes)[number];

/** The practice workspace. Wide: everything at once. Narrow: one pane, chosen at the bottom. */
export function App({ first }: { first: string | null }): VNode {
  const [model, move] = useReducer(reduce, emptyModel);
  const [as, setAs] = useState(first);
  const [chosen, setPane] = useState<Pane | null>(null);
  // Until one has chosen: the messages, but on a phone the cards while somebody types into them.
  const isTyped = Object.keys(model.typing).length > 0;
  const pane = chosen ?? (isTyped && matchMedia('(max-width: 46rem)').matches ? 'Cards' : 'Messages');
  const now = useNow();
  const dispatch = useCallback((next: Move) => {
    if (next.type === 'become') setAs(next.user);
    move(next);
  }, []);
  const send = useMemo(() => sender(dispatch), []);
  useEffect(() => follow(as, dispatch), [as]);
  useEffect(() => {
    if (model.me) history.replaceState(null, '', `?as=${model.me}`);
  }, [model.me]);

  const page: Page = {
    model,
    dispatch,
    send,
    reader: { now, zone: Intl.DateTimeFormat().resolvedOptions().timeZone },
  };
  const top = model.views.at(-1);
  if (!model.ready) return html`<p class="waiting" role="status">Opening the practice workspace…</p>`;
  return html`
    <${PageContext.Provider} value=${page}>
      <div class="app" data-pane=${pane}>
        <${TopBar} />
        <div class="left"><${Sidebar} shown=${() => setPane('Messages')} /><${Phone} /></div>
        <${ChannelView} />
        <${Cards} />
        <${Panes} pane=${pane} choose=${setPane} />
      </div>
      ${!model.connected && !model.problem && html`<p class="offline" role="status">Reconnecting… Is Truce still running?</p>`}
      ${model.problem && html`<p class="problem" role="alert">${model.problem}<button type="button" class="icon" aria-label="Dismiss" onClick=${() => dispatch({ type: 'problem', problem: null })}>×</button></p>`}
      ${top && html`<${Modal} key=${top.id} open=${top} />`}
      <p class="unseen" role="status" aria-live="polite" aria-label="News">${model.said}</p>
    <//>`;
}

function Panes({ pane, choose }: { pane: Pane; choose: (pane: Pane) => void }): VNode {
  const { model } = usePage();
  const waiting = model.channels.reduce((sum, channel) => sum + unread(model, channel.id), 0);
  return html`
    <nav class="panes" aria-label="Parts of the page">
      ${panes.map(
        (name) => html`
        <button type="button" key=${name} class=${`pane-${name.toLowerCase()}`} aria-current=${name === pane ? 'page' : undefined} onClick=${() => choose(name)}>
          ${name === 'Cards' ? kinds[model.kind].one : name}${name === 'Channels' && waiting > 0 && html`<span class="count">${waiting}</span>`}
        </button>`,
      )}
    </nav>`;
}

/** The time, moved on as each minute begins, for "5 minutes ago" and the phone's clock. */
function useNow(): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setTimeout(() => setNow(new Date()), 60_000 - (Date.now() % 60_000));
    return () => clearTimeout(timer);
  }, [now]);
  return now;
}
