import { html } from 'htm/preact';
import type { VNode } from 'preact';
import type { Card } from '../../vendors/vendor.ts';
import { usePage } from '../context.ts';
import { typingKey } from '../model.ts';
import { type Difference, differences } from '../words/differences.ts';
import { folded, type Row, rowsOf } from '../words/fields.ts';
import { absentFrom, kinds } from '../words/kinds.ts';
import { CardRow } from './card-row.ts';
import { Deeds } from './deeds.ts';
import { faultWords } from './faults.ts';
import { Finder } from './finder.ts';
import { KindSwitch } from './kind-switch.ts';
import { MoreRows } from './more-rows.ts';

/** One customer, product or sale as each system holds it right now. */
export function Cards(): VNode {
  const { model } = usePage();
  const compare = differences(model.cards, model.kind);
  return html`
    <aside class="cards" aria-label=${kinds[model.kind].cards}>
      <header class="cards-head"><${KindSwitch} /><${Finder} key=${model.kind} /></header>
      ${model.cards.map((card) => html`<${CardView} key=${`${model.kind} ${card.system} ${card.externalId}`} card=${card} compare=${compare} />`)}
      ${model.cards.length > 0 && absentFrom(model.kind, model.cards).map((words) => html`<p class="absent" key=${words}>${words}</p>`)}
      ${model.cards.length === 0 && html`<p class="empty">There is nothing to show.</p>`}
    </aside>`;
}

interface CardOf {
  readonly card: Card;
  readonly compare: (card: Card, row: Row) => { readonly mark: Difference; readonly words: string };
}

function CardView({ card, compare }: CardOf): VNode {
  const { model } = usePage();
  const typed = typedInto(card, model.typing);
  const saved = new Map(rowsOf(card, {}, model.kind).map((row) => [row.id, row]));
  const fault = model.faults[card.system];
  const state = (row: Row) => {
    const { mark, words } = compare(card, saved.get(row.id) ?? row);
    return { differs: mark === 'differs', words, typing: row.fields.some((field) => field.key in typed) };
  };
  const astir = (row: Row) => state(row).differs || state(row).typing;
  const line = (row: Row) => html`<${CardRow} key=${row.id} card=${card} row=${row} ...${state(row)} />`;
  const { inSight, under } = folded(rowsOf(card, typed, model.kind), model.kind);
  return html`
    <section class=${`card ${card.system}`} aria-label=${card.label}>
      <header>
        <h2>${card.label}</h2>
        ${fault && html`<span class="broken">${faultWords(fault)}</span>`}
        <span class="card-title">${card.title}</span>
      </header>
      <div class="card-rows">
        ${inSight.map(line)}
        ${
          under.length > 0 &&
          html`<${MoreRows} count=${under.length} astir=${under.filter(astir).length} of=${card.label}>${under.map(line)}</${MoreRows}>`
        }
      </div>
      <${Deeds} card=${card} />
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
