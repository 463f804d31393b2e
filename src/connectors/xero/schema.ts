import { z } from 'zod';

/** What Xero answers, no stricter than we need it: Xero leaves empty fields out. Source: Xero's OpenAPI description 16.1.0. */

export const text = z.string().nullish();

/** `GET /connections`: what a sign-in reaches. Source: Xero's identity description. */
export const connectionsAnswer = z.array(
  z.looseObject({ tenantId: z.string().min(1), tenantName: text, tenantType: text }),
);
export type XeroConnection = z.infer<typeof connectionsAnswer>[number];

/** `/Date(1552327126117+0000)/`: milliseconds since 1970; the offset is for show. */
export const msDate = /^\/Date\((-?\d+)(?:[+-]\d{4})?\)\/$/;

/** ISO 8601; null where there is none, or none that we can read. */
export function timeOf(date: string | null | undefined): string | null {
  const modified = msDate.exec(date ?? '')?.[1];
  return modified === undefined ? null : new Date(Number(modified)).toISOString();
}

/**
 * The day of the calendar that a date stands for, `2026-06-30`: Xero sends midnight and calls it UTC, whatever the organisation's
 * zone, so that it is read as it stands. Null where there is none, or none that we can read.
 */
export const dayOf = (date: string | null | undefined): string | null => timeOf(date)?.slice(0, 10) ?? null;

const messages = z.array(z.looseObject({ Message: text })).nullish();

/** One element of the answer to a write with `summarizeErrors=false`. */
export const writtenElement = z.looseObject({
  StatusAttributeString: text,
  HasValidationErrors: z.boolean().nullish(),
  ValidationErrors: messages,
  UpdatedDateUTC: z.string().nullish().catch(null),
});

const organisation = z.looseObject({
  Name: text,
  Version: text,
  OrganisationStatus: text,
  Timezone: text,
  PeriodLockDate: text,
  EndOfYearLockDate: text,
});
export type XeroOrganisation = z.infer<typeof organisation>;
export const organisationAnswer = z.looseObject({ Organisations: z.array(organisation) });

const taxRate = z.looseObject({
  TaxType: text,
  Name: text,
  Status: text,
  CanApplyToRevenue: z.boolean().nullish(),
});
export type XeroTaxRate = z.infer<typeof taxRate>;
export const taxRatesAnswer = z.looseObject({ TaxRates: z.array(taxRate) });

const account = z.looseObject({ Code: text, Name: text, Status: text, Class: text });
export type XeroAccount = z.infer<typeof account>;
export const accountsAnswer = z.looseObject({ Accounts: z.array(account) });

export const errorBody = z.looseObject({
  Message: text,
  Title: text,
  Detail: text,
  error: text,
  Elements: z.array(z.looseObject({ ValidationErrors: messages })).nullish(),
});

const event = z.looseObject({ resourceId: z.string(), eventCategory: z.string() });
export type XeroEvent = z.infer<typeof event>;
export const webhookBody = z.looseObject({ events: z.array(event) });
