import { heldBy, saving, withDeeds } from '../deeds.ts';
import type { Screen } from '../vendor.ts';

/** The buttons of a product's page. */
export const withProductDeeds = (screen: Screen): Screen =>
  withDeeds(screen, (card) => {
    const isDeprecated = heldBy(card, 'Status').toUpperCase() === 'DEPRECATED';
    return [
      saving(screen, card, { id: 'price', label: 'Change price', asked: ['PriceTier1'] }),
      isDeprecated
        ? saving(screen, card, { id: 'restore', label: 'Restore', values: { Status: 'Active' } })
        : saving(screen, card, { id: 'archive', label: 'Archive', values: { Status: 'Deprecated' } }),
    ];
  });

/** A stocktake of every place. */
export const withStockDeeds = (screen: Screen): Screen =>
  withDeeds(screen, (card) => [
    saving(screen, card, {
      id: 'count',
      label: 'Count stock',
      asked: card.fields.flatMap(({ key }) => (key.endsWith(': OnHand') ? [key] : [])),
    }),
  ]);
