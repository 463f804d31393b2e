import { type Prices, type TaxLine, type TaxRounding, totalsOf } from './gst.ts';

/** One invoice as two systems total it, in minor units, its lines being the same in both. Plain data. */
export interface TotalsInput {
  readonly lines: readonly TaxLine[];
  readonly prices: Prices;
  /** Decimals of the currency; 2 if left out. */
  readonly digits?: number;
  /** What the two systems say that the tax is. */
  readonly tax: readonly [bigint, bigint];
}

/** A rule of rounding by which a system may have come to its tax. */
export type RoundingName = 'invoice_total' | 'per_line' | 'per_line_finer';

/**
 * `agree` = no difference that anybody may put right: an issued invoice is never rewritten for rounding. `cents` = by how many minor
 * units the second system says more.
 */
export type TotalsVerdict =
  | { readonly kind: 'agree'; readonly cause: 'equal' }
  /** Each system is right by a rule of its own. */
  | {
      readonly kind: 'agree';
      readonly cause: 'rounding_rule';
      readonly by: readonly [RoundingName, RoundingName];
      readonly cents: bigint;
    }
  /** No rule that we know gives both: it is no rounding, however small. */
  | { readonly kind: 'apart'; readonly cents: bigint };

const rulesFor = (digits: number): readonly (readonly [RoundingName, TaxRounding])[] => [
  ['invoice_total', { kind: 'invoice_total' }],
  ['per_line', { kind: 'per_line', decimals: digits }],
  ['per_line_finer', { kind: 'per_line', decimals: digits + 2 }],
];

/** Whether two systems agree on the tax, and so on the total, of an invoice; and by what name they differ where they do. Pure. */
export function decideTotals({ lines, prices, digits = 2, tax: [a, b] }: TotalsInput): TotalsVerdict {
  const cents = b - a;
  if (cents === 0n) return { kind: 'agree', cause: 'equal' };
  const by = (tax: bigint) =>
    rulesFor(digits).find(([, rounding]) => totalsOf(lines, { prices, rounding, digits }).tax === tax)?.[0];
  const [first, second] = [by(a), by(b)];
  if (first && second) return { kind: 'agree', cause: 'rounding_rule', by: [first, second], cents };
  return { kind: 'apart', cents };
}

/** How GST is rounded by each rule, in words. */
export const ruleWords: Readonly<Record<RoundingName, string>> = {
  invoice_total: 'once for the whole',
  per_line: 'on each line',
  per_line_finer: 'on each line, to a hundredth of a cent',
};
