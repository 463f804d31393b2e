import type { Card } from '../vendors/vendor.ts';
import type { Kind } from './api.ts';

/**
 * Which cards are one thing to whoever looks at the page, in the order in which they come: at most one of each system.
 * (Truce itself never links by name.) Pure.
 */
export const together: Readonly<Record<Kind, (cards: readonly Card[]) => Card[][]>> = {
  customer: (cards) => groupedBy(cards, (card) => card.abn.replace(/\D/g, '') || plainWords(card.title)),
  product: (cards) => groupedBy(cards, (card) => plainWords(skuOf(card) || card.title)),
  sale: (cards) => groupedBy(cards, saleKeys(cards)),
};

/** A second card of one system with the same key is a duplicate there, and a record of its own here. */
function groupedBy(cards: readonly Card[], keyOf: (card: Card) => string): Card[][] {
  const groups: Card[][] = [];
  const byKey = new Map<string, Card[]>();
  for (const card of cards) {
    const group = byKey.get(keyOf(card));
    if (group && !group.some((other) => other.system === card.system)) {
      group.push(card);
    } else {
      const own = [card];
      groups.push(own);
      if (!group) byKey.set(keyOf(card), own);
    }
  }
  return groups;
}

/** An invoice belongs to the deal whose id stands in its link, else to the one that names its number. */
function saleKeys(cards: readonly Card[]): (card: Card) => string {
  const deals = cards.filter(({ system }) => system === 'hubspot');
  const ids = new Set(deals.map(({ externalId }) => externalId));
  const byNumber = new Map(
    deals
      .map(
        ({ fields, externalId }) => [plainWords(heldIn(fields, 'truce_invoice_number')), externalId] as const,
      )
      .filter(([number]) => number !== '')
      .toReversed(),
  );
  return ({ system, externalId, fields }) => {
    if (system === 'hubspot') return externalId;
    const named = heldIn(fields, 'Url')
      .match(/\d+/g)
      ?.find((id) => ids.has(id));
    return named ?? byNumber.get(plainWords(heldIn(fields, 'InvoiceNumber'))) ?? `${system} ${externalId}`;
  };
}

const skuKeys = ['hs_sku', 'Code', 'SKU'];

/** What each system calls the SKU. */
export const skuOf = ({ fields }: Card): string =>
  fields.find(({ key }) => skuKeys.includes(key))?.value.trim() ?? '';

export const heldIn = (fields: Card['fields'], wanted: string): string =>
  fields.find(({ key }) => key === wanted)?.value.trim() ?? '';

const plainWords = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();
