import { abnOfAcn } from '#src/playground/data/business-numbers.ts';

const acnWeights = [8, 7, 6, 5, 4, 3, 2, 1];

/** A company number with its check digit, one for each number; nobody has it. */
export function inventAcn(number: number): string {
  const first = String(90_000_000 + number);
  const sum = acnWeights.reduce((total, weight, at) => total + weight * Number(first[at]), 0);
  return first + String((10 - (sum % 10)) % 10);
}

/** The ABN that such a company would have. */
export const inventAbn = (number: number): string => abnOfAcn(inventAcn(number));
