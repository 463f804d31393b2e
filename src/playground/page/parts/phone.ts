import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { usePage, userOf } from '../context.ts';
import { clockTime, formatDate, recentTime } from '../words/dates.ts';

/** What the current person's lock screen shows: where, when, and the plain words of each notification, newest first. */
export function Phone(): VNode {
  const { model, reader } = usePage();
  const mine = model.notifications
    .filter((note) => note.to === model.me)
    .toSorted((a, b) => b.at.localeCompare(a.at));
  const name = userOf(model, model.me).name;
  const today = formatDate(reader.now.getTime() / 1000, '{date_long}', '', reader);
  return html`
    <section class="phone" aria-label=${`${name}’s phone`}>
      <header><p class="phone-time">${clockTime(reader.now, reader.zone)}</p><p>${today}</p></header>
      <ol role="list" aria-label="Notifications">
        ${mine.map(
          (note) => html`
          <li key=${note.id} class="note">
            <header><strong>${note.where}</strong><time datetime=${note.at}>${recentTime(new Date(note.at), reader)}</time></header>
            <p>${note.text}</p>
          </li>`,
        )}
      </ol>
      ${mine.length === 0 && html`<p class="empty">Nothing has rung for ${name}. Mentions and direct messages do.</p>`}
    </section>`;
}
