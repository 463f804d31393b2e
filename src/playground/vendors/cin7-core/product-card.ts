import { onlyKeys } from '../practice.ts';
import type { Card, CardField, Screen } from '../vendor.ts';
import { locations } from './product-books.ts';
import type { Goods } from './product-routes.ts';
import { planProduct } from './product-rules.ts';
import { isDeprecated, newProduct, type Product, type ProductValue } from './products.ts';
import type { StockRow } from './stock.ts';

type Values = Readonly<Record<string, string>>;

/** What the card of a product shows, under Cin7 Core's own labels. */
const labels = {
  SKU: 'SKU',
  Name: 'Product name',
  Description: 'Description',
  Category: 'Category',
  UOM: 'Unit',
  PriceTier1: 'Price tier 1',
  AverageCost: 'Average cost',
  SaleTaxRule: 'Sale tax rule',
  Status: 'Status',
} as const;
const keys = Object.keys(labels) as (keyof typeof labels)[];
/** What its screen works out by itself. */
const shownOnly = 'AverageCost';
const numbers = new Set<string>(['PriceTier1']);

/** What its screen puts in where nothing was chosen. */
const usual = {
  Status: 'Active',
  Type: 'Stock',
  CostingMethod: 'FIFO',
  Category: 'Other',
  UOM: 'Item',
  PriceTier1: 0,
} as const;

const common = { system: 'cin7-core', label: 'Cin7 Core', abn: '' } as const;

/** Cin7 Core's own screen of products refuses what its API refuses. */
export function productScreen({ products }: Goods): Screen {
  const save = (before: Product, values: Values) => {
    onlyKeys('Cin7 Core', keys, values);
    if (shownOnly in values) throw new Error(`Cin7 Core works out the ${labels[shownOnly]} by itself`);
    const planned = planProduct(before, typedValues(values), products);
    if (!planned.ok) throw new Error(planned.problems.join('; '));
    return products.save(planned.product).ID;
  };
  return {
    cards: () =>
      products
        .all()
        .filter((product) => !isDeprecated(product))
        .map(productCard),
    card: (id) => {
      const product = products.get(id);
      return product ? productCard(product) : null;
    },
    edit: (id, values) => {
      const before = products.get(id);
      if (!before) throw new Error(`Cin7 Core has no product ${id}`);
      save(before, values);
    },
    add: (values) => save({ ...newProduct(), fields: usual }, values),
  };
}

/** A status goes into the books in capitals when a person chooses it, whatever the case in which the API took it. */
function typedValues(values: Values): Record<string, ProductValue> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => {
      if (numbers.has(key)) return [key, counted(value, 0)];
      return [key, key === 'Status' ? value.trim().toUpperCase() : value];
    }),
  );
}

function productCard({ ID, fields, modifiedAt }: Product): Card {
  const shown = (key: string) => String(fields[key] ?? '');
  return {
    ...common,
    externalId: ID,
    title: shown('Name') || 'Product without a name',
    fields: keys.map((key) => ({
      ...{ key, label: labels[key], value: shown(key) },
      ...(key === shownOnly ? { isFixed: true } : {}),
    })),
    updatedAt: modifiedAt,
  };
}

const places = locations.filter(({ Deprecated }) => !Deprecated).map(({ Name }) => Name);
const stockKeys = places.flatMap((place) => [`${place}: OnHand`, `${place}: Allocated`]);

/** Counting and selling as one screen: what lies where, in no bin and no batch, a card for each product. */
export function stockScreen({ products, stock }: Goods): Screen {
  const rowAt = (productId: string, location: string): StockRow =>
    stock.of(productId).find((row) => row.location === location && !row.bin && !row.batch) ?? {
      ...{ productId, location, bin: null, batch: null },
      ...{ onHand: 0, allocated: 0, onOrder: 0 },
    };
  const card = ({ ID, fields, modifiedAt }: Product): Card => ({
    ...common,
    externalId: ID,
    title: `Stock of ${String(fields.SKU)}`,
    fields: [
      ...places.flatMap((place) => {
        const { onHand, allocated } = rowAt(ID, place);
        return [
          { key: `${place}: OnHand`, label: `${place}, on hand`, value: String(onHand), group: place },
          {
            key: `${place}: Allocated`,
            label: `${place}, allocated`,
            value: String(allocated),
            group: place,
          },
        ];
      }),
      ...totals(stock.of(ID)),
    ],
    updatedAt: modifiedAt,
  });
  return {
    cards: () => products.all().map(card),
    card: (id) => {
      const product = products.get(id);
      return product ? card(product) : null;
    },
    edit: (id, values) => {
      onlyKeys('Cin7 Core', stockKeys, values);
      if (!products.get(id)) throw new Error(`Cin7 Core has no product ${id}`);
      for (const place of places) {
        const [onHand, allocated] = ['OnHand', 'Allocated'].map((part) => values[`${place}: ${part}`]);
        if (onHand === undefined && allocated === undefined) continue;
        const before = rowAt(id, place);
        stock.set({
          ...before,
          onHand: counted(onHand, before.onHand),
          allocated: counted(allocated, before.allocated),
        });
      }
    },
    add: () => {
      throw new Error('Cin7 Core counts the stock of products that it has');
    },
  };
}

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

function counted(typed: string | undefined, before: number): number {
  if (typed === undefined) return before;
  const number = Number(typed);
  if (typed.trim() === '' || !Number.isFinite(number)) throw new Error(`“${typed}” is not a number`);
  return number;
}
