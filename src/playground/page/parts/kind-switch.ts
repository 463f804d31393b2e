import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { usePage } from '../context.ts';
import { kindNames, kinds } from '../words/kinds.ts';

/** What the cards show: Customers, Products or Sales. */
export function KindSwitch(): VNode {
  const { model, send } = usePage();
  return html`
    <fieldset class="kinds">
      <legend class="unseen">What the cards show</legend>
      ${kindNames.map(
        (kind) => html`
        <label key=${kind} class=${kind === model.kind ? 'kind now' : 'kind'}>
          <input type="radio" name="kind" value=${kind} checked=${kind === model.kind} onChange=${() => send('show', { kind })} />${kinds[kind].many}
        </label>`,
      )}
    </fieldset>`;
}
