import type { KnownBlock } from '@slack/types';
import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { PageView, StateValues } from '../../page-server/api.ts';
import { Blocks } from '../blocks/blocks.ts';
import { type Surface, SurfaceContext } from '../blocks/surface.ts';
import { nowTs } from '../client.ts';
import { usePage } from '../context.ts';
import { missing, valuesOf, withValue } from '../form.ts';
import { Dialog } from './dialog.ts';

/** The topmost modal, with what was entered, the errors of each field, and its two ways out. */
export function Modal({ open }: { open: PageView }): VNode {
  const { model, send, dispatch } = usePage();
  const { id, view } = open;
  const [entered, setEntered] = useState<StateValues>({});
  const [refused, setRefused] = useState<{ of: PageView; errors: Record<string, string> } | null>(null);
  const [busy, setBusy] = useState(false);
  const blocks = view.blocks as readonly KnownBlock[];
  const values = valuesOf(blocks, entered);
  const surface: Surface = {
    values,
    errors: refused?.of === open ? refused.errors : open.errors,
    change: (blockId, actionId, value) => setEntered((now) => withValue(now, blockId, actionId, value)),
    act: async (blockId, actionId, value, changed) => {
      await send('action', {
        as: model.me,
        channel: null,
        ts: null,
        viewId: id,
        blockId,
        actionId,
        value,
        values: changed ?? values,
      });
    },
  };
  const submit = async (event: Event) => {
    event.preventDefault();
    const errors = missing(blocks, values);
    setRefused(Object.keys(errors).length > 0 ? { of: open, errors } : null);
    if (busy || Object.keys(errors).length > 0) return;
    setBusy(true);
    await send('submit', { as: model.me, viewId: id, values });
    setBusy(false);
  };
  const dismiss = () => {
    dispatch({ type: 'event', event: { type: 'view_closed', id }, at: nowTs() });
    send('dismiss', { as: model.me, viewId: id, values });
  };
  return html`
    <${Dialog} title=${view.title.text} close=${dismiss}>
      <form class="dialog-form" noValidate onSubmit=${submit}>
        <div class="dialog-body"><${SurfaceContext.Provider} value=${surface}><${Blocks} blocks=${blocks} /><//></div>
        <footer class="dialog-foot">
          <button type="button" class="button" onClick=${dismiss}>${view.close?.text ?? 'Close'}</button>
          ${view.submit && html`<button type="submit" class="button primary" aria-busy=${busy}>${view.submit.text}</button>`}
        </footer>
      </form>
    <//>`;
}
