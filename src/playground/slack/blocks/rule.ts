/** The small vocabulary in which the rules of Block Kit are written: a rule looks at a value and notes what Slack would say. */

/** What was found so far in one message or view. */
export interface Findings {
  /** As Slack words them: `[ERROR] missing required field: text [json-pointer:/blocks/0]`. */
  readonly messages: string[];
  /** Every `block_id` so far, and every `action_id` of the block being read. */
  readonly blockIds: Set<string>;
  readonly actionIds: Set<string>;
  /** Characters of text over all blocks, and of markdown blocks alone. */
  characters: number;
  markdown: number;
}
export type Rule = (value: unknown, at: string, found: Findings) => void;
export type Fields = Readonly<Record<string, Rule>>;
type Thing = Readonly<Record<string, unknown>>;

export const noFindings = (): Findings => ({
  messages: [],
  blockIds: new Set(),
  actionIds: new Set(),
  characters: 0,
  markdown: 0,
});

export const say = (found: Findings, at: string, what: string): void => {
  found.messages.push(`[ERROR] ${what} [json-pointer:${at}]`);
};

export const isThing = (value: unknown): value is Thing =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Not what every object has, as `constructor`. */
const own = (rules: Fields, name: string): Rule | undefined =>
  Object.hasOwn(rules, name) ? rules[name] : undefined;

export const anything: Rule = () => undefined;

export const bool: Rule = (value, at, found) => {
  if (typeof value !== 'boolean') say(found, at, 'must be a boolean');
};

export const integer =
  (min: number, max: number): Rule =>
  (value, at, found) => {
    if (!Number.isInteger(value)) return say(found, at, 'must be an integer');
    if ((value as number) < min) say(found, at, `must be at least ${min}`);
    if ((value as number) > max) say(found, at, `must be at most ${max}`);
  };

export const number: Rule = (value, at, found) => {
  if (typeof value !== 'number') say(found, at, 'must be a number');
};

export const string =
  (max: number, min = 0): Rule =>
  (value, at, found) => {
    if (typeof value !== 'string') return say(found, at, 'must be a string');
    if (value.length < min) say(found, at, `must be more than ${min - 1} characters`);
    if (value.length > max) say(found, at, `must be less than ${max + 1} characters`);
  };

export const matching =
  (pattern: RegExp, what: string): Rule =>
  (value, at, found) => {
    if (typeof value !== 'string' || !pattern.test(value)) say(found, at, `must be ${what}`);
  };

export const url = (max = 3000): Rule => both(string(max, 1), matching(/^https?:\/\/\S+$/, 'a valid URL'));

export const oneOf =
  (...allowed: readonly unknown[]): Rule =>
  (value, at, found) => {
    if (!allowed.includes(value)) say(found, at, `must be one of: ${allowed.join(', ')}`);
  };

export const list =
  (item: Rule, max: number, min = 0): Rule =>
  (value, at, found) => {
    if (!Array.isArray(value)) return say(found, at, 'must be an array');
    if (value.length > max) return say(found, at, `no more than ${max} items allowed`);
    if (value.length < min) return say(found, at, `no fewer than ${min} items allowed`);
    for (const [index, one] of value.entries()) item(one, `${at}/${index}`, found);
  };

/** An object with these fields and no others. A field that is sent as null counts as absent. */
export const shape =
  (required: Fields, optional: Fields = {}): Rule =>
  (value, at, found) => {
    if (!isThing(value)) return say(found, at, 'must be an object');
    for (const name of Object.keys(required)) {
      if (value[name] === undefined || value[name] === null)
        say(found, at, `missing required field: ${name}`);
    }
    for (const [name, held] of Object.entries(value)) {
      if (held === null || held === undefined) continue;
      const rule = own(required, name) ?? own(optional, name);
      if (rule === undefined) say(found, at, `invalid additional property: ${name}`);
      else rule(held, `${at}/${name}`, found);
    }
  };

/** An object whose `type` picks the rule. */
export const byType =
  (rules: Fields): Rule =>
  (value, at, found) => {
    if (!isThing(value)) return say(found, at, 'must be an object');
    if (typeof value.type !== 'string') return say(found, at, 'missing required field: type');
    const rule = own(rules, value.type);
    if (rule === undefined) say(found, `${at}/type`, `unsupported type: ${value.type}`);
    else rule(value, at, found);
  };

export const both =
  (...rules: readonly Rule[]): Rule =>
  (value, at, found) => {
    for (const rule of rules) rule(value, at, found);
  };

/** Something that holds for an object as a whole. */
export const where =
  (holds: (thing: Thing) => boolean, what: string): Rule =>
  (value, at, found) => {
    if (isThing(value) && !holds(value)) say(found, at, what);
  };
