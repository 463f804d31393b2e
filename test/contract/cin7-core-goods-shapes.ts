import { z } from 'zod';

/**
 * What may go to Cin7 Core and come from it about products and what lies of them where. Written from the vendor's own description in
 * words (API v2, as of March 2025) and from findings on the live API. Nothing that it does not name is let through.
 */
const guid = z.guid();
const text = (most: number) => z.string().max(most);
const maybe = <T extends z.ZodType>(shape: T) => shape.nullish();
export const cin7Time = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?Z?$/, 'no time in UTC');

const ten = Array.from({ length: 10 }, (_, at) => at + 1);
const inFourths = (value: number) => Number(value.toFixed(4)) === value;
/** Up to four decimals. */
const decimal = z.number().refine(inFourths, 'more than four decimals');
const price = decimal.min(0);

const costingMethods = [
  ...(['FIFO', 'Special - Batch', 'Special - Serial Number', 'FIFO - Serial Number'] as const),
  ...(['FIFO - Batch', 'FEFO - Batch', 'FEFO - Serial Number'] as const),
] as const;
const needed = {
  SKU: text(50).min(1),
  Name: text(256).min(1),
  Category: text(256).min(1),
  CostingMethod: z.enum(costingMethods),
  UOM: text(50).min(1),
  Status: z.enum(['Active', 'Setup required', 'Deprecated']),
};
const type = z.enum(['Stock', 'Service']);
const numbers = [
  ...['Length', 'Width', 'Height', 'Weight', 'MinimumBeforeReorder', 'ReorderQuantity', 'QuantityToProduce'],
  ...['CartonLength', 'CartonWidth', 'CartonHeight', 'CartonQuantity', 'CartonInnerQuantity'],
];
const lengths: Readonly<Record<string, number>> = {
  ...{ Brand: 50, DropShipMode: 50, DefaultLocation: 50, WeightUnits: 10, DimensionsUnits: 10, Barcode: 256 },
  ...{ ShortDescription: 500, InternalNote: 4000, AttributeSet: 50, DiscountRule: 128, Tags: 256 },
  ...{ StockLocator: 256, COGSAccount: 50, RevenueAccount: 50, ExpenseAccount: 50, InventoryAccount: 50 },
  ...{ PurchaseTaxRule: 50, SaleTaxRule: 50, PickZones: 256, AssemblyInstructionURL: 256 },
  ...{ AssemblyCostEstimationMethod: 256, HSCode: 200, CountryOfOrigin: 256 },
  ...Object.fromEntries(ten.map((at) => [`AdditionalAttribute${at}`, 256])),
};
const other = {
  ...Object.fromEntries(Object.entries(lengths).map(([key, most]) => [key, maybe(text(most))])),
  ...Object.fromEntries(numbers.map((key) => [key, z.number().optional()])),
  ...Object.fromEntries(ten.map((at) => [`PriceTier${at}`, price.optional()])),
  Description: maybe(z.string()),
  PriceTiers: z.record(z.string(), price).optional(),
  Sellable: z.boolean().optional(),
  BillOfMaterial: z.boolean().optional(),
  AutoAssembly: z.boolean().optional(),
  AutoDisassembly: z.boolean().optional(),
};

export const newProduct = z.strictObject({ ...needed, ...other, Type: type });
/** An update sends what changes; its type is read-only there. */
export const changedProduct = z
  .strictObject({ ...needed, ...other })
  .partial()
  .extend({ ID: guid });

const lists = [
  ...['Suppliers', 'ReorderLevels', 'BillOfMaterialsProducts', 'BillOfMaterialsServices'],
  ...['Movements', 'Attachments', 'CustomPrices'],
];
export const product = z.strictObject({
  ID: guid,
  ...needed,
  ...other,
  Type: type,
  // Capitals, as the live API exports them of customers.
  Status: z.string().regex(/^(active|setup required|deprecated)$/i),
  AverageCost: decimal,
  BOMType: maybe(z.string()),
  CountryOfOriginCode: maybe(z.string()),
  LastModifiedOn: cin7Time,
  ...Object.fromEntries(lists.map((key) => [key, z.array(z.unknown()).optional()])),
});

export const availability = z.strictObject({
  ID: guid,
  SKU: text(50),
  Name: text(256),
  Barcode: maybe(z.string()),
  Location: z.string().min(1),
  Bin: maybe(z.string()),
  Batch: maybe(z.string()),
  ExpiryDate: maybe(z.string()),
  OnHand: decimal,
  Allocated: decimal,
  Available: decimal,
  OnOrder: decimal,
  StockOnHand: decimal,
  InTransit: decimal,
});

/** An entry of a reference book. */
export const bookEntry = z.strictObject({ ID: guid, Name: text(50).min(1) });
