import type { Drift } from './connector.ts';

type Keys = Readonly<Record<string, unknown>>;

export interface DriftRules {
  /** Our field → the vendor's keys that it is made of. */
  readonly mapped: Readonly<Record<string, readonly string[]>>;
  /** Every key that the vendor documents at this place. */
  readonly documented: ReadonlySet<string>;
  /** True where the vendor sends empty keys too, so that an absent one is gone even if nothing new stands in its place. */
  readonly sendsEmpty?: boolean;
  /** Goes in front of a key in what people read: "Addresses." */
  readonly place?: string;
}

export type DriftFinder = (object: Keys) => readonly Drift[];

/**
 * Tells for each object of one answer which mapped keys look renamed: the key is in no object of the answer, and this one
 * carries a key that the vendor does not document. A key that is merely absent is empty, where vendors leave empty ones out.
 */
export function driftFinder(answer: readonly Keys[], rules: DriftRules): DriftFinder {
  const present = new Set(answer.flatMap((object) => Object.keys(object)));
  const place = rules.place ?? '';
  const gone = Object.entries(rules.mapped).flatMap(([field, keys]) =>
    keys.filter((key) => !present.has(key)).map((key) => ({ field, expected: place + key })),
  );
  return (object) => {
    if (gone.length === 0) return [];
    const found = Object.keys(object)
      .filter((key) => !rules.documented.has(key))
      .map((key) => place + key);
    if (found.length === 0 && !rules.sendsEmpty) return [];
    return gone.map((lost) => ({ ...lost, found }));
  };
}
