import { type Decimal, decimalOf, printDecimal } from '../../../../entities/money/decimal.ts';

/** What a line holds: exact decimals as text. */
export interface LineFigures {
  readonly Quantity: string;
  readonly UnitAmount: string;
  /** Percent; '' = none. */
  readonly DiscountRate: string;
  /** Dollars off the whole line; '' = none. */
  readonly DiscountAmount: string;
}

/** How an invoice's prices are meant. */
export type LineAmountTypes = 'Exclusive' | 'Inclusive' | 'NoTax';

/** In cents. */
export interface Sums {
  readonly subTotal: number;
  readonly tax: number;
  readonly total: number;
}

/** `over` / `under`, to the nearest whole; a half goes away from zero. */
function nearest(over: bigint, under: bigint): bigint {
  const twice = 2n * (over < 0n ? -over : over);
  const size = (twice + under) / (2n * under);
  return over < 0n ? -size : size;
}

const ten = (power: number) => 10n ** BigInt(power);

/** Quantity × price, less the discount, in cents: rounded once. Source: Xero's page on rounding (M). */
export function lineCents({ Quantity, UnitAmount, DiscountRate, DiscountAmount }: LineFigures): bigint {
  const [count, price, percent] = [Quantity, UnitAmount, DiscountRate].map((text) => exact(text));
  if (!count || !price || !percent) return 0n;
  const left = 100n * ten(percent.scale) - percent.units;
  const under = ten(count.scale + price.scale + percent.scale) * 100n;
  return nearest(count.units * price.units * left * 100n, under) - cents(DiscountAmount);
}

/** The tax of one line, to the cent: 10 % of it, or 1/11 of what has the tax in it. */
export function taxCents(line: bigint, percent: number, types: LineAmountTypes): bigint {
  if (types === 'NoTax' || percent === 0) return 0n;
  const rate = BigInt(percent);
  return nearest(line * rate, types === 'Inclusive' ? 100n + rate : 100n);
}

/** What the lines come to, the tax being rounded line by line. */
export function sumsOf(
  lines: readonly { readonly amount: bigint; readonly tax: bigint }[],
  types: LineAmountTypes,
): Sums {
  const amount = lines.reduce((sum, line) => sum + line.amount, 0n);
  const tax = lines.reduce((sum, line) => sum + line.tax, 0n);
  const total = types === 'Exclusive' ? amount + tax : amount;
  return { subTotal: Number(total - tax), tax: Number(tax), total: Number(total) };
}

/** '' counts as nothing. */
const exact = (text: string): Decimal | null => decimalOf(text === '' ? '0' : text);

/** Dollars as cents, to the nearest. */
export function cents(dollars: string | number): bigint {
  const read = exact(String(dollars));
  return read ? nearest(read.units * 100n, ten(read.scale)) : 0n;
}

/** A price or quantity at so many decimals, as text; null where it is no number. */
export function atDecimals(value: unknown, decimals: number): string | null {
  const read = typeof value === 'number' || typeof value === 'string' ? decimalOf(value) : null;
  if (!read) return null;
  return printDecimal({ units: nearest(read.units * ten(decimals), ten(read.scale)), scale: decimals });
}

/** Cents as the JSON number in dollars. */
export const dollars = (amount: number): number => Number(printDecimal({ units: BigInt(amount), scale: 2 }));

/** What is on file, as the JSON number, at two decimals unless four were asked for. */
export const asNumber = (text: string, decimals: number): number => Number(atDecimals(text, decimals) ?? '0');
