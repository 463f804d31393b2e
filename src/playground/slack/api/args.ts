import { badArgument, Refused } from './refused.ts';

export type Args = Readonly<Record<string, unknown>>;

/** Arguments of a call, from a form or from JSON. Null counts as absent, as in Slack. */
export function readArgs(contentType: string, body: string): Args {
  if (contentType.includes('application/json')) {
    const read = parse(body === '' ? '{}' : body, new Refused('invalid_json'));
    if (typeof read !== 'object' || read === null || Array.isArray(read))
      throw new Refused('json_not_object');
    return read as Args;
  }
  return Object.fromEntries(new URLSearchParams(body));
}

export function optionalText(args: Args, name: string): string | null {
  const value = args[name];
  if (value === undefined || value === null || value === '') return null;
  return typeof value === 'string' ? value : String(value);
}

export function text(args: Args, name: string): string {
  const value = optionalText(args, name);
  if (value === null) throw badArgument(`missing required field: ${name}`);
  return value;
}

export function flag(args: Args, name: string): boolean {
  return ['true', '1', true, 1].includes(args[name] as string);
}

/** A structured argument: an object, or the JSON of one in a form field. Undefined when it was not sent. */
export function structure(args: Args, name: string, otherwise: Refused): unknown {
  const value = args[name];
  if (value === undefined || value === null || value === '') return undefined;
  return typeof value === 'string' ? parse(value, otherwise) : value;
}

function parse(json: string, otherwise: Refused): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw otherwise;
  }
}

/** One page of `all`, and the cursor of the next one ("" at the end), as Slack's lists answer. */
export function paged<T>(all: readonly T[], args: Args, defaultLimit = 100): { page: T[]; next: string } {
  const cursor = optionalText(args, 'cursor');
  const from = cursor === null ? 0 : Number(/^after:(\d+)$/.exec(cursor)?.[1] ?? Number.NaN);
  if (Number.isNaN(from)) throw new Refused('invalid_cursor');
  const limit = Number(optionalText(args, 'limit') ?? defaultLimit);
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000) throw new Refused('invalid_limit');
  const to = from + limit;
  return { page: all.slice(from, to), next: to < all.length ? `after:${to}` : '' };
}
