import type { Kind } from '../../page-api.ts';

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
}

export const kinds: Readonly<Record<Kind, KindWords>> = {
  customer: {
    many: 'Customers',
    one: 'Customer',
    hint: 'Name or ABN',
    cards: 'The customer in each system',
  },
  product: {
    many: 'Products',
    one: 'Product',
    hint: 'Name or SKU',
    cards: 'The product in each system, with its stock',
  },
  sale: {
    many: 'Sales',
    one: 'Sale',
    hint: 'Deal, customer or invoice',
    cards: 'The deal in HubSpot and its invoice in Xero',
  },
};

export const kindNames = Object.keys(kinds) as Kind[];
