import type { Limit } from '../../connectors/http/budget.ts';
import type { DbOrTx } from '../db.ts';
import { type BudgetState, opensAt, room } from './budget-state.ts';
import { budgetState } from './budgets.ts';

/** Calls that nobody has taken yet, of all replicas together. */
export interface BudgetLeft {
  readonly minute: number;
  readonly day: number;
  /** Of those of the day, what the schedule may use; the others are kept back for what people ask for. */
  readonly daySchedule: number;
  /** When the day's calls are counted afresh; null where any 24 hours count, and calls come free one after the other. */
  readonly dayEnds: Date | null;
  /** When a run that used up its part of the day could go on. */
  readonly goesOnAt: Date;
  /** The vendor asked us to stay away until then; null where it did not. */
  readonly closedUntil: Date | null;
}

interface Terms {
  readonly id: string;
  readonly callsPerMinute: number;
  readonly callsPerDay: number;
  readonly callsForPeople: number;
}

/** What is left of a connection's calls. `timeZone`: where days end as long as no call has told better. */
export async function budgetLeft(
  db: DbOrTx,
  terms: Terms,
  at: { now: Date; timeZone: string },
): Promise<BudgetLeft> {
  return leftOf(await budgetState(db, terms.id), terms, at);
}

/** As {@link budgetLeft}, of what is known. Pure. */
function leftOf(
  state: BudgetState,
  { callsPerMinute, callsPerDay, callsForPeople }: Terms,
  { now, timeZone }: { now: Date; timeZone: string },
): BudgetLeft {
  const minute: Limit = { name: 'minute', calls: callsPerMinute, perMs: 60_000 };
  const day: Limit = { name: 'day', calls: callsPerDay, ...(state.day ?? { perMs: null, zone: timeZone }) };
  const { closedUntil } = state;
  const left = room(state, day, now);
  return {
    minute: Math.max(0, room(state, minute, now)),
    day: Math.max(0, left),
    daySchedule: Math.max(0, left - callsForPeople),
    dayEnds: day.perMs === null ? opensAt(state, day, now) : null,
    goesOnAt: opensAt(state, { ...day, calls: callsPerDay - callsForPeople }, now),
    closedUntil: closedUntil !== null && closedUntil > now.getTime() ? new Date(closedUntil) : null,
  };
}
