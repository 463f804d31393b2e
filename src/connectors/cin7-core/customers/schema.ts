import { z } from 'zod';
import { count, text } from '../schema.ts';

/** Customers as Cin7 Core answers them. */

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
