import { timeAwayOf } from '../../ledger/alerts/time-away.ts';
import { type FactSources, flowOf } from '../deps.ts';
import type { TimeAwayFacts } from '../messages/alert/time-away.ts';

/** What the message of a time away shows; null where none of its syncs is in the agreement any more. */
export async function timeAwayFacts(
  { db, agreement, entity }: FactSources,
  id: string,
  drawing: number,
): Promise<TimeAwayFacts | null> {
  const away = await timeAwayOf(db, id);
  if (!away) return null;
  const missed = away.missed.flatMap(({ flow: flowId, slots, caughtUp }) => {
    const flow = flowOf(agreement(), flowId);
    return flow ? [{ flowName: flow.name, noun: entity(flow.entity).noun, slots, caughtUp }] : [];
  });
  const { from, to } = away;
  return missed.length > 0 ? { drawing, from, to, missed, zone: agreement().timeZone } : null;
}
