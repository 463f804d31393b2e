import { outboxRow } from '../../ledger/outbox-sending.ts';
import type { FactSources } from '../deps.ts';

/** The address of a decision's own message, or of the queue in which it waits; null where neither is posted. */
export async function decisionLink(
  { db, linkTo }: FactSources,
  { changeId, flow }: { readonly changeId: string; readonly flow: string },
): Promise<string | null> {
  const own = await outboxRow(db, `card:change:${changeId}`);
  const card = own?.ts ? own : await outboxRow(db, `card:queue:${flow}`);
  return card?.channel && card.ts ? (linkTo?.({ channel: card.channel, ts: card.ts }) ?? null) : null;
}
