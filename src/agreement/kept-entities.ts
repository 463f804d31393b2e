import type { SystemName } from './agreement.ts';

/** The kinds of record that flows keep in step. */
export const keptEntities = ['customer', 'product', 'stock_level', 'invoice', 'payment'] as const;
export type EntityName = (typeof keptEntities)[number];

/** What each system can keep in step, of all that. */
export const keptIn: Readonly<Record<SystemName, readonly EntityName[]>> = {
  hubspot: ['customer', 'product', 'stock_level', 'invoice', 'payment'],
  xero: ['customer', 'product', 'invoice', 'payment'],
  'cin7-core': ['customer', 'product', 'stock_level'],
  postgresql: ['customer'],
  csv: ['customer'],
};
