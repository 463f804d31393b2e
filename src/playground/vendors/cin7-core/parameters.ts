import { type Answer, type Call, json } from '../exchange.ts';
import { failure } from './errors.ts';

/** Parameter names count whatever their case. */
export function parameter({ query }: Call, name: string): string | null {
  for (const [key, value] of query) if (key.toLowerCase() === name.toLowerCase()) return value;
  return null;
}

/** `2012-11-14T13:28:33.363`, UTC without a zone; NaN where it is anything else, a zone included: nobody knows what that would be. */
export const utcMs = (time: string): number =>
  /^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d+)?)?$/.test(time)
    ? Date.parse(time.includes('T') ? `${time}Z` : time)
    : Number.NaN;

/** One page of a list in the wrapper that all of Cin7 Core's lists have, or the refusal of a page that cannot be. */
export function paged(call: Call, listName: string, found: readonly unknown[]): Answer {
  const page = Number(parameter(call, 'Page') ?? 1);
  const limit = Number(parameter(call, 'Limit') ?? 100);
  if (!Number.isInteger(page) || page < 1) return failure(400, 'Page must be a positive number');
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000)
    return failure(400, 'Limit must be between 1 and 1000');
  return json(200, {
    Total: found.length,
    Page: page,
    [listName]: found.slice((page - 1) * limit, page * limit),
  });
}
