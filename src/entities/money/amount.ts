import { type Decimal, decimalOf, inUnits, printDecimal, roundedTo, times } from './decimal.ts';

/** An amount as a value of a field: whole minor units (cents), and an ISO 4217 code. JSON-safe. */
export type Amount = { readonly minor: number; readonly currency: string };

const isCode = (currency: string): boolean => /^[A-Z]{3}$/.test(currency);

/** Decimals of a currency (ISO 4217): 2 for AUD, 0 for JPY. */
export const digitsOf = (currency: string): number =>
  new Intl.NumberFormat('en-AU', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ??
  2;

/**
 * The amount that a vendor's number or text says; null where it says none, or one that the currency has no coins for: "12.345" AUD is
 * no amount, and nobody rounds it in silence.
 */
export function amountOf(value: string | number, currency: string): Amount | null {
  const decimal = decimalOf(value);
  if (!decimal || !isCode(currency)) return null;
  const minor = inUnits(decimal, digitsOf(currency));
  return minor === null ? null : ofMinor(minor, currency);
}

/** Null for more than a number in JSON can hold exactly: ninety trillion dollars. */
export function ofMinor(minor: bigint, currency: string): Amount | null {
  const number = Number(minor);
  return Number.isSafeInteger(number) ? { minor: number, currency } : null;
}

/** "1234.50", as vendors take it. */
export function amountText({ minor, currency }: Amount): string {
  const digits = digitsOf(currency);
  const [whole = '0', part = ''] = printDecimal({ units: BigInt(minor), scale: digits }).split('.');
  return digits === 0 ? whole : `${whole}.${part.padEnd(digits, '0')}`;
}

/** What so many of something cost, in minor units: quantity × price, less a discount in percent, rounded once. Pure. */
export function lineAmount(
  { quantity, price, discount }: { quantity: Decimal; price: Decimal; discount?: Decimal },
  currency: string,
): bigint {
  const whole = times(quantity, price);
  const left = discount
    ? times(whole, {
        units: 100n * 10n ** BigInt(discount.scale) - discount.units,
        scale: discount.scale + 2,
      })
    : whole;
  return roundedTo(left, digitsOf(currency));
}
