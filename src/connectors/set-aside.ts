import type { Drift } from './connector.ts';
import type { ShapeDrift } from './http/shape-watch.ts';

type Json = Readonly<Record<string, unknown>>;

/** What records lack, or have in another type: the path inside a record (`Addresses[].City`) → since when, and what it is now. */
export type Lost = ReadonlyMap<string, ShapeDrift>;

export const nothingLost: Lost = new Map();

/**
 * The records of an answer without what its endpoint sends in another type than ever before: a field that cannot be read is no
 * reason to read none. What they lack is told beside them. `place`: where the records are in the answer, `Contacts[]`.
 */
export function setAside(
  records: readonly unknown[],
  place: string,
  drifts: readonly ShapeDrift[],
): { readonly records: readonly unknown[]; readonly lost: Lost } {
  const lost = new Map(
    drifts.flatMap((drift) =>
      drift.path.startsWith(`${place}.`) ? [[drift.path.slice(place.length + 1), drift] as const] : [],
    ),
  );
  const others = [...lost].filter(([, { kind }]) => kind === 'type').map(([path]) => path.split('.'));
  if (others.length === 0) return { records, lost };
  return {
    records: records.map((record) => others.reduce((rest, path) => without(rest, path), record)),
    lost,
  };
}

/** The lost keys that a field is made of, as its drifts. */
export function lostOf(lost: Lost, mapped: Readonly<Record<string, readonly string[]>>, place = ''): Drift[] {
  if (lost.size === 0) return [];
  return Object.entries(mapped).flatMap(([field, keys]) =>
    keys.flatMap((key): Drift[] => {
      const drift = lost.get(place + key);
      if (!drift) return [];
      const { was, is, since } = drift;
      return [{ field, expected: (place + key).replaceAll('[]', ''), found: [], was, is, since }];
    }),
  );
}

function without(value: unknown, [step = '', ...rest]: readonly string[]): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const key = step.replace(/(\[\])+$/, '');
  const { [key]: held, ...others } = value as Json;
  if (rest.length === 0) return others;
  if (!(key in value)) return value;
  return {
    ...others,
    [key]: Array.isArray(held) ? held.map((item) => without(item, rest)) : without(held, rest),
  };
}
