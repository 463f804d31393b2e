import type { Store } from '../../store.ts';
import { plantedCollection } from '../practice.ts';
import type { Product } from './products.ts';

/** What lies of a product in one place, one bin and one batch. */
export interface StockRow {
  readonly productId: string;
  readonly location: string;
  readonly bin: string | null;
  readonly batch: string | null;
  readonly onHand: number;
  readonly allocated: number;
  readonly onOrder: number;
}

export interface Stock {
  /** Every row that says anything: one of nothing but zeros is none. */
  rows(): readonly StockRow[];
  of(productId: string): readonly StockRow[];
  /** Puts the row in the place of the one with its product, place, bin and batch, and tells about it. */
  set(row: StockRow): void;
}

const keyOf = ({ productId, location, bin, batch }: StockRow) =>
  JSON.stringify([productId, location, bin, batch]);
const saysAnything = ({ onHand, allocated, onOrder }: StockRow) =>
  onHand !== 0 || allocated !== 0 || onOrder !== 0;

export function openStock(
  store: Store,
  seed: readonly StockRow[],
  changed: (productId: string) => void,
): Stock {
  const kept = plantedCollection(store, 'cin7-core.stock', seed, keyOf);
  const rows = () => kept.all().filter(saysAnything);
  return {
    rows,
    of: (productId) => rows().filter((row) => row.productId === productId),
    set: (row) => {
      kept.set(keyOf(row), row);
      changed(row.productId);
    },
  };
}

/** A row as `/ref/productavailability` has it. `StockOnHand` is money: what it cost. */
export function availabilityBody(row: StockRow, { fields }: Product): Record<string, unknown> {
  const { onHand, allocated, onOrder } = row;
  return {
    ID: row.productId,
    SKU: fields.SKU ?? '',
    Name: fields.Name ?? '',
    Barcode: fields.Barcode ?? '',
    Location: row.location,
    Bin: row.bin,
    Batch: row.batch,
    ExpiryDate: null,
    OnHand: onHand,
    Allocated: allocated,
    Available: inFourths(onHand - allocated),
    OnOrder: onOrder,
    StockOnHand: inFourths(onHand * Number(fields.AverageCost ?? 0)),
    InTransit: 0,
  };
}

/** Four decimals, as Cin7 Core counts. */
const inFourths = (value: number): number => Number(value.toFixed(4));
