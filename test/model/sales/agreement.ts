import type { Agreement, ConnectionTerms, Flow } from '#src/agreement/agreement.ts';
import { loadAgreement } from '#src/agreement/load.ts';
import type { Overlay } from '#src/agreement/read.ts';
import type { Dice } from '../dice.ts';
import { deciders } from '../people.ts';

/** In the order in which one waits for another. */
export const flowIds = ['customers', 'products', 'stock', 'invoices', 'payments'] as const;
export type FlowId = (typeof flowIds)[number];

/** `truce.yml` as it is, but for what another company may well say otherwise: how invoices begin, and what follows when one is gone. */
export async function salesAgreement(overlay: Overlay, dice: Dice): Promise<Agreement> {
  const loaded = await loadAgreement('truce.yml', overlay);
  if (!loaded.ok) throw new Error(loaded.problems.map(({ message }) => message).join(' '));
  const { agreement } = loaded;
  const flows = flowIds.map((id): [string, Flow] => {
    const flow = agreement.flows[id];
    if (!flow) throw new Error(`truce.yml has no flow ${id}`);
    return [id, { ...flow, ...usual(dice.of(id)) }];
  });
  const status = dice.pick(['draft', 'authorised'] as const);
  const connections = Object.entries(agreement.connections).map(([id, terms]): [string, ConnectionTerms] => [
    id,
    terms.system === 'xero' ? { ...terms, newInvoices: { status, account: '200', dueDays: 30 } } : terms,
  ]);
  return { ...agreement, flows: Object.fromEntries(flows), connections: Object.fromEntries(connections) };
}

const usual = (dice: Dice): Partial<Flow> => ({
  deciders: [...deciders],
  // Few products are soon all of them: what stops at much is tried with customers.
  safetyStop: { records: 1000, percent: 100 },
  whenGone: dice.pick(['ask', 'ignore']),
  sweep: '30 2 * * *',
});
