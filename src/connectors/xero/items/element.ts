import type { TaxCodes } from '../../../agreement/agreement.ts';
import type { FieldValue } from '../../../entities/field.ts';
import { decimalOf } from '../../../entities/money/decimal.ts';
import { codeOf } from '../../../entities/tax.ts';
import type { Element } from '../elements.ts';
import { skuMost, supportsItemField } from './map.ts';
import type { Item, ItemDetails } from './schema.ts';

type Fields = Readonly<Record<string, FieldValue | null>>;
type Part = Readonly<Record<string, unknown>>;

/**
 * What changes of an item, or what a new one is made of. Sales and purchase details go out whole, with the account and all else
 * that they held; the code always, since Xero demands it. Throws where a field is none of Xero's.
 */
export function itemElement(fields: Fields, current: Item | null, taxCodes: TaxCodes): Element {
  const element: Record<string, unknown> = current ? { Code: current.Code } : {};
  for (const [field, value] of Object.entries(fields)) {
    if (!supportsItemField(field)) throw new Error(`Xero has no field ${field} of items`);
    const part = partOf(field, value, { element, current, taxCodes });
    if (typeof part === 'string') return { kind: 'impossible', reason: part };
    Object.assign(element, part);
  }
  return { kind: 'element', element };
}

interface Known {
  readonly element: Part;
  readonly current: Item | null;
  readonly taxCodes: TaxCodes;
}

function partOf(field: string, value: FieldValue | null, known: Known): Part | string {
  switch (field) {
    case 'sku':
      return codeFrom(value);
    case 'name':
      return { Name: value === null ? '' : String(value) };
    case 'description':
      return { Description: value === null ? '' : String(value) };
    case 'sell_price':
      return priceFrom(value, 'SalesDetails', known);
    case 'cost':
      return priceFrom(value, 'PurchaseDetails', known);
    default:
      return taxFrom(value, known);
  }
}

/** A code that is cut is another product's. */
function codeFrom(value: FieldValue | null): Part | string {
  const code = value === null ? '' : String(value);
  if (code === '') return 'an item in Xero needs its code';
  if (code.length <= skuMost) return { Code: code };
  return `Xero holds a SKU of ${skuMost} characters at most, and “${code}” has ${code.length}`;
}

type DetailsKey = 'SalesDetails' | 'PurchaseDetails';

function withDetail(key: DetailsKey, more: ItemDetails, { element, current }: Known): Part {
  return { [key]: { ...current?.[key], ...(element[key] as ItemDetails | undefined), ...more } };
}

function priceFrom(value: FieldValue | null, key: DetailsKey, known: Known): Part | string {
  if (value === null) return 'Xero’s API has no way to clear a price';
  const text = String(value);
  if (!decimalOf(text)) return `Xero needs a price as a number, and this is “${text}”`;
  const side = key === 'SalesDetails' ? { IsSold: true } : { IsPurchased: true };
  return { ...side, ...withDetail(key, { UnitPrice: Number(text) }, known) };
}

function taxFrom(value: FieldValue | null, known: Known): Part | string {
  if (value === null) return 'Xero’s API has no way to clear the tax treatment';
  const code = codeOf(known.taxCodes, String(value));
  return code === null
    ? `the agreement names no tax code of Xero for “${String(value)}”: add it to this connection’s tax_codes`
    : withDetail('SalesDetails', { TaxType: code }, known);
}
