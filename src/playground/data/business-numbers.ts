import type { Random } from './random.ts';

const acnWeights = [8, 7, 6, 5, 4, 3, 2, 1];
const abnWeights = [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19];

const weighed = (digits: string, weights: readonly number[]): number =>
  weights.reduce((sum, weight, at) => sum + weight * Number(digits[at]), 0);

/** A company number with the right check digit, from a range that ASIC has not come to: nobody has it. */
export function inventAcn(random: Random): string {
  const first = `9${random.digits(7)}`;
  return first + String((10 - (weighed(first, acnWeights) % 10)) % 10);
}

/** A company's ABN: two check digits before its ACN. Source: ABR, "Format of the ABN". */
export function abnOfAcn(acn: string): string {
  for (let check = 11; check <= 99; check += 1) {
    const abn = `${check}${acn}`;
    if ((weighed(abn, abnWeights) - 10) % 89 === 0) return abn;
  }
  throw new Error(`no check digits fit ${acn}`);
}

/** `51 824 753 556` */
export const spacedAbn = (abn: string): string => abn.replace(/^(..)(...)(...)(...)$/, '$1 $2 $3 $4');
