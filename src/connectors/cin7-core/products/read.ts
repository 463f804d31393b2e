import type { TaxCodes } from '../../../agreement/agreement.ts';
import type { Kind } from '../reading.ts';
import type { ProductsClient } from './client.ts';
import { toObservation } from './map.ts';
import { productDrift } from './renamed.ts';
import { type Product, product } from './schema.ts';

/** How products are read. `codes` are the account's names of tax rules, by our treatment. */
export const productsOf = (
  client: Pick<ProductsClient, 'list' | 'byId'>,
  codes: TaxCodes,
): Kind<Product> => ({
  list: 'Products',
  shape: product,
  page: client.list,
  byId: client.byId,
  observe: (products, lost) => {
    const driftOf = productDrift(products, lost);
    return products.map((one) => toObservation(one, driftOf(one), codes));
  },
});
