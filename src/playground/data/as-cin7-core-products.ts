import type { ProductSeed } from '../vendors/cin7-core/products.ts';
import type { StockRow } from '../vendors/cin7-core/stock.ts';
import { taxRules } from './as-cin7-core.ts';
import { idFor } from './ids.ts';
import { productsIn } from './products.ts';
import type { PracticeProduct } from './told-product.ts';

/** By the first letters of a SKU. */
const categories: Readonly<Record<string, string>> = {
  GD: 'Garden',
  CF: 'Café',
  FR: 'Services',
};

export interface GoodsSeed {
  readonly products: readonly ProductSeed[];
  readonly stock: readonly StockRow[];
}

const threeWeeksMs = 21 * 86_400_000;
const minuteMs = 60_000;

/** The practice company's products in Cin7 Core and what lies of them where, last touched about three weeks before `now`. The same ones every time. `without`: SKUs that nobody has entered there yet. */
export function cin7CoreGoods(now: Date, without: readonly string[] = []): GoodsSeed {
  const entered = productsIn('cin7-core').filter(({ sku }) => !without.includes(sku));
  const held = entered.map((product, place) => ({
    product,
    id: idFor('cin7-core product', product.sku),
    at: new Date(now.getTime() - threeWeeksMs - place * minuteMs),
  }));
  return {
    products: held.map(({ product, ...more }) => asCin7Product(product, more)),
    stock: held.flatMap(({ product, id }) => asCin7Stock(product, id)),
  };
}

/** A product in Cin7 Core; what was never bought and never counted is a service. */
function asCin7Product(
  product: PracticeProduct,
  more: { readonly id: string; readonly at: Date },
): ProductSeed {
  const { sku, name, description, sellPrice, cost, tax, unit, active } = product;
  const isService = cost === '';
  return {
    ID: more.id,
    fields: {
      SKU: sku,
      Name: name,
      Description: description === '' ? null : description,
      Category: categories[sku.slice(0, 2)] ?? 'Building supplies',
      Type: isService ? 'Service' : 'Stock',
      CostingMethod: 'FIFO',
      UOM: unit,
      PriceTier1: Number(sellPrice),
      AverageCost: Number(cost),
      // In capitals, as the live API exports it.
      Status: active ? 'ACTIVE' : 'DEPRECATED',
      RevenueAccount: '200',
      ...(isService ? {} : { COGSAccount: '310', InventoryAccount: '630' }),
      SaleTaxRule: tax && taxRules[tax],
    },
    modifiedAt: more.at.toISOString(),
  };
}

/** What lies where, in no bin and no batch. */
const asCin7Stock = ({ stock }: PracticeProduct, productId: string): StockRow[] =>
  stock.map(({ location, onHand, allocated }) => ({
    ...{ productId, location, bin: null, batch: null },
    ...{ onHand: Number(onHand), allocated: Number(allocated), onOrder: 0 },
  }));
