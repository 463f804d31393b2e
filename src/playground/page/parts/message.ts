import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { PageMessage, StateValues } from '../../page-server/api.ts';
import { Blocks } from '../blocks/blocks.ts';
import { type Surface, SurfaceContext } from '../blocks/surface.ts';
import { Mrkdwn } from '../blocks/words.ts';
import { type Page, usePage, userOf } from '../context.ts';
import { valuesOf, withValue } from '../form.ts';
import { clockTime, timeOf } from '../words/dates.ts';
import { initials } from '../words/label.ts';
import { Menu } from './popup.ts';

interface MessageOf {
  readonly message: PageMessage;
  /** Written by the same person shortly after the message before: the face is not repeated. */
  readonly follows: boolean;
  readonly inThread: boolean;
}

export function MessageView({ message, follows, inThread }: MessageOf): VNode {
  const page = usePage();
  const { model, reader } = page;
  const [entered, setEntered] = useState<StateValues>({});
  const user = userOf(model, message.user);
  const time = clockTime(timeOf(message.ts), reader.zone);
  const surface = messageSurface(page, message, entered, setEntered);
  return html`
    <article class=${`message ${follows ? 'follows' : ''} ${message.ephemeral ? 'ephemeral' : ''}`} aria-label=${`${user.name}, ${time}`}>
      <${Face} name=${user.name} isBot=${user.isBot} />
      <div class="message-body">
        ${message.ephemeral && html`<p class="only-you">Only visible to you</p>`}
        ${message.broadcast && !message.ephemeral && !inThread && html`<p class="only-you">Also sent to the channel, from a thread</p>`}
        <header class="message-head">
          <strong>${user.name}</strong>${user.isBot && html`<span class="badge">app</span>`}
          <time datetime=${timeOf(message.ts).toISOString()}>${time}</time>
          ${user.isBot && !message.ephemeral && html`<${MessageMenu} message=${message} />`}
        </header>
        <${SurfaceContext.Provider} value=${surface}>
          <div class="message-words" key=${message.edited ? message.blocks[0]?.block_id : 'first'}>
            ${message.blocks.length > 0 ? html`<${Blocks} blocks=${message.blocks} />` : html`<${Mrkdwn} text=${message.text} />`}
            ${message.files?.map((file) => html`<${FileView} file=${file} />`)}
            ${message.edited && html`<span class="edited">(edited)</span>`}
          </div>
        <//>
        ${!inThread && !message.ephemeral && html`<${ThreadLink} message=${message} />`}
      </div>
    </article>`;
}

/** What the app put into the menu of its messages. */
function MessageMenu({ message }: { message: PageMessage }): VNode | null {
  const { model, send } = usePage();
  if (model.shortcuts.length === 0) return null;
  const items = model.shortcuts.map(({ id, name }) => ({ id, label: name }));
  const choose = (id: string) =>
    void send('shortcut', { as: model.me, channel: message.channel, ts: message.ts, id });
  return html`<${Menu} label="More actions" items=${items} choose=${choose} className="more-actions">⋯<//>`;
}

/** A file of a message, to be taken from here: no server has it. */
function FileView({ file }: { file: { readonly name: string; readonly content: string } }): VNode {
  const kilobytes = Math.max(1, Math.round(file.content.length / 1024));
  const address = `data:application/octet-stream;charset=utf-8,${encodeURIComponent(file.content)}`;
  return html`<p class="file"><a href=${address} download=${file.name}>${file.name}</a> (${kilobytes} kB)</p>`;
}

function messageSurface(
  page: Page,
  message: PageMessage,
  entered: StateValues,
  enter: (values: StateValues) => void,
): Surface {
  const values = valuesOf(message.blocks, entered);
  return {
    values,
    errors: {},
    change: (blockId, actionId, value) => enter(withValue(entered, blockId, actionId, value)),
    act: async (blockId, actionId, value, changed) => {
      const { channel, ts } = message;
      await page.send('action', {
        as: page.model.me,
        channel,
        ts,
        viewId: null,
        blockId,
        actionId,
        value,
        values: changed ?? values,
      });
    },
  };
}

function ThreadLink({ message }: { message: PageMessage }): VNode {
  const { dispatch } = usePage();
  const count = message.replyCount;
  const open = () =>
    dispatch({
      type: 'open_thread',
      thread: { channel: message.channel, ts: message.threadTs ?? message.ts },
    });
  const words = count === 0 ? 'Reply in thread' : count === 1 ? '1 reply' : `${count} replies`;
  return html`<button type="button" class=${count === 0 ? 'thread-link quiet' : 'thread-link'} onClick=${open}>${words}</button>`;
}

export function Face({ name, isBot }: { name: string; isBot: boolean }): VNode {
  const hue = [...name].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 5;
  return html`<span class=${isBot ? 'face bot' : `face tint-${hue}`} aria-hidden="true">${initials(name)}</span>`;
}
