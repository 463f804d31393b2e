import type { InvoiceLines } from '../invoice-lines.ts';
import { amountOfLine, rateOf, taxLines, totalsOfLines } from '../invoice-totals.ts';
import { digitsOf } from '../money/amount.ts';
import { decideTotals, type RoundingName } from '../money/decide-totals.ts';

/** As Xero rounds; null where a line cannot be counted. */
export function byLine(lines: InvoiceLines): number | null {
  const totals = totalsOfLines(lines);
  return totals && Number(totals.gross);
}

/** With the tax of the whole rounded once; a line without a GST code that we know counts without tax, one without a number not at all. */
export function soldFor(lines: InvoiceLines): number {
  const known = lines.lines.flatMap((line) => {
    if (amountOfLine(line, lines.currency) === null) return [];
    return rateOf(line.tax) === null ? [{ ...line, tax: 'out_of_scope' }] : [line];
  });
  return Number(totalsOfLines({ ...lines, lines: known }, { kind: 'invoice_total' })?.gross ?? 0n);
}

/** By which rule of rounding these lines come to a total; null where by none: then it is no rounding, however small the difference. */
export function ruleOf(lines: InvoiceLines, total: number): RoundingName | null {
  const [taxed, totals] = [taxLines(lines), totalsOfLines(lines)];
  if (!taxed || !totals) return null;
  const apart = BigInt(total) - totals.gross;
  if (apart === 0n) return 'per_line';
  // A price with the tax in it is the same by every rule.
  if (lines.prices === 'inclusive') return null;
  const { prices, currency } = lines;
  const tax = [totals.tax, totals.tax + apart] as const;
  const verdict = decideTotals({ lines: taxed, prices, digits: digitsOf(currency), tax });
  return verdict.kind === 'agree' && verdict.cause === 'rounding_rule' ? verdict.by[1] : null;
}
