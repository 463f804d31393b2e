import type { RichTextBlock, RichTextBlockElement, RichTextElement, RichTextList } from '@slack/types';
import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { EmojiView } from './emoji-view.ts';
import { DateWords, Mention, Outside } from './words.ts';

export function RichText({ block }: { block: RichTextBlock }): VNode {
  return html`<div class="rich">${block.elements.map((element) => html`<${Part} element=${element} />`)}</div>`;
}

function Part({ element }: { element: RichTextBlockElement }): VNode {
  switch (element.type) {
    case 'rich_text_section':
      return html`<p><${Run} elements=${element.elements} /></p>`;
    case 'rich_text_list':
      return html`<${List} list=${element} />`;
    case 'rich_text_quote':
      return html`<blockquote><${Run} elements=${element.elements} /></blockquote>`;
    case 'rich_text_preformatted':
      return html`<pre><${Run} elements=${element.elements} /></pre>`;
  }
}

function List({ list }: { list: RichTextList & { offset?: number } }): VNode {
  const items = list.elements.map((item) => html`<li><${Run} elements=${item.elements} /></li>`);
  const indent = `indent-${Math.min(list.indent ?? 0, 5)}`;
  return list.style === 'ordered'
    ? html`<ol class=${indent} start=${(list.offset ?? 0) + 1}>${items}</ol>`
    : html`<ul class=${indent}>${items}</ul>`;
}

function Run({ elements }: { elements: readonly RichTextElement[] }): VNode {
  return html`${elements.map((element) => html`<${Styled} style=${element.style}><${Leaf} element=${element} /><//>`)}`;
}

function Styled({ style, children }: { style: RichTextElement['style']; children: VNode }): VNode {
  let inside = children;
  if (style?.code) inside = html`<code>${inside}</code>`;
  if (style?.bold) inside = html`<strong>${inside}</strong>`;
  if (style?.italic) inside = html`<em>${inside}</em>`;
  if (style?.strike) inside = html`<s>${inside}</s>`;
  if ((style as { underline?: boolean } | undefined)?.underline) inside = html`<u>${inside}</u>`;
  return inside;
}

function Leaf({ element }: { element: RichTextElement }): VNode {
  switch (element.type) {
    case 'text':
      return html`${element.text}`;
    case 'link':
      return html`<${Outside} url=${element.url}>${element.text ?? element.url}<//>`;
    case 'user':
      return html`<${Mention} kind="user" id=${element.user_id} />`;
    case 'usergroup':
      return html`<${Mention} kind="group" id=${element.usergroup_id} />`;
    case 'channel':
      return html`<${Mention} kind="channel" id=${element.channel_id} />`;
    case 'emoji':
      return html`<${EmojiView} name=${element.name} />`;
    case 'date':
      return html`<${DateWords} ...${element} />`;
    case 'broadcast':
      return html`<span class="mention">@${element.range}</span>`;
    case 'color':
      return html`<span><span class="swatch" style=${{ background: element.value }}></span>${element.value}</span>`;
    default:
      return html`<span class="mention">@team</span>`;
  }
}
