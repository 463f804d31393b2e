import type { InvoiceLines } from '../invoice-lines.ts';
import { rateOf } from '../invoice-totals.ts';
import { taxTreatment } from '../tax.ts';
import { byLine, invoicedOf, paidOf, smallRest, soldFor, soldOf } from './prove-sale.ts';
import type { Sale } from './sale.ts';

/** GST code, one of our treatments, → whole minor units with GST; null = what no code stands beside. */
type ByCode = ReadonlyMap<string | null, number>;

/** What was sold, by GST code; comes to what {@link soldOf} says. Pure. */
export function soldByCode(sale: Sale): ByCode {
  const lines = soldOf(sale) ? (sale.deal?.lines ?? null) : null;
  return lines ? eachCode(lines, soldFor) : new Map();
}

/** What was invoiced, by GST code; what an invoice's total says beyond its lines has no code. Pure. */
export function invoicedByCode(sale: Sale): ByCode {
  const total = invoicedOf(sale)?.minor;
  if (total === undefined) return new Map();
  const lines = sale.invoice?.lines ?? null;
  const sums = new Map(lines ? eachCode(lines, (some) => byLine(some) ?? 0) : []);
  const apart = [...sums.values()].reduce((rest, minor) => rest - minor, total);
  if (apart === 0) return sums;
  const isRounding = lines && sums.has('gst') && smallRest(apart, lines) !== 0;
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

function eachCode(lines: InvoiceLines, sum: (some: InvoiceLines) => number): Map<string | null, number> {
  const groups = Map.groupBy(lines.lines, ({ tax }) =>
    tax === null || rateOf(tax) === null ? null : taxTreatment.normal(tax),
  );
  return new Map([...groups].map(([code, some]) => [code, sum({ ...lines, lines: some })]));
}
