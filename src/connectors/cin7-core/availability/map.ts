import type { Observed } from '../../../entities/field.ts';
import { type Decimal, decimalOf, printDecimal } from '../../../entities/money/decimal.ts';
import { locationsText } from '../../../entities/stock-level.ts';
import type { Drift, Observation } from '../../connector.ts';
import { blank, notRead, observedText } from '../../observed.ts';
import { productUrl } from '../products/map.ts';
import type { Product } from '../products/schema.ts';
import type { Row } from './schema.ts';

const quantities = { on_hand: 'OnHand', allocated: 'Allocated', available: 'Available' } as const;
type Quantity = keyof typeof quantities;
const names = Object.keys(quantities) as Quantity[];

export const supports = (field: string): boolean =>
  field === 'sku' || field === 'locations' || Object.hasOwn(quantities, field);

export type Stocked =
  | { readonly kind: 'read'; readonly observation: Observation }
  | { readonly kind: 'malformed'; readonly reason: string };

/**
 * What lies of a product, put together from its rows: one for each place, bin and batch. No rows are nothing on the shelves; a
 * service has no shelf. `drift` says what the answers as a whole lack.
 */
export function toStockLevel(product: Product, rows: readonly Row[], drift: readonly Drift[]): Stocked {
  const lost = new Set(drift.map(({ field }) => field));
  const known = names.filter((name) => !lost.has(name));
  const places = new Map<string, Record<Quantity, Decimal>>();
  for (const row of rows) {
    const location = row.Location?.trim() ?? '';
    const sums = places.get(location) ?? { on_hand: nothing, allocated: nothing, available: nothing };
    for (const name of known) {
      const amount = amountIn(row, name);
      if (!amount) return { kind: 'malformed', reason: unreadable(row, name) };
      sums[name] = plus(sums[name], amount);
    }
    places.set(location, sums);
  }
  const isService = product.Type?.toLowerCase() === 'service';
  const total = (name: Quantity): Observed => {
    if (isService) return blank;
    const sum = [...places.values()].reduce((all, one) => plus(all, one[name]), nothing);
    return { state: 'value', value: printDecimal(sum) };
  };
  const read = {
    sku: observedText(product.SKU),
    ...Object.fromEntries(names.map((name) => [name, total(name)])),
    locations: observedText(locationsOf(places)),
  };
  // Words about places that lack a quantity would say that there is none of it.
  if (known.length < names.length) lost.add('locations');
  const fields = Object.entries(read).map(
    ([field, seen]) => [field, lost.has(field) ? notRead : seen] as const,
  );
  return { kind: 'read', observation: observationOf(product, Object.fromEntries(fields), drift) };
}

const observationOf = (
  product: Product,
  fields: Observation['fields'],
  drift: readonly Drift[],
): Observation => ({
  externalId: product.ID,
  role: 'availability',
  url: productUrl(product.ID),
  // The product's own time says nothing of what lies there.
  vendorAt: null,
  // A product that is sold no more keeps its shelf: silenced, its last level would stand elsewhere for good.
  archived: false,
  marker: null,
  also: [],
  fields,
  editors: {},
  drift,
});

const locationsOf = (places: ReadonlyMap<string, Readonly<Record<Quantity, Decimal>>>): string =>
  locationsText(
    [...places].map(([location, { on_hand, allocated, available }]) => ({
      location,
      onHand: printDecimal(on_hand),
      allocated: printDecimal(allocated),
      available: printDecimal(available),
    })),
  );

function amountIn(row: Row, name: Quantity): Decimal | null {
  const value = row[quantities[name]];
  return value === null || value === undefined ? null : decimalOf(value);
}

function unreadable(row: Row, name: Quantity): string {
  const where = row.Location?.trim() || 'no place';
  const value = row[quantities[name]];
  return `${quantities[name]} at ${where} is not a number: ${JSON.stringify(value ?? null)}`;
}

const nothing: Decimal = { units: 0n, scale: 0 };

function plus(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale);
  const at = ({ units, scale: own }: Decimal) => units * 10n ** BigInt(scale - own);
  return { units: at(a) + at(b), scale };
}
