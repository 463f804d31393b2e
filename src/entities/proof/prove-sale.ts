import { invoicedByCode, less, negative, soldByCode } from './by-code.ts';
import { type Counted, invoicedOf, paidOf, soldOf } from './counted.ts';
import { counts, invoicedParts, totalOf } from './invoiced-parts.ts';
import { type ByCode, isIn, type Part, part, type Sale, type Span, type Step } from './sale.ts';

/** What one step of one sale comes to within some days, and by which reasons it is not the step before. */
export interface ProvenStep {
  readonly step: Step;
  readonly from: number;
  readonly to: number;
  readonly parts: readonly CodedPart[];
  /** `from` − `to` − all parts. */
  readonly rest: number;
}

/** With what it comes to under each GST code; of what came in nobody says under which, then nothing. */
export type CodedPart = Part & { readonly codes: ByCode };

/** Deal against invoice, and invoice against payments. Pure. */
export function proveSale(sale: Sale, span: Span): readonly ProvenStep[] {
  const [sold, invoiced, paid] = [soldOf(sale), invoicedOf(sale), paidOf(sale)];
  const own = coded(invoicedParts(sale), sale);
  const none = paidParts(sale).map((one) => ({ ...one, codes: noCodes }));
  const ofInvoice = () => invoicedByCode(sale);
  return [
    proven({ step: 'invoiced', from: sold, to: invoiced, parts: own, toCodes: ofInvoice }, span),
    proven({ step: 'paid', from: invoiced, to: paid, parts: none, toCodes: () => noCodes }, span),
  ];
}

const noCodes: ByCode = new Map();

interface Apart {
  readonly step: Step;
  readonly from: Counted | null;
  readonly to: Counted | null;
  readonly parts: readonly CodedPart[];
  readonly toCodes: () => ByCode;
}

/** A part that comes to nothing is one all the same where it moves something from one GST code to another. */
function proven({ step, from, to, parts: found, toCodes }: Apart, span: Span): ProvenStep {
  const [hasFrom, hasTo] = [from, to].map((one) => one !== null && isIn(one.on, span));
  const home = from ?? to;
  const isApart = hasFrom !== hasTo && from !== null && to !== null;
  const timing = !isApart ? 0 : hasFrom ? to.minor : -to.minor;
  const timingCodes = !isApart ? noCodes : hasFrom ? toCodes() : negative(toCodes());
  const parts = [
    ...(home && isIn(home.on, span) ? found : []),
    { ...part('timing', timing), codes: timingCodes },
  ].filter(({ minor, codes }) => minor !== 0 || codes.values().some((each) => each !== 0));
  const [a, b] = [hasFrom ? (from?.minor ?? 0) : 0, hasTo ? (to?.minor ?? 0) : 0];
  return { step, from: a, to: b, parts, rest: parts.reduce((rest, { minor }) => rest - minor, a - b) };
}

/**
 * What each part comes to under each GST code: only what is taxed is rounded, and all else that the codes are apart is the other
 * part's. What has no reason stands beside no code.
 */
function coded(parts: readonly Part[], sale: Sale): CodedPart[] {
  const main = parts.some(({ cause }) => cause !== 'rounding') ? mainCodes(parts, sale) : noCodes;
  return parts.map((one) => ({
    ...one,
    codes: one.cause === 'rounding' ? new Map([['gst', one.minor]]) : main,
  }));
}

function mainCodes(parts: readonly Part[], sale: Sale): ByCode {
  const apart = less(soldByCode(sale), invoicedByCode(sale));
  const rounded = parts.reduce((sum, { cause, minor }) => (cause === 'rounding' ? sum + minor : sum), 0);
  const named = parts.reduce((sum, { minor }) => sum + minor, 0);
  const rest = apart.values().reduce((sum, minor) => sum + minor, 0) - named;
  return less(
    apart,
    new Map([
      ['gst', rounded],
      [null, rest],
    ]),
  );
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
    // What was set off against a credit note is no money that came.
    part(paid === 0 ? 'unpaid' : 'part_paid', due),
    part('read_apart', isNewer ? apart : 0),
  ];
}
