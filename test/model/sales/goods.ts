import type { PracticeSystem } from '#src/playground/vendors/vendor.ts';
import type { Vendors } from '../house.ts';
import { type ProductCard, productIn } from './sheet.ts';

/** All products of a system, those out of use too. */
export function productIds(vendors: Vendors, system: PracticeSystem): string[] {
  switch (system) {
    case 'hubspot':
      return vendors.hubspot.crm.products.all().flatMap(({ id, archived }) => (archived ? [] : [id]));
    case 'xero':
      return vendors.xero.items.cards().map(({ externalId }) => externalId);
    case 'cin7-core':
      // The list of products leaves out those that are sold no more; that of stock does not.
      return vendors['cin7-core'].screens.stock_level?.cards().map(({ externalId }) => externalId) ?? [];
  }
}

export interface Product {
  readonly system: PracticeSystem;
  readonly id: string;
  readonly card: ProductCard;
}

export const productsIn = (vendors: Vendors, system: PracticeSystem): Product[] =>
  productIds(vendors, system).flatMap((id) => {
    const card = productIn(vendors, system, id);
    return card ? [{ system, id, card }] : [];
  });
