import type { FieldTerms } from '../../../agreement/agreement.ts';
import { listed } from '../text.ts';

type Labels = (connection: string) => string;

/** Who decides over a detail, in words: "Xero decides". Pure. */
export function ruleWords({ rule, systemOfRecord, twoPeople }: FieldTerms, labels: Labels): string {
  const second = twoPeople ? ', and a second one approves it' : '';
  switch (rule) {
    case 'overwrite':
    case 'read_only':
      return `${labels(systemOfRecord)} decides`;
    case 'review':
      return `where systems changed it apart, a person decides${second}`;
    case 'approve':
      return `a person decides every change${second}`;
    case 'latest':
      return 'the newest change counts';
  }
}

/** How the terms of one detail differ, as a sentence without its end. `all` = the systems of the sync. Pure. */
export function changedWords(
  label: string,
  { before, after }: { readonly before: FieldTerms | null; readonly after: FieldTerms | null },
  labels: Labels,
): string {
  if (!after) return `${label} is no longer kept in step`;
  if (!before) return `${label} is kept in step: ${ruleWords(after, labels)}`;
  const [was, is] = [ruleWords(before, labels), ruleWords(after, labels)];
  const systems = (terms: FieldTerms) => listed(terms.between.map(labels));
  const between = systems(before) === systems(after) ? '' : `, between ${systems(after)}`;
  if (was !== is) return `${label}: ${is}${between} (until now: ${was})`;
  return between ? `${label} is kept in step between ${systems(after)}` : `${label}: ${is}`;
}
