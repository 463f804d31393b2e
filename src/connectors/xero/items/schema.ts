import { z } from 'zod';
import { msDate, text } from '../schema.ts';

/** What Xero answers of items, no stricter than we need it. Source: Xero's OpenAPI description 16.1.0. */

const details = z.looseObject({ UnitPrice: z.number().nullish(), AccountCode: text, TaxType: text });
export type ItemDetails = z.infer<typeof details>;

export const itemsAnswer = z.looseObject({ Items: z.array(z.unknown()) });

export const item = z.looseObject({
  ItemID: z.string().min(1),
  Code: z.string().min(1),
  Name: text,
  Description: text,
  SalesDetails: details.nullish(),
  PurchaseDetails: details.nullish(),
  UpdatedDateUTC: z.string().regex(msDate, 'not a Xero date').nullish(),
});
export type Item = z.infer<typeof item>;

/** Every key that Xero documents for an item: any other is news. */
export const itemKeys: ReadonlySet<string> = new Set([
  ...['ItemID', 'Code', 'Name', 'Description', 'PurchaseDescription', 'IsSold', 'IsPurchased'],
  ...['InventoryAssetAccountCode', 'PurchaseDetails', 'SalesDetails', 'IsTrackedAsInventory'],
  ...['TotalCostPool', 'QuantityOnHand', 'UpdatedDateUTC', 'StatusAttributeString', 'ValidationErrors'],
]);
