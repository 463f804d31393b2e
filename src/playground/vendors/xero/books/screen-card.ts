import type { Card } from '../../vendor.ts';

/** What a screen of Xero shows of one record, under Xero's own labels. */
export const cardOf = (
  labels: Readonly<Record<string, string>>,
  held: Readonly<Record<string, string>>,
  { externalId, title, updatedAt }: Pick<Card, 'externalId' | 'title' | 'updatedAt'>,
): Card => ({
  system: 'xero',
  label: 'Xero',
  externalId,
  title,
  abn: '',
  fields: Object.entries(labels).map(([key, label]) => ({ key, label, value: held[key] ?? '' })),
  updatedAt,
});
