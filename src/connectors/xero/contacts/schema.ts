import { z } from 'zod';
import { msDate, text } from '../schema.ts';

/** Contacts as Xero answers them. Source: Xero's OpenAPI description 16.1.0. */

export const contactsAnswer = z.looseObject({
  Contacts: z.array(z.unknown()),
  pagination: z.looseObject({ page: z.number(), pageCount: z.number() }).nullish(),
});

const address = z.looseObject({
  AddressType: text,
  AddressLine1: text,
  AddressLine2: text,
  AddressLine3: text,
  AddressLine4: text,
  City: text,
  Region: text,
  PostalCode: text,
  Country: text,
});
export type XeroAddress = z.infer<typeof address>;

const phone = z.looseObject({
  PhoneType: text,
  PhoneNumber: text,
  PhoneAreaCode: text,
  PhoneCountryCode: text,
});
export type XeroPhone = z.infer<typeof phone>;

const bill = z.looseObject({ Day: z.number().int().nullish(), Type: text });
export type XeroBill = z.infer<typeof bill>;

export const contact = z.looseObject({
  ContactID: z.string().min(1),
  MergedToContactID: text,
  ContactNumber: text,
  ContactStatus: text,
  Name: text,
  CompanyNumber: text,
  EmailAddress: text,
  TaxNumber: text,
  AccountsReceivableTaxType: text,
  Addresses: z.array(address).nullish(),
  Phones: z.array(phone).nullish(),
  PaymentTerms: z.looseObject({ Sales: bill.nullish(), Bills: bill.nullish() }).nullish(),
  UpdatedDateUTC: z.string().regex(msDate, 'not a Xero date').nullish(),
});
export type Contact = z.infer<typeof contact>;
