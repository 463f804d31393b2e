import type { Clock } from '../../../clock.ts';
import type { Store } from '../../store.ts';
import { alongDeals, alongLines, netPrice } from './along.ts';
import type { Ends } from './associations.ts';
import { type CrmEvent, type Objects, openObjects, type RecordSeed } from './state.ts';

/** A deal as it was before anybody looked, with its lines. */
export interface DealSeed extends RecordSeed {
  readonly companyId: string | null;
  readonly lines: readonly RecordSeed[];
}

interface SalesOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly products: readonly RecordSeed[];
  readonly deals: readonly DealSeed[];
  happened(events: readonly CrmEvent[]): void;
}

/** Products, deals and the lines of deals. */
export interface Sales {
  readonly products: Objects;
  readonly deals: Objects;
  readonly line_items: Objects;
}

export function openSales({ products: goods, deals: won, ...shared }: SalesOptions): Sales {
  const products = openObjects({ ...shared, type: 'products', seed: goods });
  const lines = won.flatMap((deal) => deal.lines.map(withNetPrice));
  return {
    products,
    deals: openObjects({ ...shared, type: 'deals', seed: won.map(withAmount), along: alongDeals }),
    line_items: openObjects({ ...shared, type: 'line_items', seed: lines, along: alongLines(products) }),
  };
}

/** HubSpot adds up the lines of a deal, unless somebody typed its amount. */
const withAmount = (deal: DealSeed): DealSeed => {
  const cents = deal.lines.reduce(
    (sum, line) => sum + Math.round(Number(withNetPrice(line).properties.amount) * 100),
    0,
  );
  const amount = deal.lines.length > 0 ? { amount: (cents / 100).toFixed(2) } : {};
  return { ...deal, properties: { ...amount, ...deal.properties } };
};

const withNetPrice = (line: RecordSeed): RecordSeed => ({
  ...line,
  properties: { ...line.properties, amount: netPrice((name) => line.properties[name] ?? '') },
});

/** Which company and which lines each deal has. */
export const endsOfDeals = (deals: readonly DealSeed[]): Ends[] =>
  deals.flatMap(({ id, companyId, lines }) => [
    ...(companyId === null ? [] : [{ deals: id, companies: companyId }]),
    ...lines.map((line) => ({ deals: id, line_items: line.id })),
  ]);
