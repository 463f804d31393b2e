import type { Observation, ReadItem } from '../../connectors/connector.ts';

/** What is to be done about the place for our id in a record that was just read. */
export type MarkPlan =
  /** It holds our id. */
  | { readonly kind: 'there' }
  | { readonly kind: 'send'; readonly instead: string | null }
  | { readonly kind: 'leave'; readonly reason: string };

/** So often the same id is sent to a record before we take it that something else there does not want it. */
const mostTries = 3;

/**
 * An empty place is written, and one that holds an id of ours for another record: by our own ledger this is not that record. What
 * anybody else wrote there stays. `ours`: which ids of our records were seen. Pure.
 */
export function decideMark(
  item: ReadItem | undefined,
  {
    recordId,
    tries,
    ours,
  }: { readonly recordId: string; readonly tries: number; readonly ours: ReadonlySet<string> },
): MarkPlan {
  if (item?.kind !== 'read') return { kind: 'leave', reason: unread[item?.kind ?? 'gone'] };
  const { marker } = item.observation;
  if (marker === recordId) return { kind: 'there' };
  const reason = closed(item.observation);
  if (reason !== null) return { kind: 'leave', reason };
  if (marker !== null && !ours.has(marker))
    return { kind: 'leave', reason: 'an id that is not Truce’s is there' };
  if (tries >= mostTries) return { kind: 'leave', reason: 'what Truce wrote there did not stay' };
  return { kind: 'send', instead: marker };
}

const unread = {
  gone: 'it is not there any more',
  merged: 'it was merged into another',
  malformed: 'it cannot be read',
} as const;

function closed({ archived, locked }: Observation): string | null {
  if (archived) return 'it is archived';
  return locked === undefined ? null : `nothing may be written to it: ${locked}`;
}
