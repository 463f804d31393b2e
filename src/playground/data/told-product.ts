import type { PracticeSystem } from '../vendors/vendor.ts';
import type { PracticeDetails } from './details.ts';

/** A product of the practice company. Prices and quantities are exact decimals as text; prices are in AUD, ex GST. */
export interface PracticeProduct {
  readonly sku: string;
  readonly name: string;
  /** '' = none. */
  readonly description: string;
  readonly sellPrice: string;
  /** What one cost on average; '' = never bought. */
  readonly cost: string;
  /** Null = nobody chose a tax rule. */
  readonly tax: PracticeDetails['taxTreatment'] | null;
  readonly unit: string;
  readonly active: boolean;
  /** Where none is, there is no row: as inventory systems tell it. */
  readonly stock: readonly PracticeStock[];
  /** The systems that have it already. */
  readonly in: readonly PracticeSystem[];
}

interface PracticeStock {
  readonly location: string;
  readonly onHand: string;
  readonly allocated: string;
}

/** Where the practice company keeps its goods. */
export const practiceLocations = ['Melbourne', 'Sydney', 'Bega showroom'] as const;

/** What another system says of a product, where it does not say the same. */
type Otherwise = Readonly<Partial<Record<PracticeSystem, Partial<Omit<PracticeProduct, 'stock' | 'in'>>>>>;
type More = Partial<Omit<PracticeProduct, 'stock'>> & { readonly otherwise?: Otherwise };
type Shelf = readonly [location: (typeof practiceLocations)[number], onHand: number, allocated?: number];
/** A product, and what other systems say of it. */
export interface Told {
  readonly product: PracticeProduct;
  readonly otherwise: Otherwise;
}

export function told(
  [sku, name, unit]: readonly [sku: string, name: string, unit: string],
  [sellPrice, cost]: readonly [sellPrice: string, cost: string],
  stock: readonly Shelf[],
  { otherwise = {}, ...more }: More = {},
): Told {
  const product: PracticeProduct = {
    ...{ sku, name, unit, sellPrice, cost, description: '', tax: 'gst', active: true },
    stock: stock.map(([location, onHand, allocated = 0]) => {
      return { location, onHand: String(onHand), allocated: String(allocated) };
    }),
    in: ['cin7-core', 'xero', 'hubspot'],
    ...more,
  };
  return { product, otherwise };
}
