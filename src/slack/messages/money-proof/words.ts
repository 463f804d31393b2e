import { basQuarterOf, quarterWords } from '../../../entities/bas.ts';
import { showDate } from '../../../entities/dates.ts';
import { showAmount } from '../../../entities/money/fields.ts';
import type { MoneyProof, NamedCause, Unexplained } from '../../../entities/proof/money-proof.ts';
import type { NumberClash, NumberGap } from '../../../entities/proof/numbers.ts';
import type { Cause } from '../../../entities/proof/sale.ts';
import { taxTreatment } from '../../../entities/tax.ts';
import type { ProofFound } from '../../../ledger/tables/money-proofs.ts';
import { count, cut, listed, named } from '../text.ts';

/** Why an amount of one step is not that of the next, in words: our own, with nothing of a vendor's in them. */
const causeWords: Readonly<Record<Cause, string>> = {
  rounding: 'GST rounded otherwise than once for the whole sale',
  not_made: 'no invoice yet',
  no_lines: 'the deal has an amount and no lines',
  no_tax_code: 'a line has no GST code that Truce knows',
  names_invoice: 'the deal names an invoice that Truce did not make',
  draft: 'the invoice is not approved yet',
  voided: 'the invoice was voided',
  changed_by_hand: 'the invoice’s lines were changed by hand',
  deal_changed: 'the deal was changed after its invoice was approved',
  no_longer_won: 'the deal is no longer won',
  not_from_deal: 'the invoice has no deal',
  unpaid: 'not paid yet',
  part_paid: 'part paid, the rest is owed',
  credited: 'credit notes',
  fee: 'payment fees',
  read_apart: 'paid after the invoice was last read',
  timing: 'dated in another quarter',
};

/** "$14,230", "-$12.50": without cents where there are none. */
export const money = (minor: number, currency: string): string =>
  showAmount({ minor, currency }).replace(/\.00$/, '');

/** "$120 without a reason", "1 invoice number used twice", "every cent has its reason": not escaped. What is missing is history. */
export function proofHead({ proofs, clashes }: Pick<ProofFound, 'proofs' | 'clashes'>): string {
  const odd = Map.groupBy(
    proofs.flatMap(({ currency, unexplained }) => unexplained.map(({ minor }) => ({ currency, minor }))),
    ({ currency }) => currency,
  );
  const sums = [...odd].map(([currency, some]) =>
    money(
      some.reduce((sum, { minor }) => sum + Math.abs(minor), 0),
      currency,
    ),
  );
  const words = [
    sums.length > 0 ? `${listed(sums)} without a reason` : '',
    clashes.length > 0
      ? count(clashes.length, 'invoice number used twice', 'invoice numbers used twice')
      : '',
  ].filter((one) => one !== '');
  return words.length > 0 ? listed(words) : 'every cent has its reason';
}

/** "October to December 2026 so far", "before October 2026". */
export function spanWords({ span: { from, to } }: MoneyProof): string {
  const quarter = from === null ? null : basQuarterOf(from);
  if (quarter) return quarter.to === to ? quarterWords(quarter) : `${quarterWords(quarter)} so far`;
  return `until ${showDate(to)}`;
}

/** "sold $61,200, invoiced $58,000, paid $40,000" */
export const sumWords = ({ sold, invoiced, paid }: MoneyProof['sums'], currency: string): string =>
  `sold ${money(sold, currency)}, invoiced ${money(invoiced, currency)}, paid ${money(paid, currency)}`;

/** What is odd about one record's money; the record is named before it. */
export function unexplainedWords({ step, minor }: Unexplained, currency: string): string {
  const much = money(Math.abs(minor), currency);
  if (step === 'invoiced')
    return minor > 0
      ? `sold for ${much} more than it was invoiced`
      : `invoiced ${much} more than it was sold for`;
  return minor > 0
    ? `${much} of its invoice is neither paid nor owed nor credited`
    : `${much} more came in for it than its invoice says`;
}

/** "$2,000, no invoice yet: Shed (no ABN), Barn and 3 more" */
export function causeLine({ cause, minor, codes, records, count: n }: NamedCause, currency: string): string {
  const shown = records.slice(0, 3).map(({ title, detail }) => {
    return detail ? `${named(title, 50)} (${cut(named(detail), 60)})` : named(title, 50);
  });
  const more = n - shown.length;
  const who = more > 0 ? `${shown.join(', ')} and ${more} more` : listed(shown);
  return `${money(minor, currency)}, ${causeWords[cause]}${movedWords(codes, currency)}: ${who}`;
}

/** " (GST $110, GST free -$110)", where some of it went from one GST code to another. */
function movedWords(codes: NamedCause['codes'] = [], currency: string): string {
  if (codes.every(({ minor }) => minor > 0) || codes.every(({ minor }) => minor < 0)) return '';
  return ` (${codes.map(({ code, minor }) => `${codeWords(code)} ${money(minor, currency)}`).join(', ')})`;
}

export const codeWords = (code: string | null): string =>
  code === null ? 'No GST code' : taxTreatment.show(code);

export const gapWords = ({ first, last, count: n }: NumberGap): string =>
  n === 1
    ? `Invoice number ${named(first, 40)} is missing between others`
    : `Invoice numbers ${named(first, 40)} to ${named(last, 40)} are missing between others (${n})`;

export const clashWords = ({ number, titles }: NumberClash): string =>
  `Invoice number ${named(number, 40)} stands on ${count(titles.length, 'sale', 'sales')}: ${listed(titles.slice(0, 3).map((title) => named(title, 40)))}`;
