import { type Decimal, type Fraction, rounded, sumOf } from './decimal.ts';

/** One line of an invoice. `amount` in minor units, with the tax in it where prices include it; `percent` = the rate, 0 for what is not taxed. */
export interface TaxLine {
  readonly amount: bigint;
  readonly percent: Decimal;
}

export type Prices = 'exclusive' | 'inclusive';

/**
 * How the tax of an invoice is rounded, as GST Act 1999 s 9-90 allows it: that of all lines together, unrounded, once (the total invoice
 * rule); or that of each line at so many decimals of the currency, then their sum (the taxable supply rule): 2 at Xero and Shopify, 4
 * at Cin7 Core.
 */
export type TaxRounding =
  | { readonly kind: 'invoice_total' }
  | { readonly kind: 'per_line'; readonly decimals: number };

/** In minor units. `net` + `tax` = `gross`, always. */
export interface Totals {
  readonly net: bigint;
  readonly tax: bigint;
  readonly gross: bigint;
}

/** What an invoice comes to. `digits` = decimals of the currency. Pure. */
export function totalsOf(
  lines: readonly TaxLine[],
  { prices, rounding, digits = 2 }: { prices: Prices; rounding: TaxRounding; digits?: number },
): Totals {
  const sum = lines.reduce((all, { amount }) => all + amount, 0n);
  const taxes = lines.map((line) => taxIn(line, prices));
  const tax = rounded(sumOf(rounding.kind === 'per_line' ? eachRounded(taxes, rounding, digits) : taxes));
  return prices === 'inclusive' ? { net: sum - tax, tax, gross: sum } : { net: sum, tax, gross: sum + tax };
}

/** The tax of one line, to the cent: half a cent goes up. Pure. */
export const lineTax = (line: TaxLine, prices: Prices): bigint => rounded(taxIn(line, prices));

/** Exactly: 10 % of a price without the tax, 1/11 of one with it. */
function taxIn({ amount, percent: { units, scale } }: TaxLine, prices: Prices): Fraction {
  const hundred = 100n * 10n ** BigInt(scale);
  return { over: amount * units, under: prices === 'inclusive' ? hundred + units : hundred };
}

function eachRounded(
  taxes: readonly Fraction[],
  { decimals }: { readonly decimals: number },
  digits: number,
): Fraction[] {
  const finer = 10n ** BigInt(Math.max(0, decimals - digits));
  return taxes.map(({ over, under }) => ({ over: rounded({ over: over * finer, under }), under: finer }));
}
