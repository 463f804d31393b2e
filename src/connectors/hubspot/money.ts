import { inChunks } from '../batches.ts';
import type { CallContext, Write } from '../connector.ts';
import { sortOut } from '../records.ts';
import type { HubSpotClient } from './client.ts';
import { isAmount } from './fields.ts';
import { batchSize, linkOf } from './objects.ts';
import { type CrmRecord, crmRecord } from './schema.ts';

/** What is the same for all deals of an account. */
interface Home {
  /** ISO 4217; null where the account does not say. */
  readonly home: string | null;
  /** True where deals may have others. */
  readonly several: boolean;
  /** Where its deals have their pages; null where it does not say. */
  readonly pages: string | null;
}

/** In which currency deals are: HubSpot keeps the numbers of amounts, and one currency for the whole deal. */
export interface Money {
  /** Of a deal; null where nobody says. Throws VendorError. */
  currencyOf(call: CallContext): Promise<(deal: CrmRecord) => string | null>;
  /** The page of a deal in HubSpot; null where nobody says. Throws VendorError. */
  pageOf(call: CallContext): Promise<(deal: CrmRecord) => string | null>;
  /** Why amounts cannot be written, by the keys of the writes: they are in another currency than the deal. Throws VendorError. */
  refuse(writes: readonly Write[], call: CallContext): Promise<ReadonlyMap<string, string>>;
}

export const currencyProperty = 'deal_currency_code';

export function dealMoney(client: HubSpotClient): Money {
  let known: Home | null = null;
  const homeOf = async (call: CallContext): Promise<Home> => {
    if (known) return known;
    const { companyCurrency, additionalCurrencies, uiDomain, portalId } = await client.details(call);
    known = {
      home: companyCurrency ?? null,
      several: (additionalCurrencies ?? []).length > 0,
      pages: uiDomain ? `https://${uiDomain}/contacts/${portalId}/record/0-3/` : null,
    };
    return known;
  };
  const currencyOf: Money['currencyOf'] = async (call) => {
    const { home } = await homeOf(call);
    return ({ properties }) => properties[currencyProperty]?.trim().toUpperCase() || home;
  };
  return {
    currencyOf,
    pageOf: async (call) => {
      const { pages } = await homeOf(call);
      // An answer may leave its page out.
      return (deal) => linkOf(deal) ?? (pages && pages + deal.id);
    },
    refuse: async (writes, call) => {
      const asked = writes.filter(({ fields }) => Object.values(fields).some(isAmount));
      if (asked.length === 0) return new Map();
      const { home, several } = await homeOf(call);
      const isPlain = (write: Write) => !several && currenciesIn(write).every((one) => one === home);
      const unsure = asked.filter((write) => !isPlain(write));
      const ids = [...new Set(unsure.map(({ externalId }) => externalId))];
      const deals = await readCurrencies(client, ids, call);
      const of = await currencyOf(call);
      return new Map(
        unsure.flatMap((write) => {
          const deal = deals.get(write.externalId);
          const other = deal && currenciesIn(write).find((currency) => currency !== of(deal));
          return other
            ? [
                [
                  write.key,
                  `the amounts are in ${other}, and this deal is in ${of(deal) ?? 'no currency'}`,
                ] as const,
              ]
            : [];
        }),
      );
    },
  };
}

const currenciesIn = ({ fields }: Write): string[] =>
  Object.values(fields).flatMap((value) => (isAmount(value) ? [value.currency] : []));

async function readCurrencies(
  client: HubSpotClient,
  ids: readonly string[],
  call: CallContext,
): Promise<ReadonlyMap<string, CrmRecord>> {
  const found = new Map<string, CrmRecord>();
  for (const batch of inChunks(ids, batchSize)) {
    const { data } = await client.batchRead('deals', batch, { properties: [currencyProperty] }, call);
    for (const deal of sortOut(data.results, crmRecord, ({ id }) => id).good) found.set(deal.id, deal);
  }
  return found;
}
