import { outboxRow } from '../../ledger/posts/outbox-sending.ts';
import type { FactSources } from '../deps.ts';

/** The address of the first of these messages, by their outbox keys, that is posted; null where none is. */
export async function cardLink(
  { db, linkTo }: Pick<FactSources, 'db' | 'linkTo'>,
  keys: readonly string[],
): Promise<string | null> {
  for (const key of keys) {
    const card = await outboxRow(db, key);
    if (card?.channel && card.ts) return linkTo?.({ channel: card.channel, ts: card.ts }) ?? null;
  }
  return null;
}

/** The address of a decision's own message, or of the queue in which it waits; null where neither is posted. */
export const decisionLink = (
  sources: FactSources,
  { changeId, flow }: { readonly changeId: string; readonly flow: string },
): Promise<string | null> => cardLink(sources, [`card:change:${changeId}`, `card:queue:${flow}`]);
