import type { NewCin7Products, TaxCodes } from '../../../agreement/agreement.ts';
import type { FieldValue } from '../../../entities/field.ts';
import { decimalOf, printDecimal } from '../../../entities/money/decimal.ts';
import { codeOf } from '../../../entities/tax.ts';
import type { Create } from '../../connector.ts';
import { markerLine } from '../marker.ts';
import { type Body, statuses } from '../values.ts';
import { supports } from './map.ts';

type Json = Record<string, unknown>;
type Fields = Readonly<Record<string, FieldValue | null>>;
type Keys = { readonly json: Json } | { readonly reason: string };

/** The body of an update: the id, what changes, nothing else. */
export function toUpdate(externalId: string, fields: Fields, codes: TaxCodes): Body {
  if ('cost' in fields)
    return { kind: 'impossible', reason: 'Cin7 Core works a product’s average cost out by itself' };
  const keys = keysOf(fields, codes);
  if ('reason' in keys) return { kind: 'impossible', reason: keys.reason };
  if (Object.keys(keys.json).length === 0) return { kind: 'nothing' };
  return { kind: 'body', json: { ID: externalId, ...keys.json }, adds: false };
}

/** The body of a new product: what the agreement says of all of them, what we know of this one, and our mark. It costs nothing yet. */
export function toNewProduct({ fields, marker }: Create, made: NewCin7Products, codes: TaxCodes): Body {
  const { cost: _, ...rest } = fields;
  if (!rest.sku) return { kind: 'impossible', reason: 'Cin7 Core needs a SKU for a new product' };
  if (!rest.name) return { kind: 'impossible', reason: 'Cin7 Core needs a name for a new product' };
  const keys = keysOf(rest, codes);
  if ('reason' in keys) return { kind: 'impossible', reason: keys.reason };
  const json = {
    Status: 'Active',
    Category: made.category,
    UOM: made.unit,
    CostingMethod: made.costingMethod,
    Type: made.type,
    ...keys.json,
    InternalNote: markerLine(marker),
  };
  return { kind: 'body', json, adds: true };
}

/** What a product cannot be without. */
const needed: Readonly<Record<string, string>> = {
  sku: 'a SKU',
  name: 'a name',
  unit: 'a unit',
  status: 'a status',
};
const texts: Readonly<Record<string, string>> = {
  sku: 'SKU',
  name: 'Name',
  description: 'Description',
  unit: 'UOM',
};

/** The keys of a product. Throws where a field is none of Cin7 Core's. */
function keysOf(fields: Fields, codes: TaxCodes): Keys {
  const json: Json = {};
  for (const [field, value] of Object.entries(fields)) {
    if (!supports(field)) throw new Error(`Cin7 Core has no field ${field}`);
    if (value === null && needed[field])
      return { reason: `Cin7 Core has no product without ${needed[field]}` };
    const text = value === null ? '' : String(value);
    const key = texts[field];
    if (key) json[key] = text;
    if (field === 'sell_price') {
      const price = value === null ? 0 : priceOf(text);
      if (price === null) return { reason: `“${text}” is not a price` };
      json.PriceTier1 = price;
    }
    if (field === 'tax_treatment') {
      const rule = value === null ? null : codeOf(codes, text);
      if (value !== null && rule === null)
        return { reason: `tax_codes of this connection says no tax rule for “${text}”` };
      json.SaleTaxRule = rule;
    }
    if (field === 'status') {
      json.Status = statuses[text.toLowerCase()];
      if (!json.Status) return { reason: `Cin7 Core has no status “${text}”` };
    }
  }
  return { json };
}

/** As a number in JSON; null for what is none, or has more digits than such a number keeps. */
function priceOf(text: string): number | null {
  const decimal = decimalOf(text);
  if (!decimal) return null;
  const number = Number(printDecimal(decimal));
  const back = decimalOf(number);
  return back && printDecimal(back) === printDecimal(decimal) ? number : null;
}
