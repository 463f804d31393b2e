import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { usePage } from '../context.ts';
import { homeTab, inChannel, inThread } from '../model.ts';
import { Composer } from './composer.ts';
import { HomeTab } from './home-tab.ts';
import { MessageList } from './message-list.ts';

export function ChannelView(): VNode {
  const { model } = usePage();
  if (model.channel === homeTab) return html`<${HomeTab} key=${model.me} />`;
  const channel = model.channels.find(({ id }) => id === model.channel);
  if (!channel)
    return html`<main class="channel" aria-label="Messages"><p class="empty">This person is in no channel.</p></main>`;
  const name = channel.isDirect ? channel.name : `#${channel.name}`;
  return html`
    <main class=${model.thread ? 'channel with-thread' : 'channel'} aria-label=${name}>
      <section class="conversation" aria-label=${`Conversation in ${name}`}>
        <header class="channel-head"><h1>${channel.isDirect ? '' : html`<span class="hash">#</span>`}${channel.name}</h1><p>${channel.topic}</p></header>
        <${MessageList} messages=${inChannel(model, channel.id)} label=${`Messages in ${name}`} />
        <${Composer} key=${channel.id} channel=${channel.id} threadTs=${null} label=${`Message ${name}`} />
      </section>
      ${model.thread && html`<${ThreadPanel} thread=${model.thread} />`}
    </main>`;
}

function ThreadPanel({ thread }: { thread: { readonly channel: string; readonly ts: string } }): VNode {
  const { model, dispatch } = usePage();
  const heading = useRef<HTMLHeadingElement>(null);
  const close = () => dispatch({ type: 'open_thread', thread: null });
  useEffect(() => heading.current?.focus(), [thread.ts]);
  return html`
    <aside class="thread" aria-label="Thread" onKeyDown=${(event: KeyboardEvent) => event.key === 'Escape' && !event.defaultPrevented && !isWriting(event) && close()}>
      <header class="channel-head"><h2 ref=${heading} tabindex="-1">Thread</h2><button type="button" class="icon" aria-label="Close thread" onClick=${close}>×</button></header>
      <${MessageList} messages=${inThread(model, thread)} label="Messages in the thread" inThread />
      <${Composer} key=${thread.ts} channel=${thread.channel} threadTs=${thread.ts} label="Reply in thread" />
    </aside>`;
}

/** Whoever has begun a reply does not lose it to the Escape key. */
const isWriting = ({ target }: Event) => target instanceof HTMLTextAreaElement && target.value !== '';
