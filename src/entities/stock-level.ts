import type { Entity, Observed } from './field.ts';
import { decimalOf, printDecimal } from './money/decimal.ts';
import { decimalField } from './money/fields.ts';
import { textField } from './plain-fields.ts';
import { sku } from './product.ts';
import { spaced, textOf } from './text.ts';

/** What lies in one place; quantities as a vendor writes them. */
export interface StockAtLocation {
  readonly location: string;
  readonly onHand: string | number;
  readonly allocated: string | number;
  readonly available: string | number;
}

/**
 * What lies where, in one text that a person can read and any system can hold: "Melbourne: 5 on hand, 1 allocated, 4 available;
 * Sydney: …". Places stand in the order of their names, whatever order they came in.
 */
export function locationsText(places: readonly StockAtLocation[]): string {
  const named = places.map((place) => ({ ...place, location: spaced(place.location) || 'No location' }));
  return named
    .map(({ location, onHand, allocated, available }) =>
      [
        `${location}: ${quantity(onHand)} on hand`,
        `${quantity(allocated)} allocated`,
        `${quantity(available)} available`,
      ].join(', '),
    )
    .sort((a, b) => (a < b ? -1 : Number(a > b)))
    .join('; ');
}

function quantity(value: string | number): string {
  const decimal = decimalOf(value);
  return decimal ? printDecimal(decimal) : spaced(String(value)) || '0';
}

const shown = (observed: Observed | undefined) => (observed?.state === 'value' ? textOf(observed.value) : '');

/** How much of a product there is. Below zero where more was sold than was there. */
export const stockLevel: Entity = {
  name: 'stock_level',
  noun: { one: 'stock level', many: 'stock levels' },
  fields: [
    sku,
    decimalField({ name: 'on_hand', label: 'On hand', class: 'open' }),
    decimalField({ name: 'allocated', label: 'Allocated', class: 'open' }),
    decimalField({ name: 'available', label: 'Available', class: 'open' }),
    textField({ name: 'locations', label: 'Stock by location', class: 'open' }),
  ],
  strongKeys: ['sku'],
  names: ['sku'],
  signs: [],
  title: (fields) => (shown(fields.sku) ? `Stock of ${shown(fields.sku)}` : 'Stock without a SKU'),
};
