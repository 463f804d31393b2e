import { isAcn, normaliseAcn } from './acn.ts';
import { squeezed } from './text.ts';

export type AbnVerdict =
  | { readonly ok: true; readonly abn: string }
  | {
      readonly ok: false;
      readonly reason: 'length' | 'letters' | 'check_digits' | 'suspicious';
      /** Goes on after "the ABN …": "has 10 digits, an ABN has 11". */
      readonly detail: string;
    };

const weights = [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19];
/** Passes the arithmetic (every term is 0), but belongs to nobody. */
const degenerate = '10000000000';

/** An ABN as it is compared: its digits, without spaces, dots or a leading "ABN". Keeps whatever else is there. */
export function normaliseAbn(text: string): string {
  return squeezed(text).replace(/^(?:ABN)+(?=\d)/, '');
}

/** Checks an ABN in any spelling: eleven digits whose weighted sum, less one on the first, divides by 89 (ABR, "Format of the ABN"). */
export function checkAbn(text: string): AbnVerdict {
  const abn = normaliseAbn(text);
  if (!/^\d*$/.test(abn)) return { ok: false, reason: 'letters', detail: 'holds more than digits' };
  if (abn.length !== 11) return { ok: false, reason: 'length', detail: lengthDetail(abn) };
  if (abn.startsWith('0'))
    return { ok: false, reason: 'check_digits', detail: 'starts with 0, which no ABN does' };
  if (abn === degenerate)
    return { ok: false, reason: 'suspicious', detail: 'is a placeholder that belongs to nobody' };
  const sum = weights.reduce((total, weight, i) => total + weight * (Number(abn[i]) - (i === 0 ? 1 : 0)), 0);
  if (sum % 89 !== 0) {
    return { ok: false, reason: 'check_digits', detail: 'is not valid: its check digits do not match' };
  }
  return { ok: true, abn };
}

function lengthDetail(digits: string): string {
  const has = `has ${digits.length} ${digits.length === 1 ? 'digit' : 'digits'}, an ABN has 11`;
  if (digits.length === 9 && isAcn(digits)) return `${has} (it looks like an ACN)`;
  if (digits.length === 14) return `${has} (the last 3 may be a GST branch)`;
  return has;
}

/** `51 824 753 556`; what has not eleven digits stays as it was typed. */
export function formatAbn(text: string): string {
  const abn = normaliseAbn(text);
  return /^\d{11}$/.test(abn) ? abn.replace(/^(..)(...)(...)(...)$/, '$1 $2 $3 $4') : text.trim();
}

/** The ACN inside a company's ABN (its last nine digits), or null: other entities have none. */
export function acnOfAbn(abn: string): string | null {
  const acn = normaliseAbn(abn).slice(2);
  return /^\d{9}$/.test(acn) && isAcn(acn) ? acn : null;
}

/**
 * False where an ABN that is a company's holds another ACN. An ABN that is no company's says nothing: a trust's stands beside its
 * trustee's ACN. By chance one in ten of those looks like a company's, so this is for a warning, never for a refusal.
 */
export function acnFitsAbn(acn: string, abn: string): boolean {
  const inside = checkAbn(abn).ok ? acnOfAbn(abn) : null;
  return inside === null || !isAcn(acn) || normaliseAcn(acn) === inside;
}

/**
 * The ABNs that a text may have been meant for, where it is none itself: one digit is wrong, missing or too many, or two neighbours
 * have changed places; for an ACN, the ABN of that company. The check digits leave few.
 */
export function nearAbns(text: string): string[] {
  const typed = normaliseAbn(text);
  if (!/^\d{9,12}$/.test(typed) || checkAbn(typed).ok || typed === degenerate) return [];
  const digits = [...'0123456789'];
  const places = Array.from({ length: typed.length + 1 }, (_, i) => i);
  const around = (at: number, width: number, put: string) =>
    typed.slice(0, at) + put + typed.slice(at + width);
  const meant = [
    ...places.flatMap((at) => digits.map((digit) => around(at, 1, digit))),
    ...places.flatMap((at) => digits.map((digit) => around(at, 0, digit))),
    ...places.map((at) => around(at, 1, '')),
    ...places.map((at) => around(at, 2, [...typed.slice(at, at + 2)].reverse().join(''))),
    ...(isAcn(typed) ? Array.from({ length: 89 }, (_, i) => `${i + 11}${typed}`) : []),
  ];
  return [...new Set(meant)].filter((one) => checkAbn(one).ok).sort();
}
