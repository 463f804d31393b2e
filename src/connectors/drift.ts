import type { Drift } from './connector.ts';
import { type Lost, lostOf, nothingLost } from './set-aside.ts';

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
  /** What the endpoint as a whole lacks by now, by key, and where in the record: `Addresses[].`. */
  readonly lost?: Lost;
  readonly lostAt?: string;
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
  const lost = lostOf(rules.lost ?? nothingLost, rules.mapped, rules.lostAt);
  const isLost = (field: string) => lost.some((one) => one.field === field);
  const renamed = renamedIn(
    gone.filter(({ field }) => !isLost(field)),
    rules,
  );
  return (object) => {
    const found = unknownIn(object, rules);
    return [...lost.map((one) => (one.is?.length === 0 ? { ...one, found } : one)), ...renamed(object)];
  };
}

const unknownIn = (object: Keys, { documented, place = '' }: DriftRules): string[] =>
  Object.keys(object)
    .filter((key) => !documented.has(key))
    .map((key) => place + key);

function renamedIn(gone: readonly Omit<Drift, 'found'>[], rules: DriftRules): DriftFinder {
  return (object) => {
    if (gone.length === 0) return [];
    const found = unknownIn(object, rules);
    if (found.length === 0 && !rules.sendsEmpty) return [];
    return gone.map((lost) => ({ ...lost, found }));
  };
}
