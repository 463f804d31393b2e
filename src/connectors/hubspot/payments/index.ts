import type { Connector } from '../../connector.ts';
import type { Account } from '../account.ts';
import { numbered } from '../deals/won.ts';
import { type InObjects, objectConnector, observation } from '../in-objects.ts';
import { currencyProperty, type Money } from '../money.ts';
import { paymentFields } from './map.ts';

const shape = { role: 'deal_payment', fields: paymentFields, makes: null } as const;

/** What the deals that carry an invoice's number say of its payments. */
export function hubspotPayments({ client }: Account, money: Money): Connector {
  const payments: InObjects = {
    ...shape,
    type: 'deals',
    what: 'payments of deals',
    noun: 'deal',
    also: [currencyProperty],
    which: [[numbered]],
    observe: async (_records, _how, call) => {
      const currencyOf = await money.currencyOf(call);
      return (deal, drift) => observation(deal, shape, drift, currencyOf(deal));
    },
    refuse: money.refuse,
  };
  return objectConnector(client, payments);
}
