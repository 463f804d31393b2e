import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Kind } from '../../page-server/api.ts';
import { usePage } from '../context.ts';
import { kindNames, kinds } from '../words/kinds.ts';

/** What the cards show: Customers, Products or Sales. */
export function KindSwitch(): VNode {
  const { model, send } = usePage();
  // What was chosen stands at once; the cards follow when the server says so to everybody.
  const [chosen, setChosen] = useState<Kind | null>(null);
  useEffect(() => setChosen(null), [model.kind]);
  const now = chosen ?? model.kind;
  const choose = async (kind: Kind) => {
    setChosen(kind);
    if (!(await send('show', { kind }))) setChosen(null);
  };
  return html`
    <fieldset class="kinds">
      <legend class="unseen">What the cards show</legend>
      ${kindNames.map(
        (kind) => html`
        <label key=${kind} class=${kind === now ? 'kind now' : 'kind'}>
          <input type="radio" name="kind" value=${kind} checked=${kind === now} onChange=${() => choose(kind)} />${kinds[kind].many}
        </label>`,
      )}
    </fieldset>`;
}
