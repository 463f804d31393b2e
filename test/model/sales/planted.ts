import { taxTypes } from '#src/playground/data/as-xero.ts';
import { ordinaryCustomers } from '#src/playground/data/customers.ts';
import { idFor } from '#src/playground/data/ids.ts';
import type { ProductSeed } from '#src/playground/vendors/cin7-core/products.ts';
import { person } from '#src/playground/vendors/hubspot/card.ts';
import type { RecordSeed } from '#src/playground/vendors/hubspot/state.ts';
import type { Item } from '#src/playground/vendors/xero/books/state.ts';
import type { Dice } from '../dice.ts';
import { start } from '../house.ts';
import { inAll, type Planted } from '../planted.ts';
import { fresh, type Token, type Treatment, treatments, typed } from './sheet.ts';

interface Sold {
  readonly sku: string;
  readonly name: string;
  readonly price: Token;
  readonly tax: Treatment;
}

const places = ['Melbourne', 'Sydney'] as const;

/** Two or three customers and three or four products that all systems have alike, with some stock; one product is in Cin7 Core alone. */
export function plantedSales(dice: Dice): Planted {
  const at = new Date(start.getTime() - 86_400_000);
  const customers = ordinaryCustomers(dice.between(2, 3), dice.between(1, 1000));
  const everywhere = Array.from({ length: dice.between(3, 4) }, (_, place) => soldAs(place + 1, dice));
  const alone = soldAs(9, dice);
  const inCin7 = [...everywhere, alone];
  return {
    ...inAll(customers, at),
    sales: { products: everywhere.map((one, place) => inHubSpot(one, place, at)), deals: [] },
    books: { items: everywhere.map((one) => inXero(one, at)) },
    goods: {
      products: inCin7.map((one) => asCin7(one, at)),
      stock: inCin7.flatMap(({ sku }) =>
        dice.some(places).map((location) => ({
          ...{ productId: cin7Id(sku), location, bin: null, batch: null },
          ...{ onHand: dice.between(1, 400) / 4, allocated: dice.between(0, 3), onOrder: 0 },
        })),
      ),
    },
  };
}

const soldAs = (number: number, dice: Dice): Sold => ({
  sku: `PART-${number}`,
  name: `Part ${number}`,
  price: fresh('sell_price', number, dice),
  tax: dice.pick(treatments.slice(0, 2)),
});

const cost = '1.25';
const cin7Id = (sku: string) => idFor('cin7-core product', sku);

const inHubSpot = ({ sku, name, price, tax }: Sold, place: number, at: Date): RecordSeed => ({
  id: String(2_300_000_001 + place),
  createdAt: at.toISOString(),
  modifiedAt: at.toISOString(),
  source: person('Priya Nair'),
  properties: {
    ...{ hs_sku: sku, name, price, truce_tax_treatment: tax, truce_unit: 'Item', truce_status: 'active' },
    ...{ description: name, hs_cost_of_goods_sold: cost },
  },
});

const inXero = ({ sku, name, price, tax }: Sold, at: Date): Item => ({
  ...{ ItemID: idFor('xero item', sku), Code: sku, Name: name, Description: name },
  ...{ PurchaseDescription: '', IsSold: true, IsPurchased: true },
  SalesDetails: { UnitPrice: price, AccountCode: '200', TaxType: taxTypes[tax] },
  PurchaseDetails: { UnitPrice: cost, AccountCode: '310', TaxType: 'INPUT' },
  updatedAt: at.toISOString(),
});

const asCin7 = ({ sku, name, price, tax }: Sold, at: Date): ProductSeed => ({
  ID: cin7Id(sku),
  fields: {
    ...{ SKU: sku, Name: name, Description: name, Category: 'Building supplies', Type: 'Stock' },
    ...{ CostingMethod: 'FIFO', UOM: 'Item', PriceTier1: Number(price), AverageCost: Number(cost) },
    ...{ Status: 'Active', RevenueAccount: '200', COGSAccount: '310', InventoryAccount: '630' },
    SaleTaxRule: typed('tax_treatment', 'cin7-core', tax),
  },
  modifiedAt: at.toISOString(),
});
