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
  /** No rule that we know gives it, but lines that are rounded some way can come to it. */
  | { readonly kind: 'agree'; readonly cause: 'rounding_of_lines'; readonly cents: bigint }
  | { readonly kind: 'apart'; readonly cents: bigint; readonly allowed: bigint };

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
  const allowed = toleranceOf(lines);
  if (cents <= allowed && -cents <= allowed) return { kind: 'agree', cause: 'rounding_of_lines', cents };
  return { kind: 'apart', cents, allowed };
}

/** Half a cent for each taxed line, a cent at the least: as far as rounding alone can go. In minor units. */
export function toleranceOf(lines: readonly TaxLine[]): bigint {
  const taxed = lines.filter(({ percent, amount }) => percent.units !== 0n && amount !== 0n).length;
  return taxed === 0 ? 0n : BigInt(Math.ceil(taxed / 2));
}

/** The difference in words: "1 cent more: one system rounds each line, the other the whole invoice". Pure. */
export function totalsWords(verdict: TotalsVerdict, [first, second]: readonly [string, string]): string {
  if (verdict.kind === 'agree' && verdict.cause === 'equal') return `${first} and ${second} say the same`;
  const { cents } = verdict;
  const size = cents < 0n ? -cents : cents;
  const more = `${second} has ${size} ${size === 1n ? 'cent' : 'cents'} ${cents < 0n ? 'less' : 'more'} than ${first}`;
  if (verdict.kind === 'apart') return `${more}, which rounding does not explain`;
  if (verdict.cause === 'rounding_of_lines') return `${more}, from rounding the lines`;
  const [a, b] = verdict.by;
  return `${more}: ${first} ${ruleWords[a]}, ${second} ${ruleWords[b]}`;
}

const ruleWords: Readonly<Record<RoundingName, string>> = {
  invoice_total: 'rounds the whole invoice',
  per_line: 'rounds each line',
  per_line_finer: 'rounds each line to a hundredth of a cent',
};
