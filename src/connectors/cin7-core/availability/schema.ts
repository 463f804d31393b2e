import { z } from 'zod';
import { count, text } from '../schema.ts';

/** What Cin7 Core answers about what lies where, no stricter than we need it. Source: findings on the live API (August 2026). */

export const availabilityAnswer = z.looseObject({
  Total: count,
  Page: count,
  ProductAvailabilityList: z.array(z.unknown()),
});

/** A quantity as it stands there; what is no number is told with the product. Left out: the answers as a whole may have lost it. */
const quantity = z.union([z.number(), z.string()]).nullish();

/** `ID` is the product's. */
export const row = z.looseObject({
  ID: z.string().min(1),
  SKU: text,
  Location: text,
  Bin: text,
  Batch: text,
  ExpiryDate: text,
  OnHand: quantity,
  Allocated: quantity,
  Available: quantity,
});
export type Row = z.infer<typeof row>;
