import type { Card } from '../../vendors/vendor.ts';

/** A customer on the page goes by its first card. Its ABN or name would change under the hands of whoever edits it. */
export function customerId(cards: readonly Card[]): string {
  const first = cards[0];
  return first ? `${first.system}:${first.externalId}` : '';
}
