import { decimalOf, printDecimal } from '#src/entities/money/decimal.ts';
import { locationsText } from '#src/entities/stock-level.ts';
import { propertyOf } from '#src/playground/vendors/hubspot/state.ts';
import type { Vendors } from '../house.ts';

export const stockKeys = ['on_hand', 'allocated', 'available', 'locations'] as const;
export type StockKey = (typeof stockKeys)[number];
export type StockNow = Readonly<Record<StockKey, string>>;

const plain = (text: string) => {
  const decimal = decimalOf(text);
  return decimal ? printDecimal(decimal) : text;
};

/** What lies of a product by Cin7 Core's own screen. */
export function stockInCin7(vendors: Vendors, id: string): StockNow | null {
  const card = vendors['cin7-core'].screens.stock_level?.card(id);
  if (!card) return null;
  const held = (key: string) => plain(card.fields.find((field) => field.key === key)?.value ?? '');
  const places = card.fields.flatMap(({ key }) => (key.endsWith(': OnHand') ? [key.slice(0, -8)] : []));
  const rows = places
    .map((location) => ({
      location,
      onHand: held(`${location}: OnHand`),
      allocated: held(`${location}: Allocated`),
    }))
    .filter(({ onHand, allocated }) => onHand !== '0' || allocated !== '0')
    .map((row) => ({ ...row, available: String(Number(row.onHand) - Number(row.allocated)) }));
  return {
    on_hand: held('OnHand'),
    allocated: held('Allocated'),
    available: held('Available'),
    locations: locationsText(rows),
  };
}

/** What HubSpot says of it. */
export function stockInHubSpot({ hubspot }: Vendors, id: string): StockNow | null {
  const record = hubspot.crm.products.get(id);
  if (!record || record.archived) return null;
  const held = (key: StockKey) => {
    const text = propertyOf('products', record, `truce_stock_${key}`) ?? '';
    return key === 'locations' ? text : plain(text);
  };
  return Object.fromEntries(stockKeys.map((key) => [key, held(key)])) as StockNow;
}
