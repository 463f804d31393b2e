import type { z } from 'zod';
import { keysAt } from './keys.ts';
import { nearest, suggest } from './nearest.ts';
import type { LineOf, Path, Problem } from './problem.ts';
import { remedyOf } from './remedies.ts';
import { says, where } from './where.ts';

type Issue = z.core.$ZodIssue;

/** Problems for people, from what the schema found. `data` is what was read. */
export function explain(issues: readonly Issue[], data: unknown, lineOf: LineOf): Problem[] {
  return issues.flatMap((issue) => explainOne(issue, data, lineOf));
}

function explainOne(issue: Issue, data: unknown, lineOf: LineOf): Problem[] {
  const path = issue.path.filter((step) => typeof step !== 'symbol');
  const line = lineOf(path);
  const value = valueAt(data, path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => unknownKey([...path, key], data, lineOf));
  }
  if (issue.code === 'invalid_key') {
    const rule = issue.issues[0]?.message ?? 'is not a name';
    return [
      {
        line,
        message: says(path, `cannot be called that: a name ${rule}.`),
        remedy: 'Choose another short name.',
      },
    ];
  }
  if (value === undefined || value === null) return [missing(path, line)];
  const inside = alternativeMeant(issue, value);
  if (inside)
    return inside.flatMap((one) => explainOne({ ...one, path: [...issue.path, ...one.path] }, data, lineOf));
  return [{ line, message: says(path, `${predicate(issue)}.`), remedy: remedyFor(issue, path, value) }];
}

function missing(path: Path, line: number | null): Problem {
  const { thing, setting } = where(path);
  if (!setting) return { line, message: `${thing} is empty.`, remedy: 'Fill it in, or take it out.' };
  return { line, message: `${thing} has no ${setting}.`, remedy: remedyOf(path) };
}

/** Of a setting that may be a word or a group of settings: what is wrong with the group, where a group is what was written. */
function alternativeMeant(issue: Issue, value: unknown): readonly Issue[] | null {
  if (issue.code !== 'invalid_union' || typeof value !== 'object') return null;
  const isGroup = (one: Issue) => one.path.length > 0 || one.code === 'unrecognized_keys';
  return issue.errors.find((issues) => issues.some(isGroup)) ?? null;
}

/** The words that a setting may be; null where it takes any. */
function wordsOf(issue: Issue): readonly string[] | null {
  if (issue.code === 'invalid_value') return issue.values.map(String);
  if (issue.code !== 'invalid_union') return null;
  if ('options' in issue && Array.isArray(issue.options)) return issue.options.map(String);
  const words = issue.errors.flat().flatMap((one) => (one.path.length === 0 ? (wordsOf(one) ?? []) : []));
  return words.length > 0 ? words : null;
}

function predicate(issue: Issue): string {
  if (issue.code === 'invalid_type') return `must be ${kinds[issue.expected] ?? issue.expected}`;
  if (wordsOf(issue)) return 'has a value that Truce does not know';
  const [first] = issue.code === 'invalid_union' ? issue.errors.flat() : [];
  if (first) return predicate(first);
  return issue.message;
}

const kinds: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a group of settings',
  record: 'a group of settings',
};

function remedyFor(issue: Issue, path: Path, value: unknown): string {
  const known = wordsOf(issue);
  if (known && typeof value === 'string') {
    return nearest(value, known) ? suggest(value, known) : remedyOf(path, `Use one of: ${known.join(', ')}.`);
  }
  return remedyOf(path);
}

function unknownKey(path: Path, data: unknown, lineOf: LineOf): Problem {
  const { thing, setting } = where(path);
  const key = String(path.at(-1));
  return {
    line: lineOf(path),
    message: `${thing} has a setting that Truce does not know: ${setting || key}.`,
    remedy: suggest(key, keysAt(path.slice(0, -1), data)),
  };
}

function valueAt(data: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, step) => (value as Record<string | number, unknown> | null | undefined)?.[step],
    data,
  );
}
