import { z } from 'zod';
import { count, text } from '../schema.ts';

/** What Cin7 Core answers about products, no stricter than we need it. Source: the vendor's own description of its API v2 (2025). */

/** A price or a quantity as it stands there, so that nothing is lost on the way. */
const number = z.union([z.number(), z.string()]).nullish();

export const productsAnswer = z.looseObject({ Total: count, Page: count, Products: z.array(z.unknown()) });
/** A write answers with the product alone, in the same list. */
export const writtenAnswer = productsAnswer.partial({ Total: true, Page: true });

export const product = z.looseObject({
  ID: z.string().min(1),
  SKU: text,
  Name: text,
  Description: text,
  Type: text,
  UOM: text,
  PriceTier1: number,
  AverageCost: number,
  SaleTaxRule: text,
  InternalNote: text,
  Status: text,
  LastModifiedOn: z
    .string()
    .refine((at) => !Number.isNaN(Date.parse(at)), 'not a date')
    .nullish(),
});
export type Product = z.infer<typeof product>;

/** Entries of reference books. */
const named = z.looseObject({ Name: z.string() });
export const unitsAnswer = z.looseObject({ UnitList: z.array(named) });
export const categoriesAnswer = z.looseObject({ CategoryList: z.array(named) });
