import type { SafetyStop } from '../../agreement/agreement.ts';
import type { SafetyStopKind } from '../../ledger/tables/safety-stops.ts';

/** What a run is about to do of one kind, beside what is usual. Plain data. */
export interface SafetyInput {
  readonly kind: SafetyStopKind;
  readonly terms: SafetyStop;
  /** Records that this run is about to touch, without those that a person decided or approved. */
  readonly records: number;
  /** Records that were touched so within {@link windowMs} before, by rule and unapproved: drop by drop is no way around it. */
  readonly lately: number;
  /** Records of the flow. */
  readonly of: number;
  /** Since the run before this one, in ms: a flow that was away has more to catch up on. */
  readonly awayMs: number;
  /** Records of a usual day, from the flow's own past; 0 where nothing is known. */
  readonly usualPerDay: number;
}

export interface SafetyVerdict {
  readonly stops: boolean;
  /** More than so many are stopped. */
  readonly limit: number;
  /** What is usual for the time since the last run, for people. */
  readonly usual: number;
}

/** What is written within this time counts together, however many runs it takes. */
export const windowMs = 3_600_000;
const day = 24 * 3_600_000;
/** After more days away than these nothing is usual any more. */
const mostDays = 7;
/** So many times what is usual is still no surprise. */
const surprise = 2;

/** Clearing values, and records that are gone, harm more than other changes: a fifth of the limit is enough of them. */
const shareOf: Readonly<Record<SafetyStopKind, number>> = { writes: 1, makes: 1, blanks: 0.2, gone: 0.2 };

/**
 * The least that could be stopped, whatever the flow's size and past: below it nothing else needs to be known.
 */
export const leastOf = (kind: SafetyStopKind, { records }: SafetyStop): number =>
  Math.ceil(records * shareOf[kind]);

/**
 * Whether what a run is about to do is more than is usual. It is stopped when it is more than `records`, and more than
 * `percent` of the flow's records, and more than twice what such a stretch of time usually brings. All three grow with the
 * days since the last run. Pure.
 */
export function decideSafetyStop(input: SafetyInput): SafetyVerdict {
  const { kind, terms, records, lately, of, awayMs, usualPerDay } = input;
  const days = Math.min(mostDays, Math.max(1, awayMs / day));
  const usual = Math.round(usualPerDay * days);
  const byTerms = Math.max(leastOf(kind, terms), (terms.percent / 100) * shareOf[kind] * of);
  // All of them are never more than all of them: 100 percent switches it off.
  const isOff = terms.percent >= 100;
  const limit = Math.floor(Math.max(byTerms * days, surprise * usual));
  return { stops: !isOff && records > 0 && records + lately > limit, limit, usual };
}
