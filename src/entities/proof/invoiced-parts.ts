import { type InvoiceLines, invoiceLines, linesValue } from '../invoice-lines.ts';
import { rateOf, totalsOfLines } from '../invoice-totals.ts';
import { ruleWords } from '../money/decide-totals.ts';
import { byLine, ruleOf, soldFor } from './rounding.ts';
import { type Part, part, type Sale, type SaleDeal, type SaleInvoice } from './sale.ts';

/** An invoice counts once it is approved. */
export const counts = ({ status }: SaleInvoice): boolean => status === 'authorised' || status === 'paid';

export const totalOf = ({ total, lines }: SaleInvoice): number =>
  total ?? (lines ? byLine(lines) : null) ?? 0;

/** What a deal was sold for, with GST; by its own amount, which says of no GST, where that is all it says. */
export const worthOf = (deal: SaleDeal): number =>
  hasAmountAlone(deal) ? deal.amount : deal.lines ? soldFor(deal.lines) : 0;

export const hasAmountAlone = (deal: SaleDeal): deal is SaleDeal & { readonly amount: number } =>
  deal.lines?.lines.length === 0 && deal.amount !== null && deal.amount !== 0;

/** Why what was invoiced is not what was sold. At most one part beside the rounding. Pure. */
export function invoicedParts(sale: Sale): readonly Part[] {
  const { deal, invoice } = sale;
  if (!deal?.isWon) return withoutDeal(sale);
  const sold = worthOf(deal);
  if (!invoice) return withoutInvoice(sale, deal, sold);
  if (invoice.status === 'voided') return [part('voided', sold)];
  if (!counts(invoice)) return [part('draft', sold)];
  if (!deal.lines) return [];
  const between = { sold: deal.lines, invoice, total: totalOf(invoice), agreed: sale.agreedLines };
  if (hasAmountAlone(deal)) return betweenAmount(deal.amount, between);
  return byLine(deal.lines) === null ? withoutCode(between) : betweenLines(between);
}

function withoutDeal({ deal, invoice }: Sale): Part[] {
  const invoiced = invoice && counts(invoice) ? totalOf(invoice) : 0;
  return [part(deal ? 'no_longer_won' : 'not_from_deal', -invoiced)];
}

/** Nothing holds it up, and yet it is not there: that stays unexplained. */
function withoutInvoice({ waitsFor, isFresh }: Sale, deal: SaleDeal, sold: number): Part[] {
  if (deal.number) return [part('names_invoice', sold, deal.number)];
  if (hasAmountAlone(deal)) return [part('no_lines', sold)];
  if (deal.lines?.lines.some(({ tax }) => rateOf(tax) === null)) return [part('no_tax_code', sold, waitsFor)];
  return waitsFor !== null || isFresh ? [part('not_made', sold, waitsFor)] : [];
}

/** The lines of a deal and an approved invoice of it. */
interface Between {
  readonly sold: InvoiceLines;
  readonly invoice: SaleInvoice;
  readonly total: number;
  readonly agreed: InvoiceLines | null;
}

function betweenLines(between: Between): Part[] {
  const { sold, invoice, total } = between;
  const expected = byLine(sold) ?? 0;
  const whole = soldFor(sold) - expected;
  if (!invoice.lines || areSame(sold, invoice.lines)) return [rounding(whole, expected, sold, total)];
  const listed = byLine(invoice.lines);
  // How a line counts whose code nobody knows only its total says: all that is apart is whoever put it there.
  if (listed === null) {
    const cause = areSame(bare(sold), bare(invoice.lines)) ? 'no_tax_code' : changed(between);
    return [rounding(whole, expected, sold, expected), ...(cause ? [part(cause, expected - total)] : [])];
  }
  return [
    rounding(whole, listed, invoice.lines, total),
    part(changed(between) ?? 'changed_by_hand', expected - listed),
  ];
}

/** Who made the invoice's lines other than the deal's, by what was agreed when it was made; null where nothing was. */
function changed({ invoice, agreed }: Between): 'deal_changed' | 'changed_by_hand' | null {
  if (!agreed || !invoice.lines) return null;
  return areSame(agreed, invoice.lines) ? 'deal_changed' : 'changed_by_hand';
}

/** What the deal's own rounding comes to, and the invoice's where a rule gives its total: by that rule's name. */
function rounding(whole: number, listed: number, lines: InvoiceLines, total: number): Part {
  const rule = ruleOf(lines, total);
  return part('rounding', whole + (rule ? listed - total : 0), ruleWords[rule ?? 'per_line']);
}

/** The deal's lines lost the GST code that they had when the invoice was made: what that makes of the tax. */
function withoutCode({ sold, invoice: { lines }, total }: Between): Part[] {
  const listed = lines && areSame(bare(sold), bare(lines)) ? byLine(lines) : null;
  if (!lines || listed === null || ruleOf(lines, total) === null) return [];
  return [part('no_tax_code', soldFor(sold) - total)];
}

/** A deal of an amount alone: its lines went after they were invoiced; or somebody else invoiced it, with or without GST. */
function betweenAmount(sold: number, between: Between): Part[] {
  const { invoice, total } = between;
  const totals = invoice.lines && totalsOfLines(invoice.lines);
  if (!invoice.lines || !totals || ruleOf(invoice.lines, total) === null) return [];
  if (changed(between) === 'deal_changed') return [part('deal_changed', sold - total)];
  return sold === total || sold === Number(totals.net) ? [part('no_lines', sold - total)] : [];
}

const areSame = (a: InvoiceLines, b: InvoiceLines): boolean =>
  invoiceLines.normal(linesValue(a)) === invoiceLines.normal(linesValue(b));

/** Lines without their GST codes. */
const bare = (some: InvoiceLines): InvoiceLines => ({
  ...some,
  lines: some.lines.map((line) => ({ ...line, tax: null })),
});
