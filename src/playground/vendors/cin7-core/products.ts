import { randomUUID } from 'node:crypto';
import type { Clock } from '../../../clock.ts';
import type { Store } from '../../store.ts';
import { plantedCollection } from '../practice.ts';

export type ProductValue = string | number | boolean | null;

/** A product as the practice Cin7 Core keeps it: its plain fields under the vendor's names. */
export interface Product {
  readonly ID: string;
  readonly fields: Readonly<Record<string, ProductValue>>;
  /** ISO 8601. */
  readonly modifiedAt: string;
}
export type ProductSeed = Product;

export interface Products {
  get(id: string): Product | undefined;
  all(): readonly Product[];
  /** SKUs are unique, whatever the case, those of deprecated products included. */
  bySku(sku: string): Product | undefined;
  /** Saves with the time of now and tells about it. */
  save(product: Product): Product;
}

export function openProducts(
  store: Store,
  clock: Clock,
  seed: readonly ProductSeed[],
  changed: (product: Product) => void,
): Products {
  const products = plantedCollection(store, 'cin7-core.products', seed, ({ ID }) => ID);
  const folded = (sku: unknown) =>
    String(sku ?? '')
      .trim()
      .toLowerCase();
  return {
    get: (id) => products.get(id.toLowerCase()),
    all: products.all,
    bySku: (sku) => products.all().find(({ fields }) => folded(fields.SKU) === folded(sku)),
    save: (product) => {
      const stamped = { ...product, modifiedAt: clock.now().toISOString() };
      products.set(product.ID, stamped);
      changed(stamped);
      return stamped;
    },
  };
}

/** A product that is not saved yet. */
export const newProduct = (): Product => ({ ID: randomUUID(), fields: {}, modifiedAt: '' });

export const isDeprecated = ({ fields }: Product): boolean => /^deprecated$/i.test(String(fields.Status));

const tiers = Array.from({ length: 10 }, (_, at) => at + 1);

/** A product as Cin7 Core sends it, every key there, its lists empty. Times are UTC without a zone, to the millisecond. */
export function productBody({ ID, fields, modifiedAt }: Product): Record<string, unknown> {
  const whole = { ...defaults, ...fields };
  return {
    ID,
    ...whole,
    PriceTiers: Object.fromEntries(
      tiers.map((tier) => [`Tier ${tier}`, (whole as Record<string, unknown>)[`PriceTier${tier}`]]),
    ),
    LastModifiedOn: modifiedAt.replace('Z', ''),
    ...Object.fromEntries(lists.map((name) => [name, []])),
  };
}

const lists = [
  ...['Suppliers', 'ReorderLevels', 'BillOfMaterialsProducts', 'BillOfMaterialsServices'],
  ...['Movements', 'Attachments', 'CustomPrices'],
];

/** What is there though nobody filled it in. */
const defaults = {
  SKU: '',
  Name: '',
  Category: '',
  Brand: null,
  Type: 'Stock',
  CostingMethod: 'FIFO',
  DropShipMode: 'No Drop Ship',
  DefaultLocation: null,
  ...numbers('Length', 'Width', 'Height', 'Weight'),
  UOM: '',
  WeightUnits: 'kg',
  DimensionsUnits: 'cm',
  Barcode: null,
  ...numbers('MinimumBeforeReorder', 'ReorderQuantity'),
  ...numbers(...tiers.map((tier) => `PriceTier${tier}`), 'AverageCost'),
  ...nothing('ShortDescription', 'Description', 'InternalNote'),
  ...nothing(...tiers.map((at) => `AdditionalAttribute${at}`)),
  ...nothing('AttributeSet', 'DiscountRule', 'Tags'),
  Status: 'Active',
  ...nothing('StockLocator', 'COGSAccount', 'RevenueAccount', 'ExpenseAccount', 'InventoryAccount'),
  ...nothing('PurchaseTaxRule', 'SaleTaxRule'),
  Sellable: true,
  PickZones: null,
  BillOfMaterial: false,
  AutoAssembly: false,
  AutoDisassembly: false,
  QuantityToProduce: 0,
  ...nothing('AssemblyInstructionURL', 'AssemblyCostEstimationMethod'),
  BOMType: 'None',
  ...numbers('CartonLength', 'CartonWidth', 'CartonHeight', 'CartonQuantity', 'CartonInnerQuantity'),
  ...nothing('HSCode', 'CountryOfOrigin', 'CountryOfOriginCode'),
};

function numbers(...keys: readonly string[]): Record<string, number> {
  return Object.fromEntries(keys.map((key) => [key, 0]));
}

function nothing(...keys: readonly string[]): Record<string, null> {
  return Object.fromEntries(keys.map((key) => [key, null]));
}
