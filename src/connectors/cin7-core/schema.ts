import { z } from 'zod';

/** What Cin7 Core answers, no stricter than we need it. Source: public transcriptions of the vendor's API v2 and findings on the live API. */

export const text = z.string().nullish();
/** Numbers that one transcription types as texts. */
export const count = z.union([z.number(), z.string().regex(/^\d+$/).transform(Number)]);

const oneError = z.looseObject({ ErrorCode: z.unknown(), Exception: text });
export const errorBody = z.union([z.array(oneError), oneError.transform((error) => [error])]);

const event = z.looseObject({ EventType: text, CustomerID: text, ProductID: text, ID: text });
export const webhookBody = z.union([z.array(event), event.transform((one) => [one])]);

export const meAnswer = z.looseObject({ Company: text });

/** An entry of a reference book; one without `IsActive` is in use. */
const named = z.looseObject({ Name: z.string(), IsActive: z.boolean().nullish() });
export type Named = z.infer<typeof named>;
export const paymentTermsAnswer = z.looseObject({ PaymentTermList: z.array(named) });
export const taxRulesAnswer = z.looseObject({ TaxRuleList: z.array(named) });

/** One transcription shows the list by itself, the other in a wrapper. */
const webhook = z.looseObject({
  Type: text,
  Name: text,
  IsActive: z.boolean().nullish(),
  ExternalURL: text,
});
export const webhooksAnswer = z.union([
  z.array(webhook),
  z.looseObject({ Webhooks: z.array(webhook) }).transform(({ Webhooks }) => Webhooks),
]);
