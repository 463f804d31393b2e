import type { IncidentCause } from '../ledger/tables/incidents.ts';

/** Problems with which nothing of a flow goes on; with the others part of it does, or it mends itself. */
const stopping: ReadonlySet<IncidentCause> = new Set([
  'auth',
  'refused',
  'unreachable',
  'silent',
  'nonsense',
  'late',
  'stuck',
  'bug',
]);

export const stops = (cause: IncidentCause): boolean => stopping.has(cause);
