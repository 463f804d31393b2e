import { dealFacts } from '../../../entities/proof/deal-facts.ts';
import type { Observation } from '../../connector.ts';
import { notRead } from '../../observed.ts';
import { inAmount } from '../fields.ts';
import type { CrmRecord } from '../schema.ts';
import { isWon, stageProperty } from './won.ts';

/** What the sales team, or HubSpot by the lines, says that a deal comes to. */
export const amountProperty = 'amount';

const amount = inAmount(amountProperty);

/**
 * What the money proof asks of a deal: whether it is won, which a deal with an invoice tells by its stage alone, and its amount, which
 * may be all that it says where nobody gave it lines. Pure.
 */
export const factsOf = (
  deal: CrmRecord,
  wonStages: readonly string[],
  currency: string | null,
): NonNullable<Observation['facts']> => ({
  [dealFacts.isWon]:
    stageProperty in deal.properties ? { state: 'value', value: isWon(deal, wonStages) } : notRead,
  [dealFacts.amount]:
    amountProperty in deal.properties ? amount.read(deal.properties[amountProperty], currency) : notRead,
});
