import { onlyKeys } from '../practice.ts';
import type { Card, CardField, Screen } from '../vendor.ts';
import { locations } from './product-books.ts';
import type { Goods } from './product-routes.ts';
import type { Product } from './products.ts';
import type { Stock, StockRow } from './stock.ts';
import { typedNumber } from './typed-number.ts';

const places = locations.filter(({ Deprecated }) => !Deprecated).map(({ Name }) => Name);
const keyOf = (place: string, part: 'OnHand' | 'Allocated') => `${place}: ${part}`;
const keys = places.flatMap((place) => [keyOf(place, 'OnHand'), keyOf(place, 'Allocated')]);

/** Counting and selling as one screen: what lies where, in no bin and no batch, a card for each product. */
export function stockScreen({ products, stock }: Goods): Screen {
  return {
    cards: () => products.all().map((product) => stockCard(product, stock)),
    card: (id) => {
      const product = products.get(id);
      return product ? stockCard(product, stock) : null;
    },
    edit: (id, values) => {
      onlyKeys('Cin7 Core', keys, values);
      if (!products.get(id)) throw new Error(`Cin7 Core has no product ${id}`);
      for (const place of places) {
        const [onHand, allocated] = [values[keyOf(place, 'OnHand')], values[keyOf(place, 'Allocated')]];
        if (onHand === undefined && allocated === undefined) continue;
        const before = rowAt(stock, id, place);
        stock.set({
          ...before,
          onHand: typedNumber(onHand, before.onHand),
          allocated: typedNumber(allocated, before.allocated),
        });
      }
    },
    add: () => {
      throw new Error('Cin7 Core counts the stock of products that it has');
    },
  };
}

function stockCard({ ID, fields, modifiedAt }: Product, stock: Stock): Card {
  const atPlaces = places.flatMap((place) => {
    const { onHand, allocated } = rowAt(stock, ID, place);
    return [
      { key: keyOf(place, 'OnHand'), label: `${place}, on hand`, value: String(onHand), group: place },
      {
        key: keyOf(place, 'Allocated'),
        label: `${place}, allocated`,
        value: String(allocated),
        group: place,
      },
    ];
  });
  return {
    system: 'cin7-core',
    label: 'Cin7 Core',
    abn: '',
    externalId: ID,
    title: `Stock of ${String(fields.SKU)}`,
    fields: [...atPlaces, ...totals(stock.of(ID))],
    updatedAt: modifiedAt,
  };
}

const rowAt = (stock: Stock, productId: string, location: string): StockRow =>
  stock.of(productId).find((row) => row.location === location && !row.bin && !row.batch) ?? {
    ...{ productId, location, bin: null, batch: null },
    ...{ onHand: 0, allocated: 0, onOrder: 0 },
  };

/** All places, bins and batches together. */
function totals(rows: readonly StockRow[]): CardField[] {
  const sum = (of: (row: StockRow) => number) =>
    String(Number(rows.reduce((total, row) => total + of(row), 0).toFixed(4)));
  return [
    ['OnHand', 'On hand', sum(({ onHand }) => onHand)] as const,
    ['Allocated', 'Allocated', sum(({ allocated }) => allocated)] as const,
    ['Available', 'Available', sum(({ onHand, allocated }) => onHand - allocated)] as const,
  ].map(([key, label, value]) => ({ key, label, value, isFixed: true }));
}
