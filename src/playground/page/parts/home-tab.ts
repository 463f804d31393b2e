import type { KnownBlock } from '@slack/types';
import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { StateValues } from '../../page-server/api.ts';
import { Blocks } from '../blocks/blocks.ts';
import { type Surface, SurfaceContext } from '../blocks/surface.ts';
import { usePage } from '../context.ts';
import { valuesOf, withValue } from '../form.ts';

/** The app's Home tab, as the app published it for this person; opening it tells the app. */
export function HomeTab(): VNode {
  const { model, send } = usePage();
  const { me, home } = model;
  const [entered, setEntered] = useState<StateValues>({});
  useEffect(() => void send('home', { as: me }), [me]);
  const blocks = (home?.view.blocks ?? []) as readonly KnownBlock[];
  const values = valuesOf(blocks, entered);
  const surface: Surface = {
    values,
    errors: {},
    change: (blockId, actionId, value) => setEntered((now) => withValue(now, blockId, actionId, value)),
    act: async (blockId, actionId, value, changed) => {
      if (!home) return;
      const press = { as: me, channel: null, ts: null, viewId: home.id, blockId, actionId, value };
      await send('action', { ...press, values: changed ?? values });
    },
  };
  return html`
    <main class="channel" aria-label="Truce">
      <section class="conversation" aria-label="Home of Truce">
        <header class="channel-head"><h1>Truce</h1><p>Home</p></header>
        <div class="message-list home" tabindex="0" role="region" aria-label="Home">
          ${home ? html`<${SurfaceContext.Provider} value=${surface}><${Blocks} blocks=${blocks} /><//>` : html`<p class="empty">Opening…</p>`}
        </div>
      </section>
    </main>`;
}
