import { squeezed } from './text.ts';

const weights = [8, 7, 6, 5, 4, 3, 2, 1];
/** Passes the arithmetic (every term is 0), but belongs to nobody. */
const degenerate = '000000000';

const isAcnDigits = (acn: string): boolean => {
  if (!/^\d{9}$/.test(acn) || acn === degenerate) return false;
  const sum = weights.reduce((total, weight, i) => total + weight * Number(acn[i]), 0);
  return (10 - (sum % 10)) % 10 === Number(acn[8]);
};

/**
 * An ACN as it is compared: its nine digits, without spaces, dots or a leading "ACN" or "A.C.N.". Older companies' numbers start
 * with zeros, which a spreadsheet drops: they come back where the check digit agrees. Keeps whatever else is there.
 */
export function normaliseAcn(text: string): string {
  const acn = squeezed(text).replace(/^(?:ACN)+(?=\d)/, '');
  const whole = /^\d{6,8}$/.test(acn) ? acn.padStart(9, '0') : acn;
  return isAcnDigits(whole) ? whole : acn;
}

/** True iff the text, in any spelling, is nine digits of which the last is the check digit of the others (ASIC). */
export const isAcn = (text: string): boolean => isAcnDigits(normaliseAcn(text));

/** `004 085 616`; what is no nine digits stays as it was typed. */
export function formatAcn(text: string): string {
  const acn = normaliseAcn(text);
  return /^\d{9}$/.test(acn) ? acn.replace(/^(...)(...)(...)$/, '$1 $2 $3') : text.trim();
}

/** Null for a valid ACN, else what is wrong with it; goes on after "the ACN …". */
export function acnFault(text: string): string | null {
  const acn = normaliseAcn(text);
  if (isAcnDigits(acn)) return null;
  if (!/^\d*$/.test(acn)) return 'holds more than digits';
  if (acn === degenerate) return 'is a placeholder that belongs to nobody';
  if (acn.length === 9) return 'is not valid: its check digit does not match';
  const has = `has ${acn.length} ${acn.length === 1 ? 'digit' : 'digits'}, an ACN has 9`;
  return acn.length === 11 ? `${has} (it looks like an ABN)` : has;
}
