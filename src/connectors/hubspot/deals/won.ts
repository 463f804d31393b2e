import type { Filter } from '../client.ts';
import type { CrmRecord } from '../schema.ts';

export const stageProperty = 'dealstage';
const numberProperty = 'truce_invoice_number';

/** Deals that carry an invoice's number. */
export const numbered: Filter = { propertyName: numberProperty, operator: 'HAS_PROPERTY' };

/** Deals that carry none. */
export const unnumbered: Filter = { propertyName: numberProperty, operator: 'NOT_HAS_PROPERTY' };

/** Deals in one of these stages. HubSpot compares lists in small letters. */
export const inStages = (stages: readonly string[]): Filter => ({
  propertyName: stageProperty,
  operator: 'IN',
  values: stages.map((stage) => stage.toLowerCase()),
});

/** Whether it stands in one of these stages. */
export function isWon({ properties }: CrmRecord, stages: readonly string[]): boolean {
  const stage = properties[stageProperty]?.trim().toLowerCase() ?? '';
  return stages.some((won) => won.toLowerCase() === stage);
}

/** Whether an invoice belongs to a deal: it is won, or it has one already. */
export const countsAsSale = (deal: CrmRecord, stages: readonly string[]): boolean =>
  isWon(deal, stages) || Boolean(deal.properties[numberProperty]?.trim());
