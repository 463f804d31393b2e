import type { Entry } from './link.ts';

/** Ids of lines that are not as they were chained. */
export interface Apart {
  readonly changed: readonly number[];
  readonly taken: readonly number[];
  readonly added: readonly number[];
}

/** Holds lines against what was chained of them. Each side names an id once, in any order. Pure. */
export function compareLines(chained: readonly Entry[], there: readonly Entry[]): Apart {
  const prints = new Map(there.map(({ id, print }) => [id, print]));
  const known = new Set(chained.map(({ id }) => id));
  return {
    changed: chained.flatMap(({ id, print }) => (prints.has(id) && prints.get(id) !== print ? [id] : [])),
    taken: chained.flatMap(({ id }) => (prints.has(id) ? [] : [id])),
    added: there.flatMap(({ id }) => (known.has(id) ? [] : [id])),
  };
}
