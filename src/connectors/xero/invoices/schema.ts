import { z } from 'zod';
import { msDate, text } from '../schema.ts';

/** What Xero answers of invoices, no stricter than we need it. Source: Xero's OpenAPI description 16.1.0. */

const number = z.number().nullish();
const date = z.string().regex(msDate, 'not a Xero date').nullish();

const line = z.looseObject({
  LineItemID: text,
  Description: text,
  Quantity: number,
  UnitAmount: number,
  ItemCode: text,
  AccountCode: text,
  TaxType: text,
  DiscountRate: number,
  DiscountAmount: number,
});
export type XeroLine = z.infer<typeof line>;

const applied = { AppliedAmount: number };

export const invoice = z.looseObject({
  InvoiceID: z.string().min(1),
  Type: z.string(),
  Status: z.string(),
  InvoiceNumber: text,
  Reference: text,
  Url: text,
  Contact: z.looseObject({ ContactID: text }).nullish(),
  Date: date,
  DueDate: date,
  LineAmountTypes: text,
  LineItems: z.array(line).nullish(),
  CurrencyCode: text,
  Total: number,
  TotalTax: number,
  AmountDue: number,
  AmountPaid: number,
  AmountCredited: number,
  FullyPaidOnDate: date,
  CreditNotes: z.array(z.looseObject({ CreditNoteNumber: text, ...applied })).nullish(),
  Overpayments: z.array(z.looseObject(applied)).nullish(),
  Prepayments: z.array(z.looseObject(applied)).nullish(),
  UpdatedDateUTC: date,
});
export type Invoice = z.infer<typeof invoice>;

export const invoicesAnswer = z.looseObject({
  Invoices: z.array(z.unknown()),
  pagination: z.looseObject({ page: z.number(), pageCount: z.number() }).nullish(),
});

export const paymentsAnswer = z.looseObject({
  Payments: z.array(z.looseObject({ Invoice: z.looseObject({ InvoiceID: text, Type: text }).nullish() })),
  pagination: z.looseObject({ page: z.number(), pageCount: z.number() }).nullish(),
});

export const creditNotesAnswer = z.looseObject({
  CreditNotes: z.array(
    z.looseObject({
      Allocations: z
        .array(z.looseObject({ Invoice: z.looseObject({ InvoiceID: text }).nullish() }))
        .nullish(),
    }),
  ),
});

/** Every key that Xero documents for an invoice, and those beside them in its own examples: any other is news. */
export const invoiceKeys: ReadonlySet<string> = new Set([
  ...['Type', 'Contact', 'LineItems', 'Date', 'DateString', 'DueDate', 'DueDateString', 'LineAmountTypes'],
  ...['InvoiceNumber', 'Reference', 'BrandingThemeID', 'Url', 'CurrencyCode', 'CurrencyRate', 'Status'],
  ...['SentToContact', 'ExpectedPaymentDate', 'PlannedPaymentDate', 'CISDeduction', 'CISRate', 'SubTotal'],
  ...['TotalTax', 'Total', 'TotalDiscount', 'InvoiceID', 'RepeatingInvoiceID', 'HasAttachments'],
  ...['IsDiscounted', 'Payments', 'Prepayments', 'Overpayments', 'AmountDue', 'AmountPaid'],
  ...['FullyPaidOnDate', 'AmountCredited', 'UpdatedDateUTC', 'UpdatedDateUTCString', 'CreditNotes'],
  ...['Attachments', 'HasErrors', 'StatusAttributeString', 'ValidationErrors', 'Warnings'],
  ...['InvoiceAddresses', 'InvoicePaymentServices', 'SentByEmail'],
]);
