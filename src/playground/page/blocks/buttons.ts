import type { Button, Confirm, Overflow } from '@slack/types';
import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { Dialog } from '../parts/dialog.ts';
import { Menu } from '../parts/popup.ts';
import { withEmoji } from '../words/emoji.ts';
import { cutLabel } from '../words/label.ts';
import { safeUrl } from '../words/mrkdwn.ts';
import { useSurface } from './surface.ts';
import { Words } from './words.ts';

interface Pressable<Of> {
  readonly element: Of;
  readonly blockId: string;
}

export function ButtonView({ element, blockId }: Pressable<Button>): VNode {
  const surface = useSurface();
  const [busy, setBusy] = useState(false);
  const [asking, setAsking] = useState(false);
  const label = element.text.emoji === false ? element.text.text : withEmoji(element.text.text);
  const { shown, cut } = cutLabel(label);
  const spoken = element.accessibility_label ?? (cut ? label : undefined);
  const press = async () => {
    setAsking(false);
    setBusy(true);
    if (element.url && safeUrl(element.url)) open(element.url, '_blank', 'noopener');
    await surface.act(blockId, element.action_id ?? '', element.value ?? null).finally(() => setBusy(false));
  };
  const click = () => {
    if (busy) return;
    if (element.confirm) setAsking(true);
    else press();
  };
  return html`
    <button type="button" class=${`button ${element.style ?? ''}`} title=${cut || element.accessibility_label ? (spoken ?? label) : undefined}
      aria-label=${spoken} aria-busy=${busy} onClick=${click}>${shown}</button>
    ${asking && element.confirm && html`<${ConfirmDialog} confirm=${element.confirm} yes=${press} no=${() => setAsking(false)} />`}`;
}

export function ConfirmDialog({
  confirm,
  yes,
  no,
}: {
  confirm: Confirm;
  yes: () => void;
  no: () => void;
}): VNode {
  return html`
    <${Dialog} title=${confirm.title?.text ?? 'Are you sure?'} close=${no} className="small">
      <div class="dialog-body"><${Words} text=${confirm.text} /></div>
      <footer class="dialog-foot">
        <button type="button" class="button" onClick=${no}>${confirm.deny?.text ?? 'Cancel'}</button>
        <button type="button" autofocus class=${`button ${confirm.style ?? 'primary'}`} onClick=${yes}>${confirm.confirm?.text ?? 'Yes'}</button>
      </footer>
    <//>`;
}

export function OverflowView({ element, blockId }: Pressable<Overflow>): VNode {
  const surface = useSurface();
  const [chosen, setChosen] = useState<string | null>(null);
  const act = (value: string) => {
    setChosen(null);
    const url = element.options.find((option) => option.value === value)?.url;
    if (url && safeUrl(url)) open(url, '_blank', 'noopener');
    return surface.act(blockId, element.action_id ?? '', value);
  };
  const items = element.options.map((option) => ({
    id: option.value ?? '',
    label: option.text.text,
    ...(option.description ? { note: option.description.text } : {}),
  }));
  return html`
    <${Menu} label="More actions" items=${items} className="button more" choose=${(id: string) => (element.confirm ? setChosen(id) : act(id))}>
      <span aria-hidden="true">•••</span>
    <//>
    ${chosen !== null && element.confirm && html`<${ConfirmDialog} confirm=${element.confirm} yes=${() => act(chosen)} no=${() => setChosen(null)} />`}`;
}
