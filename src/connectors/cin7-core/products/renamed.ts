import type { Drift } from '../../connector.ts';
import { driftFinder } from '../../drift.ts';
import type { Lost } from '../../set-aside.ts';
import type { Product } from './schema.ts';

const tiers = Array.from({ length: 10 }, (_, at) => at + 1);

/** Every key documented for a product, by the vendor's own description of March 2025: any other is news. */
const productKeys: ReadonlySet<string> = new Set([
  ...['ID', 'SKU', 'Name', 'Category', 'Brand', 'Type', 'CostingMethod', 'DropShipMode', 'DefaultLocation'],
  ...['Length', 'Width', 'Height', 'Weight', 'UOM', 'WeightUnits', 'DimensionsUnits', 'Barcode'],
  ...['CartonLength', 'CartonWidth', 'CartonHeight', 'CartonQuantity', 'CartonInnerQuantity'],
  ...['MinimumBeforeReorder', 'ReorderQuantity', 'PriceTiers', 'AverageCost'],
  ...tiers.flatMap((tier) => [`PriceTier${tier}`, `AdditionalAttribute${tier}`]),
  ...['ShortDescription', 'Description', 'InternalNote', 'AttributeSet', 'DiscountRule', 'Tags', 'Status'],
  ...['StockLocator', 'COGSAccount', 'RevenueAccount', 'ExpenseAccount', 'InventoryAccount'],
  ...['PurchaseTaxRule', 'SaleTaxRule', 'LastModifiedOn', 'Sellable', 'PickZones', 'BillOfMaterial'],
  ...['AutoAssembly', 'AutoDisassembly', 'QuantityToProduce', 'AssemblyInstructionURL'],
  ...['AssemblyCostEstimationMethod', 'BOMType', 'HSCode', 'CountryOfOrigin', 'CountryOfOriginCode'],
  ...['Suppliers', 'ReorderLevels', 'BillOfMaterialsProducts', 'BillOfMaterialsServices', 'Movements'],
  ...['Attachments', 'CustomPrices'],
]);

/** Looks for renamed keys in the products of one answer. */
export const productDrift = (
  products: readonly Product[],
  lost: Lost,
): ((one: Product) => readonly Drift[]) =>
  driftFinder(products, {
    mapped: {
      sku: ['SKU'],
      name: ['Name'],
      description: ['Description'],
      sell_price: ['PriceTier1'],
      cost: ['AverageCost'],
      tax_treatment: ['SaleTaxRule'],
      unit: ['UOM'],
      status: ['Status'],
    },
    documented: productKeys,
    lost,
  });
