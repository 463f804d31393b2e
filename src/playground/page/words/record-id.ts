import type { Card } from '../../vendors/vendor.ts';

/** A record on the page goes by its first card. Its ABN, SKU or name would change under the hands of whoever edits it. */
export function recordId(cards: readonly Card[]): string {
  const first = cards[0];
  return first ? `${first.system}:${first.externalId}` : '';
}
