import type { Kind } from '../../page-server/api.ts';
import type { Card, PracticeSystem } from '../../vendors/vendor.ts';

/** What each kind of record is called on the page. */
interface KindWords {
  /** In the switch. */
  readonly many: string;
  /** Of the box in which one is looked for, and of the pane on a phone. */
  readonly one: string;
  /** What one types to find it. */
  readonly hint: string;
  /** Of all cards together, for those who hear them. */
  readonly cards: string;
  /** Which systems can have one, and how each says that it has none. */
  readonly absent: Readonly<Partial<Record<PracticeSystem, string>>>;
}

const nowhere = { hubspot: 'Not in HubSpot.', xero: 'Not in Xero.', 'cin7-core': 'Not in Cin7 Core.' };

export const kinds: Readonly<Record<Kind, KindWords>> = {
  customer: {
    many: 'Customers',
    one: 'Customer',
    hint: 'Name or ABN',
    cards: 'The customer in each system',
    absent: nowhere,
  },
  product: {
    many: 'Products',
    one: 'Product',
    hint: 'Name or SKU',
    cards: 'The product in each system, with its stock',
    absent: nowhere,
  },
  sale: {
    many: 'Sales',
    one: 'Sale',
    hint: 'Deal, customer or invoice',
    cards: 'The deal in HubSpot and its invoice in Xero',
    absent: {
      hubspot: 'No deal in HubSpot names this invoice.',
      xero: 'No invoice in Xero yet. A won deal gets one at the next run: type /sync run invoices.',
    },
  },
};

/** Said of each system that could have the record and has none. */
export const absentFrom = (kind: Kind, cards: readonly Card[]): string[] =>
  Object.entries(kinds[kind].absent)
    .filter(([system]) => !cards.some((card) => card.system === system))
    .map(([, words]) => words);

export const kindNames = Object.keys(kinds) as Kind[];
