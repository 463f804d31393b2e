import { invoicedByCode, paidByCode, soldByCode } from './by-code.ts';
import { invoicedOf, paidOf, soldOf } from './counted.ts';
import { type CodedPart, proveSale } from './prove-sale.ts';
import { type ByCode, type Cause, isIn, type Sale, type Span, type Step } from './sale.ts';

/** All sales of one currency within some days: what was sold, invoiced and paid, and where the differences are. Plain data; whole minor units. */
export interface MoneyProof {
  readonly span: Span;
  readonly currency: string;
  readonly sums: Sums;
  /** By GST code, one of our treatments; null = what no code stands beside. */
  readonly codes: readonly (Sums & { readonly code: string | null })[];
  /** The largest first. */
  readonly causes: readonly NamedCause[];
  /** What no cause explains, record by record, the largest first. */
  readonly unexplained: readonly Unexplained[];
}

export interface Sums {
  readonly sold: number;
  readonly invoiced: number;
  readonly paid: number;
}

export interface NamedCause {
  readonly step: Step;
  readonly cause: Cause;
  readonly minor: number;
  /** The same by GST code: a cause that comes to nothing may yet move something from one to another. None of what came in. */
  readonly codes?: readonly { readonly code: string | null; readonly minor: number }[];
  readonly count: number;
  /** The largest first; of a proof that was kept the largest alone. */
  readonly records: readonly ProofRecord[];
}

export interface ProofRecord {
  readonly recordId: string;
  readonly title: string;
  readonly minor: number;
  readonly detail: string | null;
}

export interface Unexplained {
  readonly step: Step;
  readonly recordId: string;
  readonly title: string;
  readonly minor: number;
}

/**
 * Deals won against invoices against payments. For each step the difference of its two sums is the sum of the causes and of what is
 * unexplained, to the cent. One proof for each currency, in the order of their codes. Pure.
 */
export function moneyProofs(sales: readonly Sale[], span: Span): MoneyProof[] {
  const byCurrency = Map.groupBy(sales, ({ currency }) => currency);
  return [...byCurrency.keys()]
    .sort()
    .map((currency) => proofOf(byCurrency.get(currency) ?? [], currency, span));
}

function proofOf(sales: readonly Sale[], currency: string, span: Span): MoneyProof {
  const steps = sales.flatMap((sale) => proveSale(sale, span).map((step) => ({ sale, ...step })));
  const sum = (step: Step, side: 'from' | 'to') =>
    steps.reduce((all, one) => (one.step === step ? all + one[side] : all), 0);
  const causes = steps.flatMap(({ sale, step, parts }) => parts.map((part) => ({ sale, step, ...part })));
  const unexplained = steps.flatMap(({ sale: { recordId, title }, step, rest }) =>
    rest === 0 ? [] : [{ step, recordId, title, minor: rest }],
  );
  return {
    span,
    currency,
    sums: { sold: sum('invoiced', 'from'), invoiced: sum('invoiced', 'to'), paid: sum('paid', 'to') },
    codes: codesOf(sales, span),
    causes: [...Map.groupBy(causes, ({ step, cause }) => `${step} ${cause}`).values()]
      .flatMap(namedCause)
      .sort((one, other) => weight(other) - weight(one)),
    unexplained: largest(unexplained),
  };
}

interface Caused extends CodedPart {
  readonly sale: Sale;
  readonly step: Step;
}

function namedCause(same: readonly Caused[]): NamedCause[] {
  const [first] = same;
  if (!first) return [];
  const records = same.map(({ sale: { recordId, title }, minor, detail }) => ({
    ...{ recordId, title, minor, detail },
  }));
  const sums = new Map<string | null, number>();
  for (const { codes } of same) addTo(sums, codes);
  const codes = [...sums].flatMap(([code, minor]) => (minor === 0 ? [] : [{ code, minor }]));
  const { step, cause } = first;
  return [
    {
      step,
      cause,
      minor: total(records),
      codes: largest(codes),
      count: records.length,
      records: largest(records),
    },
  ];
}

function addTo(sums: Map<string | null, number>, more: ByCode): void {
  for (const [code, minor] of more) sums.set(code, (sums.get(code) ?? 0) + minor);
}

/** What is moved from one code to another weighs as much as what is missing. */
const weight = ({ minor, codes = [] }: NamedCause): number =>
  Math.max(Math.abs(minor), ...codes.map((one) => Math.abs(one.minor)));

function codesOf(sales: readonly Sale[], span: Span): MoneyProof['codes'] {
  const sums = new Map<string | null, { sold: number; invoiced: number; paid: number }>();
  const add = (side: keyof Sums, parts: ReadonlyMap<string | null, number>) => {
    for (const [code, minor] of parts) {
      const row = sums.get(code) ?? { sold: 0, invoiced: 0, paid: 0 };
      row[side] += minor;
      sums.set(code, row);
    }
  };
  const counts = (on: { readonly on: string } | null) => on !== null && isIn(on.on, span);
  for (const sale of sales) {
    if (counts(soldOf(sale))) add('sold', soldByCode(sale));
    if (counts(invoicedOf(sale))) add('invoiced', invoicedByCode(sale));
    if (counts(paidOf(sale))) add('paid', paidByCode(sale));
  }
  return [...sums]
    .map(([code, row]) => ({ code, ...row }))
    .sort(
      (a, b) => b.sold + b.invoiced - a.sold - a.invoiced || String(a.code).localeCompare(String(b.code)),
    );
}

type Sized = { readonly minor: number };
const total = (some: readonly Sized[]): number => some.reduce((sum, { minor }) => sum + minor, 0);
const largest = <T extends Sized>(some: readonly T[]): T[] =>
  [...some].sort((a, b) => Math.abs(b.minor) - Math.abs(a.minor));
