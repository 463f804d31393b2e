import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { usePage, userOf } from '../context.ts';
import { faultItems, faultKind } from './faults.ts';
import { Menu } from './popup.ts';

/** The one line that says what to do next, and three ways to stir things up. */
export function TopBar(): VNode {
  const { model, dispatch, send } = usePage();
  const me = userOf(model, model.me);
  const people = model.users
    .filter((user) => user.part !== null)
    .map((user) => ({ id: user.id, label: user.name, note: user.part ?? '', checked: user.id === model.me }));
  return html`
    <header class="top">
      <p class="brand"><span class="brand-mark" aria-hidden="true"></span>Practice workspace</p>
      <p class="guide" role="status" aria-label="Guide">${model.guide}</p>
      <div class="top-buttons" role="group" aria-label="Try">
        <${Menu} label="Break Xero" className=${model.faults.xero ? 'button danger' : 'button'} items=${faultItems(model.faults.xero)} choose=${(id: string) => send('break', { system: 'xero', kind: faultKind(id) })}>Break Xero<${Chevron} /><//>
        <button type="button" class="button" onClick=${() => send('burst', { count: 40 })} aria-label="Send 40 changes at once">
          <span class="long">Send 40 changes at once</span><span class="short">Send 40</span>
        </button>
        <${Menu} label="Be somebody else" items=${people} choose=${(user: string) => dispatch({ type: 'become', user })}>
          <span class="long">Be somebody else</span><span class="short">${me.name.split(' ')[0]}</span><${Chevron} />
        <//>
      </div>
    </header>`;
}

function Chevron(): VNode {
  return html`<svg class="chevron" viewBox="0 0 10 6" width="10" height="6" aria-hidden="true"><path d="M1 1l4 4 4-4" fill="none" stroke="currentColor" stroke-width="1.5" /></svg>`;
}
