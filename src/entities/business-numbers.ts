import { acnFitsAbn, acnOfAbn, checkAbn, formatAbn, normaliseAbn } from './abn.ts';
import { acnFault, formatAcn, normaliseAcn } from './acn.ts';
import type { Field, FieldValue } from './field.ts';
import { textOf } from './text.ts';

/** The Australian Business Number. The strong key of a customer: names differ between systems, the ABN does not. */
export const abnField: Field = {
  name: 'abn',
  label: 'ABN',
  class: 'open',
  normal: (value) => normaliseAbn(textOf(value)),
  show: (value) => formatAbn(textOf(value)),
  problem(value) {
    const verdict = checkAbn(textOf(value));
    return verdict.ok ? null : `The ABN ${formatAbn(textOf(value))} ${verdict.detail}.`;
  },
  warning: (value, { acn }) => (acn === undefined ? null : apart(acn, value)),
};

/** The Australian Company Number. Only companies have one; a company's ABN ends with it. */
export const acnField: Field = {
  name: 'acn',
  label: 'ACN',
  class: 'open',
  normal: (value) => normaliseAcn(textOf(value)),
  show: (value) => formatAcn(textOf(value)),
  problem(value) {
    const fault = acnFault(textOf(value));
    return fault === null ? null : `The ACN ${formatAcn(textOf(value))} ${fault}.`;
  },
  warning: (value, { abn }) => (abn === undefined ? null : apart(value, abn)),
};

function apart(acn: FieldValue, abn: FieldValue): string | null {
  const [company, business] = [textOf(acn), textOf(abn)];
  if (acnFitsAbn(company, business)) return null;
  const inside = formatAcn(acnOfAbn(business) ?? '');
  return `The ABN ${formatAbn(business)} holds the ACN ${inside}, not ${formatAcn(company)}.`;
}
