import { heldBy, saving, withDeeds } from '../deeds.ts';
import type { Screen } from '../vendor.ts';

/** The buttons of a product's page. */
export const withProductDeeds = (screen: Screen): Screen =>
  withDeeds(screen, (card) => {
    const isArchived = heldBy(card, 'truce_status') === 'Archived';
    return [
      saving(screen, card, { id: 'price', label: 'Change price', asked: ['price'] }),
      isArchived
        ? saving(screen, card, { id: 'restore', label: 'Restore', values: { truce_status: 'Active' } })
        : saving(screen, card, { id: 'archive', label: 'Archive', values: { truce_status: 'Archived' } }),
    ];
  });

const won = 'Closed won';
const lost = 'Closed lost';

/** The buttons of a deal's page. */
export const withDealDeeds = (screen: Screen): Screen =>
  withDeeds(screen, (card) => {
    const stage = heldBy(card, 'dealstage');
    const move = (id: string, label: string, dealstage: string) =>
      saving(screen, card, { id, label, values: { dealstage } });
    const quantities = card.fields.flatMap(({ key }) => (key.endsWith('.quantity') ? [key] : []));
    return [
      ...(stage === won ? [] : [move('win', 'Win', won)]),
      ...(quantities.length > 0
        ? [saving(screen, card, { id: 'quantity', label: 'Change quantity', asked: quantities })]
        : []),
      ...(stage === won || stage === lost
        ? [move('reopen', 'Reopen', 'Contract sent')]
        : [move('lose', 'Lose', lost)]),
    ];
  });
