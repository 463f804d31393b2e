import { lineAmount } from '../../../entities/money/amount.ts';
import { type Decimal, decimalOf, printDecimal } from '../../../entities/money/decimal.ts';
import { type Along, type CrmRecord, type Objects, propertyOf } from './state.ts';

const copied = [
  'name',
  'description',
  'hs_sku',
  'price',
  'hs_cost_of_goods_sold',
  'recurringbillingfrequency',
];

/**
 * What HubSpot sets along with a line of a deal: a new one takes what it does not say itself from its product; its net price is
 * reckoned at every save. Source: HubSpot's guide to line items; that nothing else follows a product later, its help pages.
 */
export const alongLines =
  (products: Objects): Along =>
  (record, properties) => {
    const product = record ? undefined : products.get(properties.hs_product_id ?? '');
    const own = Object.fromEntries(
      copied.flatMap((name) => {
        const value = product && propertyOf('products', product, name);
        return value ? [[name, value] as const] : [];
      }),
    );
    const set = { ...own, ...properties };
    const held = (name: string) => set[name] ?? (record && propertyOf('line_items', record, name)) ?? '';
    return { ...set, amount: netPrice(held) };
  };

/** Quantity × (unit price − unit discount), less percent; '' where the numbers are not there. */
export function netPrice(held: (name: string) => string): string {
  const number = (name: string, otherwise: string) => decimalOf(held(name) || otherwise);
  const [quantity, price] = [number('quantity', '1'), number('price', '')];
  const [off, percent] = [number('discount', '0'), number('hs_discount_percentage', '0')];
  if (!quantity || !price || !off || !percent) return '';
  const minor = lineAmount({ quantity, price: minus(price, off), discount: percent }, 'AUD');
  return printDecimal({ units: minor, scale: 2 });
}

function minus(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale);
  const units = (one: Decimal) => one.units * 10n ** BigInt(scale - one.scale);
  return { units: units(a) - units(b), scale };
}

/** A deal that is won says so in a property of its own. */
export const alongDeals: Along = (_: CrmRecord | undefined, properties) =>
  properties.dealstage === undefined
    ? properties
    : { ...properties, hs_is_closed_won: String(properties.dealstage === 'closedwon') };
