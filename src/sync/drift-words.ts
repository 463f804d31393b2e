/** A change of what a vendor answers, for people. All pure. */
interface Change {
  /** The call, as people read it: "read contacts". */
  readonly endpoint: string;
  readonly path: string;
  readonly was: readonly string[];
  /** None = gone. */
  readonly is: readonly string[];
  /** ISO 8601. */
  readonly since: string;
}
interface When {
  readonly timeZone: string;
  readonly now: Date;
}

const most = 3;

/** "Xero has changed its answers to “read contacts”: “Contacts[].X” is gone (was text) since 10:05 am." */
export function changeWords(label: string, changes: readonly Change[], when: When): string {
  const [first] = changes;
  if (!first) return '';
  const said = changes.slice(0, most).map(({ endpoint, path, was, is, since }) => {
    const what = is.length === 0 ? `is gone (was ${asRead(was)})` : `is ${asRead(is)} (was ${asRead(was)})`;
    const where = endpoint === first.endpoint ? '' : ` in “${endpoint}”`;
    return `“${path}”${where} ${what}${sinceWords(new Date(since), when)}`;
  });
  const more = changes.length > most ? `; and ${changes.length - most} more` : '';
  return `${label} has changed its answers to “${first.endpoint}”: ${said.join('; ')}${more}.`;
}

export function sinceWords(since: Date, { timeZone, now }: When): string {
  const day = (at: Date) => at.toLocaleDateString('en-AU', { timeZone });
  const time = since.toLocaleTimeString('en-AU', { timeZone, hour: 'numeric', minute: '2-digit' });
  if (day(since) === day(now)) return ` since ${time}`;
  const date = since.toLocaleDateString('en-AU', { timeZone, day: 'numeric', month: 'long' });
  return ` since ${date}, ${time}`;
}

const words: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  boolean: 'yes or no',
  object: 'a group of values',
  array: 'a list',
};

export const asRead = (types: readonly string[]): string =>
  types.length === 0 ? 'empty' : types.map((type) => words[type] ?? type).join(' or ');

/** Whether a path of an answer is the one that a connector knows as this key: `Contacts[].Addresses[].City` and `Addresses.City`. */
export const isAt = (path: string, key: string): boolean => {
  const plain = path.replaceAll('[]', '');
  return plain === key || plain.endsWith(`.${key}`);
};
