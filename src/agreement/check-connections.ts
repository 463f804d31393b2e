import { suggest } from './nearest.ts';
import type { LineOf, Problem } from './problem.ts';
import type { Written, WrittenConnection } from './schema.ts';
import { credentialsOf } from './systems.ts';
import { says } from './where.ts';

/** What is wrong with the connections' credentials: missing, unknown or written out. */
export function checkConnections(written: Written, lineOf: LineOf): Problem[] {
  return Object.entries(written.connections).flatMap(([id, connection]) =>
    checkCredentials(id, connection, lineOf),
  );
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
