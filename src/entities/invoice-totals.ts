import type { InvoiceLine, InvoiceLines } from './invoice-lines.ts';
import { digitsOf, lineAmount, ofMinor } from './money/amount.ts';
import { type Decimal, decimalOf } from './money/decimal.ts';
import { showAmount } from './money/fields.ts';
import { type TaxLine, type TaxRounding, type Totals, totalsOf } from './money/gst.ts';
import { taxTreatment } from './tax.ts';

const rates: Readonly<Record<string, Decimal>> = {
  gst: { units: 10n, scale: 0 },
  gst_free: { units: 0n, scale: 0 },
  export: { units: 0n, scale: 0 },
  input_taxed: { units: 0n, scale: 0 },
  out_of_scope: { units: 0n, scale: 0 },
};

/** GST in percent of what is sold under a treatment of ours; null for a code that is none of them: it is never guessed. */
export function rateOf(tax: string | null): Decimal | null {
  const name = tax === null ? '' : taxTreatment.normal(tax);
  return Object.hasOwn(rates, name) ? (rates[name] ?? null) : null;
}

/** What one line comes to in minor units, rounded to the cent once, as Xero does; null where it has no number to read. */
export function amountOfLine(
  { quantity, unit_price, discount }: Pick<InvoiceLine, 'quantity' | 'unit_price' | 'discount'>,
  currency: string,
): bigint | null {
  const [count, price, less] = [decimalOf(quantity), decimalOf(unit_price), decimalOf(discount)];
  return count && price && less ? lineAmount({ quantity: count, price, discount: less }, currency) : null;
}

/** The lines' amounts and rates, as the sums of tax need them; null where one has no number or no GST code that we know. */
export function taxLines({ currency, lines }: InvoiceLines): TaxLine[] | null {
  const read = lines.map((line) => ({ amount: amountOfLine(line, currency), percent: rateOf(line.tax) }));
  const whole = read.flatMap(({ amount, percent }) =>
    amount === null || percent === null ? [] : [{ amount, percent }],
  );
  return whole.length === read.length ? whole : null;
}

/** What all lines come to, in minor units; null where one cannot be counted. Rounded by line, unless told otherwise: as Xero does. */
export function totalsOfLines(
  lines: InvoiceLines,
  rounding: TaxRounding = { kind: 'per_line', decimals: digitsOf(lines.currency) },
): Totals | null {
  const counted = taxLines(lines);
  const digits = digitsOf(lines.currency);
  return counted && totalsOf(counted, { prices: lines.prices, rounding, digits });
}

/** For a phone: "3 lines, $1,234.50 + GST $123.45"; without sums where a line has no number or no GST code. */
export function linesWords(lines: InvoiceLines): string {
  const count = lines.lines.length === 1 ? '1 line' : `${lines.lines.length} lines`;
  const totals = totalsOfLines(lines);
  const money = (minor: bigint): string | null => {
    const amount = ofMinor(minor, lines.currency);
    return amount && showAmount(amount);
  };
  const [net, tax] = totals ? [money(totals.net), money(totals.tax)] : [null, null];
  return net && tax ? `${count}, ${net} + GST ${tax}` : count;
}
