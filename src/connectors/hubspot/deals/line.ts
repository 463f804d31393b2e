import type { LineAsRead } from '../../../entities/invoice-lines.ts';
import { lineAmount } from '../../../entities/money/amount.ts';
import { type Decimal, decimalOf, printDecimal } from '../../../entities/money/decimal.ts';
import { inChoice, treatments } from '../fields.ts';
import type { Unusable } from '../objects.ts';
import type { CrmRecord } from '../schema.ts';

/** What people change about a line; who did so is asked along. */
export const editedProperties = ['name', 'quantity', 'price', 'discount', 'hs_discount_percentage'] as const;

export const lineProperties: readonly string[] = [
  ...editedProperties,
  'amount',
  'hs_sku',
  'hs_product_id',
  'hs_position_on_quote',
  'hs_line_item_currency_code',
  'recurringbillingfrequency',
];

/** What a product says for the lines that it is sold on. */
export const taxProperty = 'truce_tax_treatment';
const statusProperty = 'truce_status';
export const productProperties: readonly string[] = ['hs_sku', taxProperty, statusProperty];

/** Sold no more: in the recycle bin, or archived by Truce's own status. */
export const isOutOfUse = ({ archived, properties }: CrmRecord): boolean =>
  archived === true || properties[statusProperty]?.trim().toLowerCase() === 'archived';

const tax = inChoice(taxProperty, treatments);

/**
 * A line of a deal as the line of an invoice. A discount in money makes the price less; GST is that of the product, and nothing where
 * the line has no product or the product no code. Pure.
 * @param product as HubSpot has it, in use or archived; undefined where the line has none.
 */
export function lineOf(
  { id, properties }: CrmRecord,
  product: CrmRecord | undefined,
  currency: string | null,
): LineAsRead | Unusable {
  const text = (name: string) => properties[name]?.trim() || null;
  const named = `its line “${text('name') ?? id}”`;
  const own = text('hs_line_item_currency_code')?.toUpperCase();
  if (own && currency && own !== currency)
    return { unusable: `${named} is in ${own}, and the deal in ${currency}` };
  if (text('recurringbillingfrequency'))
    return {
      unusable: `${named} recurs (${text('recurringbillingfrequency')}): Truce makes one invoice of a deal, and none of subscriptions`,
    };
  const price = priceLess(text('price'), text('discount'));
  const percent = text('hs_discount_percentage');
  const apart = differs({ quantity: text('quantity'), price, percent, amount: text('amount') }, currency);
  if (apart) return { unusable: `${named} is ${apart}` };
  const code = product && tax.read(product.properties[taxProperty], null);
  return {
    sku: text('hs_sku') ?? product?.properties.hs_sku?.trim() ?? null,
    description: text('name'),
    quantity: text('quantity'),
    unit_price: price,
    discount: percent,
    tax: code?.state === 'value' ? String(code.value) : null,
  };
}

/** The price of one, less a discount in money; as it stands where one of them is no number. */
function priceLess(price: string | null, off: string | null): string | null {
  const [whole, less] = [decimalOf(price ?? ''), decimalOf(off ?? '0')];
  if (!whole || !less) return off === null ? price : `${price ?? ''} less ${off}`;
  const scale = Math.max(whole.scale, less.scale);
  const units = (one: Decimal) => one.units * 10n ** BigInt(scale - one.scale);
  return printDecimal({ units: units(whole) - units(less), scale });
}

interface Reckoned {
  readonly quantity: string | null;
  readonly price: string | null;
  readonly percent: string | null;
  /** HubSpot's own net price. */
  readonly amount: string | null;
}

/**
 * HubSpot's net price of a line, where it is another than its numbers give: then it follows a rule that we do not know (tiers, terms),
 * and an invoice of these numbers would be for something else. A cent is rounding. Null where they agree, or nobody can say.
 */
function differs({ quantity, price, percent, amount }: Reckoned, currency: string | null): string | null {
  const numbers = [quantity, price, percent ?? '0', amount].map((text) => decimalOf(text ?? ''));
  const [count, each, discount, told] = numbers;
  if (!count || !each || !discount || !told || !currency) return null;
  const own = lineAmount({ quantity: count, price: each, discount }, currency);
  const one: Decimal = { units: 1n, scale: 0 };
  const theirs = lineAmount({ quantity: one, price: told }, currency);
  const apart = own > theirs ? own - theirs : theirs - own;
  if (apart <= 1n) return null;
  const reckoned = printDecimal({ units: own, scale: 2 });
  return `${amount} by HubSpot’s own reckoning, and ${reckoned} by its quantity, price and discounts`;
}

/** In the order in which people see them. */
export function inOrder(lines: readonly CrmRecord[]): readonly CrmRecord[] {
  const place = ({ properties }: CrmRecord) => {
    const text = properties.hs_position_on_quote?.trim();
    return text && Number.isFinite(Number(text)) ? Number(text) : Number.MAX_SAFE_INTEGER;
  };
  return [...lines].sort((a, b) => place(a) - place(b) || Number(a.id) - Number(b.id));
}
