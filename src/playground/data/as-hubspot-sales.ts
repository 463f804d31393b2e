import { person } from '../vendors/hubspot/card.ts';
import { pipeline } from '../vendors/hubspot/pipelines.ts';
import type { DealSeed } from '../vendors/hubspot/sales.ts';
import type { CompanySeed, RecordSeed, Source } from '../vendors/hubspot/state.ts';
import { type PracticeDeal, type PracticeDealLine, practiceDeals } from './deals.ts';
import { productsIn } from './products.ts';

const spreadsheet: Source = {
  sourceType: 'IMPORT',
  sourceId: '20210802',
  sourceLabel: 'price list 2021.xlsx',
};
const dayMs = 86_400_000;
const threeWeeksMs = 21 * dayMs;

/** What the practice company's HubSpot has beside its companies: products, and deals with their lines. */
interface PracticeSales {
  readonly products: readonly RecordSeed[];
  readonly deals: readonly DealSeed[];
}

/**
 * Last touched three weeks before `now`, but for what was won since. The same ones every time. `notWonYet`: names of deals that are
 * still hoped for.
 */
export function hubspotSales(
  companies: readonly CompanySeed[],
  now: Date,
  notWonYet: readonly string[] = [],
): PracticeSales {
  const at = new Date(now.getTime() - threeWeeksMs);
  const products = productsIn('hubspot').map((product, place): RecordSeed => {
    const { sku, name, description, sellPrice, cost, tax, unit, active } = product;
    return {
      id: String(2_300_000_001 + place),
      ...touched(at, spreadsheet),
      properties: {
        hs_sku: sku,
        name,
        description,
        price: sellPrice,
        hs_cost_of_goods_sold: cost,
        truce_tax_treatment: tax ?? '',
        truce_unit: unit,
        truce_status: active ? 'active' : 'archived',
      },
    };
  });
  const companyNamed = (name: string) => companies.find(({ properties }) => properties.name === name)?.id;
  return {
    products,
    deals: practiceDeals.map((told) => {
      const deal = notWonYet.includes(told.name) ? { ...told, stage: 'contractsent' as const } : told;
      const closed = new Date(now.getTime() - deal.closedDaysAgo * dayMs);
      const touchedAt = deal.stage === 'closedwon' && closed > at ? closed : at;
      return {
        ...asDeal(deal, closed, touchedAt),
        companyId: deal.customer === null ? null : (companyNamed(deal.customer) ?? null),
        lines: deal.lines.map((line, place) => asLine(line, { deal, place, products, at: touchedAt })),
      };
    }),
  };
}

const touched = (at: Date, source: Source) => ({
  createdAt: at.toISOString(),
  modifiedAt: at.toISOString(),
  source,
});

const asDeal = ({ id, name, stage, invoice }: PracticeDeal, closed: Date, at: Date): RecordSeed => ({
  id,
  ...touched(at, person('Priya Nair')),
  properties: {
    dealname: name,
    dealstage: stage,
    pipeline: pipeline.id,
    closedate: closed.toISOString(),
    hs_is_closed_won: String(stage === 'closedwon'),
    deal_currency_code: 'AUD',
    truce_invoice_number: invoice ?? '',
  },
});

function asLine(
  { sku, name, quantity, price, percentOff = '', dollarsOff = '' }: PracticeDealLine,
  more: { deal: PracticeDeal; place: number; products: readonly RecordSeed[]; at: Date },
): RecordSeed {
  const product = more.products.find(({ properties }) => properties.hs_sku === sku);
  if (sku !== null && !product) throw new Error(`HubSpot has no product ${sku}`);
  return {
    id: `${8_000_000_000 + Number(more.deal.id.slice(-4)) * 100 + more.place}`,
    ...touched(more.at, person('Priya Nair')),
    properties: {
      hs_product_id: product?.id ?? '',
      hs_sku: sku ?? '',
      name: name ?? product?.properties.name ?? '',
      quantity,
      price: price ?? product?.properties.price ?? '',
      discount: dollarsOff,
      hs_discount_percentage: percentOff,
      hs_position_on_quote: String(more.place),
      hs_line_item_currency_code: 'AUD',
    },
  };
}
