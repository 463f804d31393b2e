const weights = [8, 7, 6, 5, 4, 3, 2, 1];

/** True iff the text is nine digits, spaces aside, and the ninth is the check digit of the others (ASIC). */
export function isAcn(text: string): boolean {
  const acn = text.replace(/\s/g, '');
  if (!/^\d{9}$/.test(acn)) return false;
  const sum = weights.reduce((total, weight, i) => total + weight * Number(acn[i]), 0);
  return (10 - (sum % 10)) % 10 === Number(acn[8]);
}

/** The ACN inside a company's ABN (its last nine digits), or null: other entities have none. */
export function acnOfAbn(abn: string): string | null {
  const acn = abn.replace(/\s/g, '').slice(2);
  return isAcn(acn) ? acn : null;
}
