import type { TaxCodes } from '../../../agreement/agreement.ts';
import type { FieldValue, Observed } from '../../../entities/field.ts';
import { decimalOf, printDecimal, roundedTo } from '../../../entities/money/decimal.ts';
import type { Drift, Observation, Projection } from '../../connector.ts';
import { blank, cutTo, notRead, observedText } from '../../observed.ts';
import { markerIn } from '../marker.ts';
import { isDeprecated, toTreatment, utc } from '../values.ts';
import type { Product } from './schema.ts';

const supported = [
  'sku',
  'name',
  'description',
  'sell_price',
  'cost',
  'tax_treatment',
  'unit',
  'status',
] as const;
type SupportedField = (typeof supported)[number];

export const supports = (field: string): field is SupportedField =>
  (supported as readonly string[]).includes(field);

/** Our record's id in a product's internal note. */
export const markerOf = ({ InternalNote }: Product): string | null => markerIn(InternalNote);

/** A product as the entity has it. `codes` are the account's names of tax rules, by our treatment. */
export function toObservation(product: Product, drift: readonly Drift[], codes: TaxCodes): Observation {
  const lost = new Set(drift.map(({ field }) => field));
  const read: Readonly<Record<SupportedField, Observed>> = {
    sku: observedText(product.SKU),
    name: observedText(product.Name),
    description: observedText(product.Description),
    sell_price: toPrice(product.PriceTier1),
    cost: toPrice(product.AverageCost),
    tax_treatment: toTreatment(product.SaleTaxRule, codes),
    unit: observedText(product.UOM),
    status: { state: 'value', value: isDeprecated(product.Status) ? 'archived' : 'active' },
  };
  return {
    externalId: product.ID,
    role: 'product',
    url: productUrl(product.ID),
    vendorAt: utc(product.LastModifiedOn),
    archived: isDeprecated(product.Status),
    marker: markerOf(product),
    also: [],
    fields: Object.fromEntries(
      Object.entries(read).map(([field, observed]) => [field, lost.has(field) ? notRead : observed]),
    ),
    editors: {},
    drift,
  };
}

/** As the product's address bar has it; no documented link. */
export const productUrl = (id: string): string => `https://inventory.dearsystems.com/Product#${id}`;

/** A price that nobody filled in is nought there: it is no price. What is no number stays as it is, for people to see. */
function toPrice(value: number | string | null | undefined): Observed {
  if (value === null || value === undefined) return blank;
  const decimal = decimalOf(value);
  if (!decimal) return observedText(String(value));
  return decimal.units === 0n ? blank : { state: 'value', value: printDecimal(decimal) };
}

/** Cin7 Core's own lengths and decimals. A SKU is never cut: half of one may be another product's. */
export function project(field: string, value: FieldValue | null): Projection {
  if (!supports(field)) return { value: null, lossy: value !== null };
  const held = value === null ? null : holdable(field, value);
  return { value: held, lossy: held !== value };
}

function holdable(field: SupportedField, value: FieldValue): FieldValue | null {
  if (field === 'name') return cutTo(String(value), 256);
  if (field === 'unit') return cutTo(String(value), 50);
  return field === 'sell_price' ? heldPrice(value) : value;
}

/** Four decimals, and nought is no price. */
function heldPrice(value: FieldValue): FieldValue | null {
  const decimal = typeof value === 'string' || typeof value === 'number' ? decimalOf(value) : null;
  if (!decimal) return value;
  const rounded = { units: roundedTo(decimal, 4), scale: 4 };
  if (rounded.units === 0n) return null;
  const held = printDecimal(rounded);
  return held === printDecimal(decimal) ? value : held;
}
