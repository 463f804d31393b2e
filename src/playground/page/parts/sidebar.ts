import { html } from 'htm/preact';
import type { VNode } from 'preact';
import type { PageChannel } from '../../page-server/api.ts';
import { usePage } from '../context.ts';
import { homeTab, unread } from '../model.ts';
import { Face } from './message.ts';

export function Sidebar({ shown }: { shown: () => void }): VNode {
  const { model } = usePage();
  return html`
    <nav class="sidebar" aria-label="Channels">
      <${Rooms} title="Channels" rooms=${model.channels.filter((room) => !room.isDirect)} shown=${shown} />
      <${Rooms} title="Direct messages" rooms=${model.channels.filter((room) => room.isDirect)} shown=${shown} />
      <${Apps} shown=${shown} />
      <${WhoIAm} />
    </nav>`;
}

function Rooms({
  title,
  rooms,
  shown,
}: {
  title: string;
  rooms: readonly PageChannel[];
  shown: () => void;
}): VNode | null {
  const { model, dispatch } = usePage();
  if (rooms.length === 0) return null;
  const open = (room: PageChannel) => {
    dispatch({ type: 'open_channel', channel: room.id });
    shown();
  };
  return html`
    <section>
      <h2>${title}</h2>
      <ul role="list">
        ${rooms.map((room) => {
          const count = unread(model, room.id);
          const name = room.isDirect ? room.name : `#${room.name}`;
          return html`
            <li key=${room.id}>
              <button type="button" class=${count > 0 ? 'room unread' : 'room'} aria-current=${room.id === model.channel ? 'page' : undefined}
                aria-label=${count > 0 ? `${name}, ${count} unread` : name} onClick=${() => open(room)}>
                <span class="hash" aria-hidden="true">${room.isDirect ? '@' : '#'}</span><span class="room-name">${room.name}</span>
                ${count > 0 && html`<span class="count" aria-hidden="true">${count > 99 ? '99+' : count}</span>`}
              </button>
            </li>`;
        })}
      </ul>
    </section>`;
}

/** The app, with its Home tab. */
function Apps({ shown }: { shown: () => void }): VNode {
  const { model, dispatch } = usePage();
  const open = () => {
    dispatch({ type: 'open_channel', channel: homeTab });
    shown();
  };
  return html`
    <section>
      <h2>Apps</h2>
      <ul role="list">
        <li>
          <button type="button" class="room" aria-current=${model.channel === homeTab ? 'page' : undefined} aria-label="Truce, Home" onClick=${open}>
            <span class="hash" aria-hidden="true">◇</span><span class="room-name">Truce</span>
          </button>
        </li>
      </ul>
    </section>`;
}

/** The switch: whose eyes and hands one has. */
function WhoIAm(): VNode {
  const { model, dispatch } = usePage();
  return html`
    <fieldset class="who">
      <legend>Who I am</legend>
      ${model.users
        .filter((user) => user.part !== null)
        .map(
          (user) => html`
            <label key=${user.id} class=${user.id === model.me ? 'person me' : 'person'}>
              <input type="radio" name="who" value=${user.id} checked=${user.id === model.me} onChange=${() => dispatch({ type: 'become', user: user.id })} />
              <${Face} name=${user.name} isBot=${false} />
              <span><strong>${user.name}</strong><small>${user.part}</small></span>
            </label>`,
        )}
    </fieldset>`;
}
