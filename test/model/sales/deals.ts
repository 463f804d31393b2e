import { lineAmount, ofMinor } from '#src/entities/money/amount.ts';
import { type Decimal, decimalOf } from '#src/entities/money/decimal.ts';
import { totalsOf } from '#src/entities/money/gst.ts';
import { type CrmRecord, propertyOf } from '#src/playground/vendors/hubspot/state.ts';
import type { Vendors } from '../house.ts';
import { treatments } from './sheet.ts';

/** A line of a deal, as a person reads it. */
export interface Line {
  readonly id: string;
  readonly sku: string;
  /** HubSpot's product; '' where somebody typed a line that is none. */
  readonly productId: string;
  readonly name: string;
  readonly quantity: string;
  readonly price: string;
  readonly off: string;
  readonly percent: string;
  /** Its product's; '' where nobody says. */
  readonly tax: string;
}

export interface Deal {
  readonly id: string;
  readonly name: string;
  readonly isWon: boolean;
  readonly companyId: string | null;
  readonly lines: readonly Line[];
  /** Every property, by its name. */
  readonly held: Readonly<Record<string, string>>;
}

const heldIn = (type: 'deals' | 'products' | 'line_items', record: CrmRecord) => (name: string) =>
  propertyOf(type, record, name) ?? '';

export function dealIn({ hubspot: { crm } }: Vendors, id: string): Deal | null {
  const record = crm.deals.get(id);
  if (!record || record.archived) return null;
  const held = heldIn('deals', record);
  const companies = crm.associations.of('deals', id, 'companies').map((one) => one.id);
  const lines = crm.associations.of('deals', id, 'line_items').flatMap((one): Line[] => {
    const found = crm.line_items.get(one.id);
    if (!found) return [];
    const of = heldIn('line_items', found);
    const product = crm.products.get(of('hs_product_id'));
    return [
      {
        id: one.id,
        sku: of('hs_sku'),
        productId: of('hs_product_id'),
        name: of('name'),
        quantity: of('quantity'),
        price: of('price'),
        off: of('discount'),
        percent: of('hs_discount_percentage'),
        tax: product ? heldIn('products', product)('truce_tax_treatment') : '',
      },
    ];
  });
  return {
    id,
    name: held('dealname'),
    isWon: held('dealstage') === 'closedwon',
    companyId: companies[0] ?? null,
    lines,
    held: Object.fromEntries(Object.keys(record.history).map((name) => [name, held(name)])),
  };
}

export const dealsIn = (vendors: Vendors): Deal[] =>
  vendors.hubspot.crm.deals.all().flatMap(({ id }) => dealIn(vendors, id) ?? []);

/** What an invoice of these lines comes to, in cents, each line and its GST rounded by itself; null where one cannot be reckoned. */
export function dueOf({
  lines,
}: Pick<Deal, 'lines'>): { readonly total: number; readonly tax: number } | null {
  const counted = lines.map((line) => {
    const [quantity, price, off, percent] = [
      line.quantity,
      line.price,
      line.off || '0',
      line.percent || '0',
    ].map((text) => decimalOf(text));
    const isKnown = (treatments as readonly string[]).includes(line.tax);
    if (!quantity || !price || !off || !percent || !isKnown) return null;
    const amount = lineAmount({ quantity, price: minus(price, off), discount: percent }, 'AUD');
    return { amount, percent: { units: line.tax === 'gst' ? 10n : 0n, scale: 0 } };
  });
  const whole = counted.filter((line) => line !== null);
  if (whole.length === 0 || whole.length < counted.length) return null;
  const totals = totalsOf(whole, { prices: 'exclusive', rounding: { kind: 'per_line', decimals: 2 } });
  const cents = (minor: bigint) => ofMinor(minor, 'AUD')?.minor ?? Number.NaN;
  return { total: cents(totals.gross), tax: cents(totals.tax) };
}

function minus(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale);
  const units = (one: Decimal) => one.units * 10n ** BigInt(scale - one.scale);
  return { units: units(a) - units(b), scale };
}

/** Whole cents of "12.30"; null of what is no amount. */
export function cents(text: string): number | null {
  const decimal = decimalOf(text);
  if (!decimal || decimal.scale > 2) return null;
  return Number(decimal.units * 10n ** BigInt(2 - decimal.scale));
}
