import type { z } from 'zod';
import { nearest, suggest } from './nearest.ts';
import type { LineOf, Path, Problem } from './problem.ts';
import { keysAt } from './schema.ts';
import { says, where } from './where.ts';

type Issue = z.core.$ZodIssue;

/** What to write for a setting that is missing or wrong, by its name. */
const remedies: Readonly<Record<string, string>> = {
  company: 'Write the name of your company, such as “company: Example Trading Co”.',
  time_zone: 'Write an IANA name, such as “time_zone: Australia/Sydney”.',
  command: 'Write the slash command as it is installed in Slack, such as “command: /sync”.',
  people: 'List the people who own and decide, such as “priya: { name: Priya Nair, slack: U012AB3CD }”.',
  slack: 'In Slack, open the person’s profile, press ⋮ and “Copy member ID”: it looks like U012AB3CD.',
  connections: 'List the connections by name.',
  system: 'Write hubspot, xero or cin7-core.',
  credentials:
    'Write the names of the environment variables that hold them, such as “credentials: { token: HUBSPOT_TOKEN }”.',
  base_url: 'Write the whole address, such as https://api.example.com, or leave the line out.',
  auth_url: 'Write the whole address, such as https://login.example.com, or leave the line out.',
  calls: 'Write what your plan allows, such as “calls: { per_minute: 60, per_day: 5000 }”.',
  flows: 'Write at least one flow, such as “customers”.',
  entity: 'Write “entity: customer”.',
  match_by: 'Write the field by which records are matched, such as “match_by: abn”.',
  schedule: "Write when it runs, such as “schedule: { cron: '*/5 * * * *', time_zone: Australia/Sydney }”.",
  cron: "Write minute, hour, day, month and weekday in quotes, such as '*/5 * * * *' for every five minutes.",
  channel: 'Write the Slack channel without #, such as “channel: sync-customers”.',
  owners: 'Name two owners from the people above, such as “owners: { business: priya, technical: tom }”.',
  business: 'Name the person from the list of people who owns the data.',
  technical: 'Name the person from the list of people who looks after the sync.',
  deciders: 'List people by their short names, such as “deciders: [priya]”.',
  system_of_record: 'Name the connection that wins, such as “system_of_record: xero”.',
  fields: 'List the fields with their rules, such as “email: { rule: review }”.',
  rule: 'Write overwrite, read_only, review, approve or latest.',
};

/** Problems for people, from what the schema found. `data` is what was read. */
export function explain(issues: readonly Issue[], data: unknown, lineOf: LineOf): Problem[] {
  return issues.flatMap((issue) => explainOne(issue, data, lineOf));
}

function explainOne(issue: Issue, data: unknown, lineOf: LineOf): Problem[] {
  const path = issue.path.filter((step) => typeof step !== 'symbol');
  const line = lineOf(path);
  const value = valueAt(data, path);
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey([...path, key], lineOf));
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
  return [{ line, message: says(path, `${predicate(issue)}.`), remedy: remedyFor(issue, path, value) }];
}

function missing(path: Path, line: number | null): Problem {
  const { thing, setting } = where(path);
  if (!setting) return { line, message: `${thing} is empty.`, remedy: 'Fill it in, or take it out.' };
  return { line, message: `${thing} has no ${setting}.`, remedy: remedyOf(path) };
}

function predicate(issue: Issue): string {
  if (issue.code === 'invalid_type') return `must be ${kinds[issue.expected] ?? issue.expected}`;
  if (issue.code === 'invalid_value') return 'has a value that Truce does not know';
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
  if (issue.code === 'invalid_value' && typeof value === 'string') {
    const known = issue.values.map(String);
    return nearest(value, known) ? suggest(value, known) : remedyOf(path, `Use one of: ${known.join(', ')}.`);
  }
  return remedyOf(path);
}

const remedyOf = (path: Path, otherwise = 'Correct this line.') =>
  remedies[String(path.findLast((step) => typeof step === 'string'))] ?? otherwise;

function unknownKey(path: Path, lineOf: LineOf): Problem {
  const { thing, setting } = where(path);
  const key = String(path.at(-1));
  return {
    line: lineOf(path),
    message: `${thing} has a setting that Truce does not know: ${setting || key}.`,
    remedy: suggest(key, keysAt(path.slice(0, -1))),
  };
}

function valueAt(data: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, step) => (value as Record<string | number, unknown> | null | undefined)?.[step],
    data,
  );
}
