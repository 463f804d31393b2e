import type { TaxCodes } from '../../agreement/agreement.ts';
import type { Observed } from '../../entities/field.ts';
import { treatmentOf } from '../../entities/tax.ts';
import { blank } from '../observed.ts';

/** What goes out for one record, or why it cannot. */
export type Body =
  | {
      readonly kind: 'body';
      readonly json: Record<string, unknown>;
      /** True when it adds an address or a contact: sent twice, it would add two. */
      readonly adds: boolean;
    }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'impossible'; readonly reason: string };

/** Our status → Cin7 Core's. */
export const statuses: Readonly<Record<string, string>> = { active: 'Active', archived: 'Deprecated' };

/** A tax rule by its name; what the account's table does not know stays as it is written. */
export function toTreatment(rule: string | null | undefined, codes: TaxCodes): Observed {
  return rule?.trim() ? { state: 'value', value: treatmentOf(codes, rule) } : blank;
}

/** `ACTIVE` in exports, `Active` in the documents. */
export const isDeprecated = (status: string | null | undefined): boolean =>
  status?.toLowerCase() === 'deprecated';

/** Cin7 Core's times are UTC, with or without a Z. */
export function utc(at: string | null | undefined): string | null {
  if (!at) return null;
  return new Date(/(?:Z|[+-]\d\d:?\d\d)$/.test(at) ? at : `${at}Z`).toISOString();
}
