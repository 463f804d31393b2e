import type { InputBlock, KnownBlock, SectionBlock, TextObject } from '@slack/types';
import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useId } from 'preact/hooks';
import { withEmoji } from '../words/emoji.ts';
import { ButtonView, OverflowView } from './buttons.ts';
import { ChecksView, RadioView, SelectView, TextView } from './inputs.ts';
import { RichText } from './rich-text.ts';
import { useSurface } from './surface.ts';
import { Words } from './words.ts';

export function Blocks({ blocks }: { blocks: readonly KnownBlock[] }): VNode {
  return html`<div class="blocks">${blocks.map((block, i) => html`<${BlockView} key=${block.block_id ?? i} block=${block} />`)}</div>`;
}

function BlockView({ block }: { block: KnownBlock }): VNode {
  const blockId = block.block_id ?? '';
  switch (block.type) {
    case 'header':
      return html`<h3>${block.text.emoji === false ? block.text.text : withEmoji(block.text.text)}</h3>`;
    case 'section':
      return html`<${Section} block=${block} />`;
    case 'rich_text':
      return html`<${RichText} block=${block} />`;
    case 'actions':
      return html`<div class="actions">${block.elements.map((element) => html`<${ElementView} key=${element.action_id} element=${element} blockId=${blockId} />`)}</div>`;
    case 'context':
      return html`<div class="context">${block.elements.map((element) => (element.type === 'image' ? html`<${Picture} image=${element} />` : html`<${Words} text=${element} />`))}</div>`;
    case 'divider':
      return html`<hr />`;
    case 'image':
      return html`<figure>${block.title && html`<figcaption>${block.title.text}</figcaption>`}<${Picture} image=${block} /></figure>`;
    case 'input':
      return html`<${Input} block=${block} />`;
    case 'alert':
      return html`<div class=${`alert ${block.level ?? 'default'}`} role="note"><${Words} text=${block.text} /></div>`;
    default:
      return html`<p class="unshown">A “${block.type}” block, which the practice workspace does not show.</p>`;
  }
}

function Section({ block }: { block: SectionBlock }): VNode {
  return html`
    <div class="section">
      <div class="section-words">
        ${block.text && html`<${Words} text=${block.text} />`}
        ${block.fields && html`<div class="fields">${block.fields.map((field: TextObject) => html`<div><${Words} text=${field} /></div>`)}</div>`}
      </div>
      ${block.accessory && html`<div class="accessory"><${ElementView} element=${block.accessory} blockId=${block.block_id ?? ''} /></div>`}
    </div>`;
}

function Input({ block }: { block: InputBlock }): VNode {
  const surface = useSurface();
  const [label, help] = [useId(), useId()];
  const error = surface.errors[block.block_id ?? ''];
  const described = error || block.hint ? help : undefined;
  return html`
    <div class=${error ? 'input invalid' : 'input'}>
      <div class="input-label" id=${label}>${block.label.text}${block.optional && html` <span class="optional">(optional)</span>`}</div>
      <${ElementView} element=${block.element} blockId=${block.block_id ?? ''} waits=${!block.dispatch_action} labelId=${label} describedBy=${described} invalid=${Boolean(error)} />
      ${error ? html`<p class="input-error" id=${help} role="alert">${error}</p>` : block.hint && html`<p class="input-hint" id=${help}>${block.hint.text}</p>`}
    </div>`;
}

function Picture({ image }: { image: { alt_text: string; image_url?: string } }): VNode {
  const url = image.image_url ?? '';
  return /^https?:\/\//.test(url)
    ? html`<img src=${url} alt=${image.alt_text} loading="lazy" />`
    : html`<span class="unshown">${image.alt_text}</span>`;
}

/** One interactive element, by its type. */
function ElementView(props: { element: { type: string }; blockId: string }): VNode {
  const { type } = props.element;
  if (type === 'button' || type === 'workflow_button') return html`<${ButtonView} ...${props} />`;
  if (type === 'overflow') return html`<${OverflowView} ...${props} />`;
  if (type === 'image') return html`<${Picture} image=${props.element} />`;
  if (type === 'radio_buttons') return html`<${RadioView} ...${props} />`;
  if (type === 'checkboxes' || type === 'multi_static_select') return html`<${ChecksView} ...${props} />`;
  if (/^(static|users|channels|conversations)_select$/.test(type)) return html`<${SelectView} ...${props} />`;
  if (/_input$|^datepicker$|^timepicker$/.test(type) && type !== 'file_input' && type !== 'rich_text_input')
    return html`<${TextView} ...${props} />`;
  return html`<span class="unshown">A “${type}” element, which the practice workspace does not show.</span>`;
}
