import type { Drift } from '../../connector.ts';
import { driftFinder } from '../../drift.ts';
import type { Lost } from '../../set-aside.ts';
import type { Row } from './schema.ts';

/** Every key documented for a row of availability: any other is news. */
const rowKeys: ReadonlySet<string> = new Set([
  ...['ID', 'SKU', 'Name', 'Barcode', 'Location', 'Bin', 'Batch', 'ExpiryDate', 'Category'],
  ...['OnHand', 'Allocated', 'Available', 'OnOrder', 'StockOnHand', 'InTransit', 'NextDeliveryDate'],
]);

/** What the rows of a list lack as a whole, each once: every stock level is made of them. */
export function rowDrift(rows: readonly Row[], lost: Lost): readonly Drift[] {
  const find = driftFinder(rows, {
    mapped: {
      on_hand: ['OnHand'],
      allocated: ['Allocated'],
      available: ['Available'],
      locations: ['Location'],
    },
    documented: rowKeys,
    lost,
  });
  const [first] = rows;
  return first ? find(first) : [];
}
