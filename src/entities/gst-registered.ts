import { abnField } from './business-numbers.ts';
import type { Choice, Field, FieldValue } from './field.ts';
import { fold, textOf } from './text.ts';

/** What systems, spreadsheets and the register itself (ABN Lookup) write for each, in capitals and without punctuation. */
const words: Readonly<Record<'true' | 'false', readonly string[]>> = {
  true: ['TRUE', 'YES', 'Y', 'T', '1', 'REGISTERED', 'REGISTERED FOR GST', 'GST REGISTERED'],
  false: [
    ...['FALSE', 'NO', 'N', 'F', '0', 'NOT REGISTERED', 'UNREGISTERED', 'NOT CURRENTLY REGISTERED'],
    ...['NOT REGISTERED FOR GST', 'NOT CURRENTLY REGISTERED FOR GST', 'NOT GST REGISTERED'],
  ],
};
const meanings: ReadonlyMap<string, boolean> = new Map([
  ...words.true.map((word) => [word, true] as const),
  ...words.false.map((word) => [word, false] as const),
]);

/** "Registered from 01/07/2000", "… from 1 Jul 2000", "… since 2000-07-01", and nothing after: an end would say the opposite. */
const registeredFrom =
  /^REGISTERED (?:FOR GST )?(?:FROM|SINCE) (?:\d{1,2} (?:\d{1,2}|[A-Z]{3,9}) \d{4}|\d{4} \d{1,2} \d{1,2})$/;

/**
 * Whether a text says that somebody is registered for GST; null where it says neither, or more than that ("Registered from
 * 01/07/2000 to 30/06/2010", "yes?"): nothing is guessed. A date from which it holds is not looked at.
 */
export function isRegistered(text: string): boolean | null {
  const plain = fold(text)
    .replace(/[-_.,:/]+/g, ' ')
    .replace(/ +/g, ' ')
    .trim();
  return registeredFrom.test(plain) ? true : (meanings.get(plain) ?? null);
}

const choices: readonly Choice[] = [
  { value: 'true', label: 'Yes' },
  { value: 'false', label: 'No' },
];

const meant = (value: FieldValue): Choice | undefined => {
  const registered = isRegistered(textOf(value));
  return choices.find((choice) => choice.value === String(registered));
};

/** Whether the customer is registered for GST: true, false, or what a vendor wrote where that says neither. */
export const gstRegistered: Field = {
  name: 'gst_registered',
  label: 'GST registered',
  class: 'open',
  choices,
  normal: (value) => meant(value)?.value ?? fold(textOf(value)),
  show: (value) => meant(value)?.label ?? textOf(value),
  problem: (value) =>
    meant(value) ? null : `“${textOf(value)}” does not say whether they are registered for GST: yes or no.`,
  warning: (value, { abn }) => (meant(value)?.value === 'true' ? withoutAbn(abn) : null),
};

/** A business registers for GST with its ABN (ATO); sellers abroad who have a number of the ATO's own instead are few. */
function withoutAbn(abn: FieldValue | undefined): string | null {
  if (abn === undefined) return 'No ABN is agreed on, and a business needs one to register for GST.';
  const problem = abnField.problem(abn);
  return problem && `${problem} A business needs a valid one to register for GST.`;
}
