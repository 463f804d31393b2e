import type { LineOf, Problem } from './problem.ts';
import { remedyOf } from './remedies.ts';
import type { Written } from './schema.ts';
import { says } from './where.ts';

/** Working hours that end before they begin are none, and nobody would ever be called. */
export function checkHours({ hours }: Written, lineOf: LineOf): Problem[] {
  if (hours.to > hours.from) return [];
  const path = ['hours', 'to'];
  return [
    { line: lineOf(path), message: says(path, 'is not later than hours.from.'), remedy: remedyOf(path) },
  ];
}
