import type { MoneyProof } from './money-proof.ts';
import type { NumberFindings } from './numbers.ts';

/** What somebody should look at: amounts without a reason, numbers that are missing or double. */
export type Findings = NumberFindings & { readonly proofs: readonly MoneyProof[] };

/** Names each finding, so that two proofs can be told apart: the same one the next morning is no news. Pure. */
export const findingKeys = ({ proofs, gaps, clashes }: Findings): string[] => [
  ...proofs.flatMap(({ currency, unexplained }) =>
    unexplained.map(({ step, recordId, minor }) => `${step} ${recordId} ${currency} ${minor}`),
  ),
  ...gaps.map(({ first, last }) => `gap ${first} ${last}`),
  ...clashes.map(({ number, titles }) => `clash ${number} ${[...titles].sort().join(', ')}`),
];

/**
 * How many findings a proof has that the one before had not. Numbers that were missing before anybody looked are known to whoever
 * keeps the books, and can never be put right: they are no news. Pure.
 */
export function freshFindings(now: Findings, before: Findings | null): number {
  const known = new Set(before ? findingKeys(before) : []);
  const told = before ? now : { ...now, gaps: [] };
  return findingKeys(told).filter((key) => !known.has(key)).length;
}

/** A proof with the largest records of each cause alone, as it is kept: sums and counts stay whole. Pure. */
export const trimmed = (proof: MoneyProof, most: number): MoneyProof => ({
  ...proof,
  causes: proof.causes.map((cause) => ({ ...cause, records: cause.records.slice(0, most) })),
});
