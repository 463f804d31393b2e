import type { TaxCodes } from '../../../agreement/agreement.ts';
import type { FieldValue, Observed } from '../../../entities/field.ts';
import { decimalOf, printDecimal, roundedTo } from '../../../entities/money/decimal.ts';
import { treatmentOf } from '../../../entities/tax.ts';
import type { Drift, Observation, Projection } from '../../connector.ts';
import { blank, cutTo, notRead, observedText } from '../../observed.ts';
import { timeOf } from '../schema.ts';
import type { Item } from './schema.ts';

const supported = ['sku', 'name', 'description', 'sell_price', 'cost', 'tax_treatment'] as const;
export type ItemField = (typeof supported)[number];

/** Items have neither a unit nor a status: what is archived elsewhere stays as it is here. */
export const supportsItemField = (field: string): field is ItemField =>
  (supported as readonly string[]).includes(field);

/** Xero's own lengths. */
export const skuMost = 30;
const lengths = { name: 50, description: 4000 } as const;
/** Of a price, with `unitdp=4`. */
const priceDecimals = 4;

export function itemObservation(item: Item, drift: readonly Drift[], taxCodes: TaxCodes): Observation {
  const lost = new Set(drift.map(({ field }) => field));
  const keep = (field: ItemField, observed: Observed) => (lost.has(field) ? notRead : observed);
  const { SalesDetails: sales, PurchaseDetails: purchase } = item;
  return {
    externalId: item.ItemID,
    role: 'item',
    url: `https://go.xero.com/app/products-and-services/item/${item.ItemID}`,
    vendorAt: timeOf(item.UpdatedDateUTC),
    archived: false,
    // An item has no place for a mark of ours: its code is the key.
    marker: null,
    also: [],
    fields: {
      sku: keep('sku', observedText(item.Code)),
      name: keep('name', observedText(item.Name)),
      description: keep('description', observedText(item.Description)),
      sell_price: keep('sell_price', observedPrice(sales?.UnitPrice)),
      cost: keep('cost', observedPrice(purchase?.UnitPrice)),
      tax_treatment: keep('tax_treatment', observedTax(sales?.TaxType, taxCodes)),
      unit: { state: 'unsupported' },
      status: { state: 'unsupported' },
    },
    editors: {},
    drift,
  };
}

/** A number of Xero's JSON as the decimal that is written there. */
function exactText(number: number | null | undefined): string | null {
  const decimal = number === null || number === undefined ? null : decimalOf(number);
  return decimal && printDecimal(decimal);
}

function observedPrice(price: number | null | undefined): Observed {
  const value = exactText(price);
  return value === null ? blank : { state: 'value', value };
}

/** A code that the agreement's table does not know stays as Xero has it, so that people see it. */
const observedTax = (code: string | null | undefined, taxCodes: TaxCodes): Observed =>
  code?.trim() ? { state: 'value', value: treatmentOf(taxCodes, code.trim()) } : blank;

/** What Xero holds of a value: a name of 50 characters and prices of four decimals are declared losses; a code is never cut. */
export function projectItem(field: string, value: FieldValue | null): Projection {
  if (!supportsItemField(field)) return { value: null, lossy: value !== null };
  const held = value === null ? null : holdable(field, value);
  return { value: held, lossy: held !== value };
}

function holdable(field: ItemField, value: FieldValue): FieldValue {
  if (field in lengths) return cutTo(String(value), lengths[field as keyof typeof lengths]);
  if (field !== 'sell_price' && field !== 'cost') return value;
  const decimal = decimalOf(String(value));
  if (!decimal || decimal.scale <= priceDecimals) return value;
  return printDecimal({ units: roundedTo(decimal, priceDecimals), scale: priceDecimals });
}
