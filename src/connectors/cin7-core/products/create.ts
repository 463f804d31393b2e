import type { NewCin7Products, TaxCodes } from '../../../agreement/agreement.ts';
import type { Making } from '../making.ts';
import { toNewProduct } from './body.ts';
import type { ProductsClient } from './client.ts';
import { markerOf } from './map.ts';
import { productsOf } from './read.ts';
import type { Product } from './schema.ts';

/** How products are made: by their SKU. */
export const makingProducts = (
  client: ProductsClient,
  { newProducts, taxCodes }: { readonly newProducts: NewCin7Products | null; readonly taxCodes: TaxCodes },
): Making<Product> => ({
  kind: productsOf(client, taxCodes),
  keyField: 'sku',
  keyOf: ({ SKU }) => SKU,
  markerOf,
  look: client.bySku,
  toBody: (create) =>
    newProducts
      ? toNewProduct(create, newProducts, taxCodes)
      : { kind: 'impossible', reason: 'new_products is not set for this connection' },
  add: client.add,
  taken: 'Cin7 Core has another product of this SKU',
});
