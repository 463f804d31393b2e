import type { Cost } from '../../connectors/connector.ts';
import type { BudgetLeft } from '../../ledger/connections/budget-left.ts';

/** A run that has much to mark still ends soon: calls at most. */
const mostCalls = 60;

/**
 * How many calls a run may spend on marking records: half of what is left of this minute, and of the day only what lies above half
 * of the schedule's part. So the flows' own work always finds the other half, and what is kept for people is not touched. Pure.
 */
export function callsForMarks(
  { minute, daySchedule, closedUntil }: Pick<BudgetLeft, 'minute' | 'daySchedule' | 'closedUntil'>,
  { callsPerDay, callsForPeople }: { readonly callsPerDay: number; readonly callsForPeople: number },
): number {
  if (closedUntil !== null) return 0;
  const ofDay = daySchedule - Math.ceil((callsPerDay - callsForPeople) / 2);
  return Math.max(0, Math.min(mostCalls, Math.floor(minute / 2), ofDay));
}

/** About how many calls so many records take: read, written, and read once more. Pure. */
export function callsToMark(
  records: number,
  { read, write }: { readonly read: Cost; readonly write: Cost },
): number {
  return callsFor(records, read) + callsFor(records, write) + callsFor(records, read);
}

/** Calls for one batch, read and written. Pure. */
export const callsPerBatch = (
  size: number,
  { read, write }: { readonly read: Cost; readonly write: Cost },
): number => callsFor(size, read) + callsFor(size, write);

const callsFor = (records: number, { calls, records: each }: Cost): number =>
  Math.ceil(records / each) * calls;
