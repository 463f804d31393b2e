import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { PageMessage } from '../../page-server/api.ts';
import { usePage } from '../context.ts';
import { dayKey, dayWords, timeOf } from '../words/dates.ts';
import { MessageView } from './message.ts';

const closeTogetherMs = 5 * 60_000;

/** Oldest first, the newest in sight as long as one has not scrolled back. */
export function MessageList({
  messages,
  label,
  inThread = false,
}: {
  messages: readonly PageMessage[];
  label: string;
  inThread?: boolean;
}): VNode {
  const { reader } = usePage();
  const list = useRef<HTMLDivElement>(null);
  const pinned = useRef(true);
  const [behind, setBehind] = useState(false);
  const newest = messages.at(-1);
  const toEnd = () => list.current?.scrollTo({ top: list.current.scrollHeight });
  useLayoutEffect(() => {
    pinned.current = true;
    toEnd();
  }, [label]);
  useLayoutEffect(() => {
    if (pinned.current) toEnd();
    else setBehind(true);
  }, [newest?.ts]);
  useLayoutEffect(() => {
    if (pinned.current) toEnd();
  }, [messages]);
  const scrolled = () => {
    const own = list.current;
    if (!own) return;
    pinned.current = own.scrollHeight - own.scrollTop - own.clientHeight < 60;
    if (pinned.current) setBehind(false);
  };
  return html`
    <div class="message-list" ref=${list} onScroll=${scrolled} tabindex="0" role="region" aria-label=${label}>
      <ol role="list">
        ${messages.map((message, i) => html`<${Entry} key=${`${message.channel}/${message.ts}`} message=${message} before=${messages[i - 1]} reader=${reader} inThread=${inThread} />`)}
      </ol>
      ${messages.length === 0 && html`<p class="empty">Nothing here yet.</p>`}
    </div>
    ${behind && html`<button type="button" class="button newer" onClick=${toEnd}>Newer messages ↓</button>`}`;
}

interface EntryOf {
  readonly message: PageMessage;
  readonly before: PageMessage | undefined;
  readonly reader: { readonly zone: string; readonly now: Date };
  readonly inThread: boolean;
}

function Entry({ message, before, reader, inThread }: EntryOf): VNode {
  const at = timeOf(message.ts);
  const newDay = !before || dayKey(timeOf(before.ts), reader.zone) !== dayKey(at, reader.zone);
  const soon = before !== undefined && at.getTime() - timeOf(before.ts).getTime() < closeTogetherMs;
  const follows =
    !newDay &&
    soon &&
    before.user === message.user &&
    before.ephemeral === message.ephemeral &&
    message.blocks.length === 0;
  return html`
    <li>
      ${newDay && !inThread && html`<div class="day"><span>${dayWords(at, reader)}</span></div>`}
      <${MessageView} message=${message} follows=${follows} inThread=${inThread} />
    </li>`;
}
