import { html } from 'htm/preact';
import type { VNode } from 'preact';
import type { Card } from '../../vendors/vendor.ts';
import { usePage } from '../context.ts';
import { typingKey } from '../model.ts';
import { customerId } from '../words/customer-id.ts';
import { type Difference, differences, type Row, rowsOf } from '../words/fields.ts';
import { CardRow } from './card-row.ts';
import { faultWords } from './faults.ts';

/** One customer as each system holds it right now. */
export function Cards(): VNode {
  const { model, send } = usePage();
  const compare = differences(model.cards);
  return html`
    <aside class="cards" aria-label="The customer in each system">
      <header class="cards-head">
        <label for="customer">One customer, three systems</label>
        <select id="customer" aria-label="Customer" value=${customerId(model.cards)} onChange=${(event: Event) => send('focus', { id: (event.target as HTMLSelectElement).value })}>
          ${model.customers.map((customer) => html`<option key=${customer.id} value=${customer.id}>${customer.title}</option>`)}
        </select>
      </header>
      ${model.cards.map((card) => html`<${CardView} key=${`${card.system} ${card.externalId}`} card=${card} compare=${compare} />`)}
      ${model.cards.length === 0 && html`<p class="empty">No customer is chosen.</p>`}
    </aside>`;
}

interface CardOf {
  readonly card: Card;
  readonly compare: (card: Card, row: Row) => { readonly mark: Difference; readonly words: string };
}

function CardView({ card, compare }: CardOf): VNode {
  const { model } = usePage();
  const typed = typedInto(card, model.typing);
  const saved = new Map(rowsOf(card).map((row) => [row.id, row]));
  const fault = model.faults[card.system];
  return html`
    <section class=${`card ${card.system}`} aria-label=${card.label}>
      <header>
        <h2>${card.label}</h2>
        ${fault && html`<span class="broken">${faultWords(fault)}</span>`}
        <span class="card-title">${card.title}</span>
      </header>
      <div class="card-rows">
        ${rowsOf(card, typed).map((row) => {
          const { mark, words } = compare(card, saved.get(row.id) ?? row);
          const typing = row.fields.some((field) => field.key in typed);
          return html`<${CardRow} key=${row.id} card=${card} row=${row} differs=${mark === 'differs'} words=${words} typing=${typing} />`;
        })}
      </div>
    </section>`;
}

function typedInto(card: Card, typing: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    card.fields.flatMap(({ key }) => {
      const value = typing[typingKey(card.system, card.externalId, key)];
      return value === undefined ? [] : [[key, value]];
    }),
  );
}
