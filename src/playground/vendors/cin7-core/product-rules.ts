import { namedByProducts } from './product-books.ts';
import type { Product, Products, ProductValue } from './products.ts';

type Json = Readonly<Record<string, unknown>>;

/** Longest texts, null = without end. Source: the vendor's own description of its API. */
const texts: Readonly<Record<string, number | null>> = {
  ...{ SKU: 50, Name: 256, Category: 256, Brand: 50, Type: 50, CostingMethod: 50, DropShipMode: 50 },
  ...{ DefaultLocation: 50, UOM: 50, WeightUnits: 10, DimensionsUnits: 10, Barcode: 256 },
  ...{ ShortDescription: 500, Description: null, InternalNote: 4000, AttributeSet: 50, DiscountRule: 128 },
  ...{ Tags: 256, Status: 50, StockLocator: 256, PickZones: 256, AssemblyInstructionURL: 256 },
  ...{ COGSAccount: 50, RevenueAccount: 50, ExpenseAccount: 50, InventoryAccount: 50 },
  ...{ PurchaseTaxRule: 50, SaleTaxRule: 50, AssemblyCostEstimationMethod: 256 },
  ...{ HSCode: 200, CountryOfOrigin: 256 },
  ...Object.fromEntries(Array.from({ length: 10 }, (_, at) => [`AdditionalAttribute${at + 1}`, 256])),
};
const prices = Array.from({ length: 10 }, (_, at) => `PriceTier${at + 1}`);
const otherNumbers = ['Length', 'Width', 'Height', 'Weight', 'MinimumBeforeReorder', 'ReorderQuantity'];
const flags = ['Sellable', 'BillOfMaterial', 'AutoAssembly', 'AutoDisassembly'];
const required = ['SKU', 'Name', 'Category', 'Type', 'CostingMethod', 'UOM', 'Status'];
const oneOf: Readonly<Record<string, readonly string[]>> = {
  Status: ['Active', 'Setup required', 'Deprecated'],
  Type: ['Stock', 'Service'],
  CostingMethod: [
    ...['FIFO', 'Special - Batch', 'Special - Serial Number', 'FIFO - Serial Number', 'FIFO - Batch'],
    ...['FEFO - Batch', 'FEFO - Serial Number'],
  ],
  DropShipMode: ['No Drop Ship', 'Optional Drop Ship', 'Always Drop Ship'],
};
/** Validation tells a few problems at a time. */
const toldAtOnce = 2;

export type PlannedProduct =
  | { readonly ok: true; readonly product: Product }
  | { readonly ok: false; readonly problems: readonly string[] };

/** The product after a write: only what was sent changes; what is read-only is passed over in silence, as Cin7 Core does. */
export function planProduct(before: Product, sent: Json, products: Products): PlannedProduct {
  const isNew = before.modifiedAt === '';
  const read = readFields(sent);
  const fields: Record<string, ProductValue> = {
    ...before.fields,
    ...read.fields,
    ...(isNew ? {} : { Type: before.fields.Type ?? 'Stock' }),
  };
  const problems = [
    ...read.problems,
    ...required
      .filter((key) => String(fields[key] ?? '').trim() === '')
      .map((key) => `Required field '${key}' is missing or empty`),
    ...unnamed(sent, fields),
    ...unlisted(fields),
    ...tooLong(fields),
  ];
  const holder = products.bySku(String(fields.SKU ?? ''));
  if (holder && holder.ID !== before.ID)
    problems.push(`Product with SKU '${String(fields.SKU)}' already exists. Product SKU must be unique.`);
  return problems.length > 0
    ? { ok: false, problems: problems.slice(0, toldAtOnce) }
    : { ok: true, product: { ...before, fields } };
}

interface Read {
  readonly fields: Readonly<Record<string, ProductValue>>;
  readonly problems: readonly string[];
}

/** Unknown keys are ignored, and so is what nobody may write: the id, the average cost, the time. */
function readFields(sent: Json): Read {
  const fields: Record<string, ProductValue> = {};
  const problems: string[] = [];
  for (const key of Object.keys(texts)) {
    if (sent[key] !== undefined) fields[key] = sent[key] === null ? null : String(sent[key]);
  }
  for (const key of [...prices, ...otherNumbers]) {
    const value = sent[key];
    if (value === undefined) continue;
    if (typeof value !== 'number') problems.push(`${key} is not valid`);
    else if (prices.includes(key) && value < 0) problems.push(`${key} must not be negative`);
    else fields[key] = prices.includes(key) ? Number(value.toFixed(4)) : value;
  }
  for (const key of flags) {
    const value = sent[key];
    if (typeof value === 'boolean') fields[key] = value;
  }
  return { fields, problems };
}

const folded = (name: unknown) => String(name ?? '').toLowerCase();

function unnamed(sent: Json, fields: Read['fields']): string[] {
  return Object.entries(namedByProducts).flatMap(([key, { names, refusal }]) => {
    const name = fields[key];
    const isAsked = key in sent && name !== null && name !== undefined && name !== '';
    return !isAsked || names.some((one) => folded(one) === folded(name)) ? [] : [refusal(String(name))];
  });
}

function unlisted(fields: Read['fields']): string[] {
  return Object.entries(oneOf).flatMap(([key, values]) => {
    const value = fields[key];
    const isEmpty = value === null || value === undefined || value === '';
    return isEmpty || values.some((one) => folded(one) === folded(value)) ? [] : [`${key} is not valid`];
  });
}

function tooLong(fields: Read['fields']): string[] {
  return Object.entries(texts).flatMap(([key, most]) =>
    most !== null && String(fields[key] ?? '').length > most
      ? [`${key} is longer than ${most} characters`]
      : [],
  );
}
