import type { Filter } from '../client.ts';
import type { CrmRecord } from '../schema.ts';

export const stageProperty = 'dealstage';
/** The day on which a deal was won, once it is; before that the day for which it is hoped. */
export const closedProperty = 'closedate';
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

/**
 * Whether a deal without an invoice was won before the first day whose deals are made into invoices. One without a close date counts
 * by the day on which it was made; one of which nobody can say counts as won before: nothing is made of what may be old.
 */
export function wonBefore(
  { properties, createdAt }: CrmRecord,
  since: string | null,
  timeZone: string,
): boolean {
  if (since === null || properties[numberProperty]?.trim()) return false;
  const day = dayOf(properties[closedProperty]?.trim() || createdAt || '', timeZone);
  return day === null || day < since;
}

/** HubSpot tells an instant as ISO 8601, or as ms since 1970. */
function dayOf(text: string, timeZone: string): string | null {
  const at = new Date(/^\d{8,}$/.test(text) ? Number(text) : text).getTime();
  if (Number.isNaN(at)) return null;
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone).toPlainDate().toString();
}
