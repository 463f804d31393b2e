import type { TextObject } from '@slack/types';
import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { usePage, userOf } from '../context.ts';
import { homeTab } from '../model.ts';
import { ago, formatDate } from '../words/dates.ts';
import { withEmoji } from '../words/emoji.ts';
import { type Inline, type Paragraph, parseMrkdwn, safeUrl } from '../words/mrkdwn.ts';
import { EmojiView } from './emoji-view.ts';

/** A text object of Block Kit. Plain text stays plain; everything else is parsed, never trusted as HTML. */
export function Words({ text }: { text: TextObject }): VNode {
  if (text.type === 'plain_text')
    return html`<span class="plain">${text.emoji === false ? text.text : withEmoji(text.text)}</span>`;
  return html`<${Mrkdwn} text=${text.text} />`;
}

export function Mrkdwn({ text }: { text: string }): VNode {
  return html`<div class="mrkdwn">${parseMrkdwn(text).map((part) => html`<${ParagraphView} part=${part} />`)}</div>`;
}

function ParagraphView({ part }: { part: Paragraph }): VNode {
  if (part.kind === 'preformatted') return html`<pre>${part.text}</pre>`;
  const inside = part.inside.map((inline) => html`<${InlineView} inline=${inline} />`);
  return part.kind === 'quote' ? html`<blockquote>${inside}</blockquote>` : html`<p>${inside}</p>`;
}

function InlineView({ inline }: { inline: Inline }): VNode {
  switch (inline.kind) {
    case 'text':
      return html`${inline.text}`;
    case 'bold':
      return html`<strong>${inline.inside.map((each) => html`<${InlineView} inline=${each} />`)}</strong>`;
    case 'italic':
      return html`<em>${inline.inside.map((each) => html`<${InlineView} inline=${each} />`)}</em>`;
    case 'strike':
      return html`<s>${inline.inside.map((each) => html`<${InlineView} inline=${each} />`)}</s>`;
    case 'code':
      return html`<code>${inline.text}</code>`;
    case 'link':
      return html`<${Outside} url=${inline.url}>${inline.text}<//>`;
    case 'date':
      return html`<${DateWords} ...${inline} />`;
    case 'emoji':
      return html`<${EmojiView} name=${inline.name} />`;
    case 'everybody':
      return html`<span class="mention">@${inline.range}</span>`;
    default:
      return html`<${Mention} kind=${inline.kind} id=${inline.id} label=${inline.label} />`;
  }
}

interface MentionOf {
  kind: 'user' | 'channel' | 'group';
  id: string;
  label?: string | null;
}

export function Mention({ kind, id, label }: MentionOf): VNode {
  const { model, dispatch } = usePage();
  if (kind === 'group') return html`<span class="mention">@${label?.replace(/^@/, '') ?? 'a group'}</span>`;
  if (kind === 'user') {
    const mine = id === model.me;
    return html`<span class=${mine ? 'mention me' : 'mention'}>@${userOf(model, id).name}</span>`;
  }
  const channel = model.channels.find((known) => known.id === id);
  if (!channel) return html`<span class="mention">#${label ?? 'another channel'}</span>`;
  return html`<button type="button" class="mention" onClick=${() => dispatch({ type: 'open_channel', channel: id })}>#${channel.name}</button>`;
}

export function Outside({ url, children }: { url: string; children: unknown }): VNode {
  const { dispatch } = usePage();
  // Slack opens its own places by itself; of those this page has the app's Home tab.
  if (url.startsWith('slack://app?'))
    return html`<button type="button" class="mention" onClick=${() => dispatch({ type: 'open_channel', channel: homeTab })}>${children}</button>`;
  if (!safeUrl(url)) return html`<span>${children}</span>`;
  return html`<a href=${url} target="_blank" rel="noopener noreferrer">${children}</a>`;
}

interface DateOf {
  timestamp: number;
  format: string;
  fallback?: string;
  url?: string | null;
}

export function DateWords({ timestamp, format, fallback, url }: DateOf): VNode {
  const { reader } = usePage();
  const words = formatDate(timestamp, format, fallback ?? '', reader);
  const at = new Date(timestamp * 1000);
  const time = Number.isNaN(at.getTime())
    ? html`<span>${words}</span>`
    : html`<time datetime=${at.toISOString()} title=${`${fallback ?? ''} (${ago(at, reader.now)})`.trim()}>${words}</time>`;
  return url ? html`<${Outside} url=${url}>${time}<//>` : time;
}
