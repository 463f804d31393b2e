import { type InvoiceLines, invoiceLines, linesValue } from '../invoice-lines.ts';
import { amountOfLine, rateOf, taxLines, totalsOfLines } from '../invoice-totals.ts';
import { toleranceOf } from '../money/decide-totals.ts';
import { isIn, type Part, type Sale, type SaleInvoice, type Span, type Step } from './sale.ts';

/** What one step of one sale comes to within some days, and by which reasons it is not the step before. */
export interface ProvenStep {
  readonly step: Step;
  readonly from: number;
  readonly to: number;
  readonly parts: readonly Part[];
  /** `from` − `to` − all parts. */
  readonly rest: number;
}

/** Deal against invoice, and invoice against payments. Pure. */
export const proveSale = (sale: Sale, span: Span): readonly ProvenStep[] => [
  proven('invoiced', { from: soldOf(sale), to: invoicedOf(sale) }, invoicedParts(sale), span),
  proven('paid', { from: invoicedOf(sale), to: paidOf(sale) }, paidParts(sale), span),
];

/** An amount and the day on which it counts; null where there is nothing to count. */
interface Counted {
  readonly minor: number;
  readonly on: string;
}

/** What was sold, by the deal's own lines; the tax rounded once. */
export const soldOf = ({ deal }: Sale): Counted | null =>
  deal?.isWon ? { minor: deal.lines ? soldFor(deal.lines) : 0, on: deal.on } : null;

/** What a customer was asked for: an invoice counts once it is approved. */
export function invoicedOf({ invoice }: Sale): Counted | null {
  return invoice && counts(invoice) ? { minor: totalOf(invoice), on: invoice.on } : null;
}

export const paidOf = ({ payments }: Sale): Counted | null =>
  payments && payments.paid !== 0 ? { minor: payments.paid, on: payments.on } : null;

const counts = ({ status }: SaleInvoice): boolean => status === 'authorised' || status === 'paid';

const totalOf = ({ total, lines }: SaleInvoice): number => total ?? (lines ? byLine(lines) : null) ?? 0;

function proven(
  step: Step,
  { from, to }: { readonly from: Counted | null; readonly to: Counted | null },
  found: readonly Part[],
  span: Span,
): ProvenStep {
  const [hasFrom, hasTo] = [from, to].map((one) => one !== null && isIn(one.on, span));
  const home = from ?? to;
  const timing = hasFrom === hasTo || !from || !to ? 0 : hasFrom ? to.minor : -to.minor;
  const parts = [
    ...(home && isIn(home.on, span) ? found : []),
    { cause: 'timing' as const, minor: timing, detail: null },
  ].filter(({ minor }) => minor !== 0);
  const [a, b] = [hasFrom ? (from?.minor ?? 0) : 0, hasTo ? (to?.minor ?? 0) : 0];
  return { step, from: a, to: b, parts, rest: parts.reduce((rest, { minor }) => rest - minor, a - b) };
}

function invoicedParts(sale: Sale): Part[] {
  const { deal, invoice } = sale;
  const sold = soldOf(sale)?.minor ?? 0;
  if (!deal?.isWon) return withoutDeal(sale);
  if (!invoice) return withoutInvoice(sale, sold);
  if (invoice.status === 'voided') return [part('voided', sold)];
  if (!counts(invoice)) return [part('draft', sold)];
  return deal.lines ? betweenLines(sale, deal.lines, invoice) : [];
}

function withoutDeal(sale: Sale): Part[] {
  const invoiced = invoicedOf(sale)?.minor ?? 0;
  return [part(sale.deal ? 'no_longer_won' : 'not_from_deal', -invoiced)];
}

/** Nothing holds it up, and yet it is not there: that stays unexplained. */
function withoutInvoice({ deal, waitsFor, isFresh }: Sale, sold: number): Part[] {
  if (deal?.number) return [part('names_invoice', sold, deal.number)];
  if (deal?.lines?.lines.some(({ tax }) => rateOf(tax) === null))
    return [part('no_tax_code', sold, waitsFor)];
  return waitsFor !== null || isFresh ? [part('not_made', sold, waitsFor)] : [];
}

function betweenLines({ agreedLines }: Sale, sold: InvoiceLines, invoice: SaleInvoice): Part[] {
  const expected = byLine(sold);
  const total = totalOf(invoice);
  if (expected === null) return withoutCode(sold, invoice, total);
  const rounding = soldFor(sold) - expected;
  if (!invoice.lines || areSame(sold, invoice.lines))
    return [part('rounding', rounding + smallRest(expected - total, sold))];
  const listed = byLine(invoice.lines);
  if (listed === null) return [part('rounding', rounding)];
  const isDeals = agreedLines && areSame(agreedLines, invoice.lines) && !areSame(agreedLines, sold);
  return [
    part('rounding', rounding + smallRest(listed - total, invoice.lines)),
    part(isDeals ? 'deal_changed' : 'changed_by_hand', expected - listed),
  ];
}

/** The deal's lines lost the GST code that they had when the invoice was made: what that makes of the tax. */
function withoutCode(sold: InvoiceLines, { lines }: SaleInvoice, total: number): Part[] {
  const bare = (some: InvoiceLines) => ({
    ...some,
    lines: some.lines.map((line) => ({ ...line, tax: null })),
  });
  const listed = lines && areSame(bare(sold), bare(lines)) ? byLine(lines) : null;
  if (!lines || listed === null || (listed !== total && smallRest(listed - total, lines) === 0)) return [];
  return [part('no_tax_code', soldFor(sold) - total)];
}

/** What rounding alone may come to; 0 for more than that. */
export function smallRest(rest: number, lines: InvoiceLines): number {
  const taxed = taxLines(lines);
  return taxed && Math.abs(rest) <= Number(toleranceOf(taxed)) ? rest : 0;
}

function paidParts(sale: Sale): Part[] {
  const { invoice, payments } = sale;
  if (!invoice || !counts(invoice)) return [];
  const { paid = 0, credited = 0, fee = 0, isNewer = false } = payments ?? {};
  const due = invoice.due ?? 0;
  const apart = totalOf(invoice) - paid - credited - fee - due;
  return [
    part('credited', credited),
    part('fee', fee),
    part(paid === 0 && credited === 0 ? 'unpaid' : 'part_paid', due),
    part('read_apart', isNewer ? apart : 0),
  ];
}

const part = (cause: Part['cause'], minor: number, detail: string | null = null): Part => ({
  cause,
  minor,
  detail,
});

const areSame = (a: InvoiceLines, b: InvoiceLines): boolean =>
  invoiceLines.normal(linesValue(a)) === invoiceLines.normal(linesValue(b));

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
