import { z } from 'zod';

/** What Cin7 Core answers, no stricter than we need it. Source: public transcriptions of the vendor's API v2 and findings on the live API. */

const text = z.string().nullish();
/** Numbers that one transcription types as texts. */
const count = z.union([z.number(), z.string().regex(/^\d+$/).transform(Number)]);

export const customersAnswer = z.looseObject({
  Total: count,
  Page: count,
  CustomerList: z.array(z.unknown()),
});

/** A write answers with the customer alone, in the same list. */
export const writtenAnswer = customersAnswer.partial({ Total: true, Page: true });

const address = z.looseObject({
  ID: text,
  Line1: text,
  Line2: text,
  City: text,
  State: text,
  Postcode: text,
  Country: text,
  Type: text,
  DefaultForType: z.boolean().nullish(),
});
export type Cin7Address = z.infer<typeof address>;

const contact = z.looseObject({
  ID: text,
  Name: text,
  Phone: text,
  MobilePhone: text,
  Email: text,
  Default: z.boolean().nullish(),
});
export type Cin7Contact = z.infer<typeof contact>;

export const customer = z.looseObject({
  ID: z.string().min(1),
  Name: text,
  Status: text,
  PaymentTerm: text,
  TaxRule: text,
  Comments: text,
  // Documented as a number, sent as a text in practice.
  TaxNumber: z.union([z.string(), z.number().transform(String)]).nullish(),
  LastModifiedOn: z
    .string()
    .refine((at) => !Number.isNaN(Date.parse(at)), 'not a date')
    .nullish(),
  Addresses: z.array(address).nullish(),
  Contacts: z.array(contact).nullish(),
});
export type Customer = z.infer<typeof customer>;

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
