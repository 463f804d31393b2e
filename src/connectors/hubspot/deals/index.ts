import type { CallContext, Connector } from '../../connector.ts';
import type { Account } from '../account.ts';
import { associatedWith } from '../associations.ts';
import { type InObjects, kindOf, objectConnector } from '../in-objects.ts';
import { currencyProperty, type Money } from '../money.ts';
import type { CrmRecord } from '../schema.ts';
import { lineHint } from '../webhook.ts';
import { readBelonging } from './belonging.ts';
import { changedDeals, dealsOfLines } from './changed.ts';
import { amountProperty, factsOf } from './facts.ts';
import { besideProperties } from './map.ts';
import { dealShape, leftOut, sold, unsold } from './observe.ts';
import { closedProperty, countsAsSale, stageProperty, wonBefore } from './won.ts';

/** HubSpot's deals, with their lines, as invoices: those that were won, and those that have an invoice already. */
export function hubspotDeals(account: Account, money: Money): Connector {
  const { client, wonStages, wonSince, timeZone } = account;
  const deals: InObjects = {
    ...dealShape,
    type: 'deals',
    noun: 'deal',
    also: [stageProperty, closedProperty, amountProperty, currencyProperty],
    beside: besideProperties,
    observe: async (records, how, call) => {
      const [currencyOf, pageOf] = [await money.currencyOf(call), await money.pageOf(call)];
      const more = (deal: CrmRecord) => {
        const currency = currencyOf(deal);
        return { currency, page: pageOf(deal), facts: factsOf(deal, wonStages, currency) };
      };
      const isSold = (deal: CrmRecord) => deal.archived !== true && countsAsSale(deal, wonStages);
      const isLeft = (deal: CrmRecord) => isSold(deal) && wonBefore(deal, wonSince, timeZone);
      const ids = records.filter((deal) => isSold(deal) && !isLeft(deal)).map(({ id }) => id);
      const belonging = await readBelonging(client, ids, how, call);
      return (deal, drift) => {
        if (isLeft(deal)) return leftOut(deal, drift, more(deal));
        return isSold(deal) ? sold(deal, belonging, drift, more(deal)) : unsold(deal, drift, more(deal));
      };
    },
    changed: (since, until, call) => changedDeals(client, kindOf(deals), wonStages, { since, until }, call),
    resolve: (hinted, call) => resolveLines(account, hinted, call),
    // The deals, whose they are, which lines they have, those lines (some hundreds), and their products.
    costs: { read: { calls: 9, records: 100 } },
    refuse: money.refuse,
  };
  return objectConnector(client, deals);
}

/** The deals that are meant by hints of a webhook: a line stands for the deal that it belongs to. */
async function resolveLines(
  { client }: Account,
  hinted: readonly string[],
  call: CallContext,
): Promise<readonly string[]> {
  const lines = hinted.flatMap((hint) => lineHint.read(hint) ?? []);
  const named = hinted.filter((hint) => lineHint.read(hint) === null);
  if (lines.length === 0) return named;
  const theirs = await associatedWith(client, dealsOfLines, lines, call);
  return [...new Set([...named, ...[...theirs.values()].flat().map(({ id }) => id)])];
}
