import { onlyKeys } from '../practice.ts';
import type { Card, Screen } from '../vendor.ts';
import type { Goods } from './product-routes.ts';
import { planProduct } from './product-rules.ts';
import { isDeprecated, newProduct, type Product, type ProductValue } from './products.ts';
import { typedNumber } from './typed-number.ts';

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
      if (numbers.has(key)) return [key, typedNumber(value, 0)];
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
