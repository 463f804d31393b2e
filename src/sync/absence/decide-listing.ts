/** What is known when a system's list was read to its end. Plain data. */
export interface ListingInput {
  /** Records that the list named. */
  readonly named: number;
  /** True where everything was listed, not only what changed. */
  readonly everything: boolean;
  /** Records in use that we know there. */
  readonly known: number;
  /**
   * What the runs within a day, up to now and this one left out, have named; then the same day in each of the weeks before, newest
   * first, as far as it was looked up. Null for a day without a run.
   */
  readonly today: number;
  readonly sameDayBefore: readonly (number | null)[];
}

/** Weeks of the past that have to agree that much is usual. */
export const weeksCompared = 3;
/** Below this many on each of those days, nothing at all is nothing strange. */
const muchIsUsual = 20;

/**
 * How many are usual, where a list named nothing and that is strange; null where all is well. A list of everything is strange
 * when it is empty though records are known; one of changes, when a whole day brought none and each such day before brought
 * many. Pure.
 */
export function usualButMissing(input: ListingInput): number | null {
  const { named, everything, known, today, sameDayBefore } = input;
  if (named > 0) return null;
  if (everything) return known > 0 ? known : null;
  const before = sameDayBefore.slice(0, weeksCompared);
  if (today > 0 || before.length < weeksCompared) return null;
  const least = Math.min(...before.map((n) => n ?? 0));
  return least >= muchIsUsual ? least : null;
}
