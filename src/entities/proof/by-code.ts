import type { InvoiceLines } from '../invoice-lines.ts';
import { rateOf } from '../invoice-totals.ts';
import { taxTreatment } from '../tax.ts';
import { invoicedOf, paidOf, soldOf } from './counted.ts';
import { hasAmountAlone } from './invoiced-parts.ts';
import { byLine, ruleOf, soldFor } from './rounding.ts';
import type { ByCode, Sale } from './sale.ts';

/** What was sold, by GST code; comes to what {@link soldOf} says. Pure. */
export function soldByCode(sale: Sale): ByCode {
  const { deal } = sale;
  if (!deal || !soldOf(sale)) return new Map();
  if (hasAmountAlone(deal)) return new Map([[null, deal.amount]]);
  return deal.lines ? eachCode(deal.lines, soldFor) : new Map();
}

/** What was invoiced, by GST code; what an invoice's total says beyond its lines has no code. Pure. */
export function invoicedByCode(sale: Sale): ByCode {
  const total = invoicedOf(sale)?.minor;
  if (total === undefined) return new Map();
  const lines = sale.invoice?.lines ?? null;
  const sums = new Map(lines ? eachCode(lines, (some) => byLine(some) ?? 0) : []);
  const apart = [...sums.values()].reduce((rest, minor) => rest - minor, total);
  if (apart === 0) return sums;
  const isRounding = lines && sums.has('gst') && ruleOf(lines, total) !== null;
  const code = isRounding ? 'gst' : null;
  return sums.set(code, (sums.get(code) ?? 0) + apart);
}

/** What came in, shared among the codes as the invoice has them, to the cent: nobody pays one line alone. Pure. */
export function paidByCode(sale: Sale): ByCode {
  const paid = paidOf(sale)?.minor;
  if (paid === undefined) return new Map();
  const shares = [...invoicedByCode(sale)].filter(([, minor]) => minor > 0);
  const whole = shares.reduce((sum, [, minor]) => sum + minor, 0);
  if (whole === 0) return new Map([[null, paid]]);
  const sums = new Map(shares.map(([code, minor]) => [code, Math.floor((paid * minor) / whole)]));
  const [largest] = shares.sort(([, a], [, b]) => b - a);
  const left = [...sums.values()].reduce((rest, minor) => rest - minor, paid);
  return largest ? sums.set(largest[0], (sums.get(largest[0]) ?? 0) + left) : sums;
}

/** Code by code. Pure. */
export const less = (from: ByCode, to: ByCode): ByCode =>
  new Map([...from, ...to].map(([code]) => [code, (from.get(code) ?? 0) - (to.get(code) ?? 0)]));

/** Pure. */
export const negative = (sums: ByCode): ByCode => less(new Map(), sums);

function eachCode(lines: InvoiceLines, sum: (some: InvoiceLines) => number): Map<string | null, number> {
  const groups = Map.groupBy(lines.lines, ({ tax }) =>
    tax === null || rateOf(tax) === null ? null : taxTreatment.normal(tax),
  );
  return new Map([...groups].map(([code, some]) => [code, sum({ ...lines, lines: some })]));
}
