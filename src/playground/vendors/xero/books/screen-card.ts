import type { Card } from '../../vendor.ts';

/** What a screen of Xero shows of one record, under Xero's own labels; only what is `typable` can be typed there. */
export const cardOf = (
  labels: Readonly<Record<string, string>>,
  held: Readonly<Record<string, string>>,
  {
    externalId,
    title,
    updatedAt,
    typable,
  }: Pick<Card, 'externalId' | 'title' | 'updatedAt'> & { readonly typable?: readonly string[] },
): Card => ({
  system: 'xero',
  label: 'Xero',
  externalId,
  title,
  abn: '',
  fields: Object.entries(labels).map(([key, label]) => ({
    ...{ key, label, value: held[key] ?? '' },
    ...(typable && !typable.includes(key) ? { isFixed: true } : {}),
  })),
  updatedAt,
});
