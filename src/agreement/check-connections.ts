import { frequency } from '../jobs/slots.ts';
import { suggest } from './nearest.ts';
import type { LineOf, Problem } from './problem.ts';
import type { Written, WrittenConnection } from './schema.ts';
import { credentialsOf } from './systems.ts';
import { says } from './where.ts';

/** What is wrong with the connections: credentials that are missing, unknown or written out, and budgets that the schedules exceed. */
export function checkConnections(written: Written, lineOf: LineOf): Problem[] {
  return Object.entries(written.connections).flatMap(([id, connection]) => [
    ...checkCredentials(id, connection, lineOf),
    ...checkBudget(id, connection, written, lineOf),
  ]);
}

function checkCredentials(id: string, connection: WrittenConnection, lineOf: LineOf): Problem[] {
  const { system, credentials } = connection;
  const path = ['connections', id, 'credentials'];
  const signIn = 'sign_in' in connection ? { signIn: connection.sign_in } : {};
  const { required, optional } = credentialsOf({ system, ...signIn });
  const who = signIn.signIn === 'oauth' ? `${system} with sign_in: oauth` : system;
  const known = [...required, ...optional];
  const missing = required
    .filter((name) => !Object.hasOwn(credentials, name))
    .map((name) => ({
      line: lineOf(path),
      message: says(path, `has no ${name}, which ${who} needs.`),
      remedy: `Add “${name}:” and the name of the environment variable that holds it.`,
    }));
  const unknown = Object.keys(credentials)
    .filter((name) => !known.includes(name))
    .map((name) => ({
      line: lineOf([...path, name]),
      message: says(path, `has “${name}”, which ${who} does not take.`),
      remedy: known.length > 0 ? suggest(name, known) : 'Take it out.',
    }));
  const wrong = Object.entries(credentials).flatMap(([name, value]) =>
    checkVariable([...path, name], value, lineOf),
  );
  return [...missing, ...unknown, ...wrong];
}

/** The value is never repeated: it may be the secret. */
function checkVariable(path: readonly string[], value: string, lineOf: LineOf): Problem[] {
  if (looksLikeSecret(value)) {
    return [
      {
        line: lineOf(path),
        message: says(path, 'looks like the secret itself.'),
        remedy:
          'Put the secret into an environment variable and write that variable’s name here. Then have the vendor replace the secret, as it was in a file.',
      },
    ];
  }
  if (/^[A-Z_][A-Z0-9_]*$/.test(value)) return [];
  return [
    {
      line: lineOf(path),
      message: says(path, 'is not the name of an environment variable.'),
      remedy: 'Write a name in capitals, digits and _, such as HUBSPOT_TOKEN.',
    },
  ];
}

/** Known beginnings of tokens, long runs of hex digits, UUIDs, and whatever is long and no name in capitals. */
function looksLikeSecret(value: string): boolean {
  if (/^(?:xox|xapp-|pat-|sk[_-]|eyJ|Bearer\s)/i.test(value)) return true;
  if (/^[0-9a-f-]{20,}$/i.test(value)) return true;
  if (/^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*_?$/.test(value))
    return value.length >= 24 && !value.includes('_') && /\d/.test(value);
  return value.length >= 16 && /\d/.test(value);
}

/** Each run of a flow makes at least one call to each of its connections: more runs than calls can never work. */
function checkBudget(
  id: string,
  { calls }: WrittenConnection,
  { flows }: Written,
  lineOf: LineOf,
): Problem[] {
  const users = Object.entries(flows).filter(([, flow]) => flow.connections.includes(id));
  const rates = users.map(([, flow]) => frequency(flow.schedule.cron));
  const [only] = users;
  const path =
    users.length === 1 && only ? ['flows', only[0], 'schedule', 'cron'] : ['connections', id, 'calls'];
  const who = users.map(([, flow]) => flow.name).join(', ');
  const over = (needed: number, allowed: number, span: string): Problem[] => {
    if (needed <= allowed) return [];
    const [needs, budget] = [needed, allowed].map((calls) => calls.toLocaleString('en-AU'));
    return [
      {
        line: lineOf(path),
        message: says(
          path,
          `needs too many calls: ${who} makes at least ${needs} calls a ${span} to ${id}, whose budget is ${budget}.`,
        ),
        remedy: `Run it less often, or raise calls.per_${span} of “${id}” if the plan allows it.`,
      },
    ];
  };
  const sum = (span: 'perDay' | 'perMinute') => rates.reduce((total, rate) => total + rate[span], 0);
  return [
    ...over(sum('perDay'), calls.per_day, 'day'),
    ...over(sum('perMinute'), calls.per_minute, 'minute'),
  ];
}
