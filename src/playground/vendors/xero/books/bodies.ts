import { msDate } from '../wire.ts';
import type { Json } from '../write.ts';
import { accountBy, accountRef } from './accounts.ts';
import { dateBody, dateString } from './dates.ts';
import { asNumber, dollars } from './figures.ts';
import { itemByCode } from './items.ts';
import type { Books, Credit, Invoice, Line, Payment } from './state.ts';
import { creditLeft, lineSums, paperSums, standing } from './sums.ts';

/** How documents are told: with two decimals of a price, or four; whole, or as a list without pages tells them. */
export interface Telling {
  readonly books: Books;
  readonly decimals: number;
  readonly whole: boolean;
}

const dated = (key: string, day: string): Json =>
  day === '' ? {} : { [`${key}String`]: dateString(day), [key]: dateBody(day) };

const stamped = (at: string): Json => ({
  UpdatedDateUTC: msDate(new Date(at)),
  UpdatedDateUTCString: at.slice(0, 19),
});

const contactBody = (id: string, books: Books): Json => ({
  ContactID: id,
  Name: books.contacts.get(id)?.texts.Name ?? '',
  Addresses: [],
  Phones: [],
  ContactGroups: [],
  ContactPersons: [],
  HasValidationErrors: false,
});

function lineBody(line: Line, types: Invoice['LineAmountTypes'], { books, decimals }: Telling): Json {
  const { amount, tax } = lineSums(line, types);
  const item = line.ItemCode === '' ? undefined : itemByCode(line.ItemCode, books);
  return {
    ...(line.ItemCode === '' ? {} : { ItemCode: line.ItemCode }),
    Description: line.Description,
    ...(line.UnitAmount === '' ? {} : { UnitAmount: asNumber(line.UnitAmount, decimals) }),
    ...(line.TaxType === '' ? {} : { TaxType: line.TaxType }),
    TaxAmount: dollars(Number(tax)),
    LineAmount: dollars(Number(amount)),
    ...(line.AccountCode === '' ? {} : { AccountCode: line.AccountCode }),
    ...(item ? { Item: { ItemID: item.ItemID, Name: item.Name, Code: item.Code } } : {}),
    Tracking: [],
    ...(line.Quantity === '' ? {} : { Quantity: Number(line.Quantity) }),
    ...(line.DiscountRate === '' ? {} : { DiscountRate: Number(line.DiscountRate) }),
    ...(line.DiscountAmount === '' ? {} : { DiscountAmount: Number(line.DiscountAmount) }),
    LineItemID: line.LineItemID,
  };
}

/** An invoice as Xero sends it. Without a page its lines are left out, and what was paid of it is told by sums alone. */
export function invoiceBody(invoice: Invoice, telling: Telling): Json {
  const { books, whole } = telling;
  const stand = standing(invoice, books);
  const { Type, InvoiceID, InvoiceNumber, Reference, Status, LineAmountTypes } = invoice;
  return {
    ...{ Type, InvoiceID, InvoiceNumber, Reference },
    ...(invoice.Url === '' ? {} : { Url: invoice.Url }),
    ...paidBody(stand, whole),
    SentToContact: invoice.SentToContact,
    CurrencyRate: 1,
    IsDiscounted: invoice.lines.some((one) => one.DiscountRate !== '' || one.DiscountAmount !== ''),
    HasErrors: false,
    HasAttachments: false,
    Contact: contactBody(invoice.contactId, books),
    ...dated('Date', invoice.Date),
    ...dated('DueDate', invoice.DueDate),
    ...{ Status, LineAmountTypes },
    LineItems: whole ? invoice.lines.map((one) => lineBody(one, LineAmountTypes, telling)) : [],
    SubTotal: dollars(stand.subTotal),
    TotalTax: dollars(stand.tax),
    Total: dollars(stand.total),
    ...stamped(invoice.updatedAt),
    CurrencyCode: invoice.CurrencyCode,
    ...(Status === 'PAID' ? { FullyPaidOnDate: dateBody(stand.clearedOn) } : {}),
  };
}

/** What was paid of an invoice, and set off against it. */
function paidBody(stand: ReturnType<typeof standing>, whole: boolean): Json {
  const of = (kind: Credit['kind']) =>
    whole ? stand.credits.filter(({ credit }) => credit.kind === kind) : [];
  return {
    Payments: whole ? stand.payments.map(paymentOfInvoice) : [],
    CreditNotes: of('credit_note').map(({ credit, cents }) => ({
      CreditNoteID: credit.CreditNoteID,
      ...dated('Date', credit.Date),
      Total: dollars(paperSums(credit).total),
      CreditNoteNumber: credit.CreditNoteNumber,
      AppliedAmount: dollars(cents),
      HasErrors: false,
    })),
    Prepayments: [],
    Overpayments: of('overpayment').map(({ credit, cents }) => ({
      OverpaymentID: credit.CreditNoteID,
      Total: dollars(paperSums(credit).total),
      AppliedAmount: dollars(cents),
      ...dated('Date', credit.Date),
      CurrencyRate: 1,
    })),
    AmountDue: dollars(stand.due),
    AmountPaid: dollars(stand.paid),
    AmountCredited: dollars(stand.credited),
  };
}

const paymentOfInvoice = ({ PaymentID, Date: on, cents, Reference }: Payment): Json => ({
  PaymentID,
  Date: dateBody(on),
  Amount: dollars(cents),
  Reference,
  CurrencyRate: 1,
  HasAccount: false,
  HasValidationErrors: false,
});

/** A payment by itself. */
export function paymentBody(payment: Payment, { books }: Pick<Telling, 'books'>): Json {
  const account = accountBy(payment.accountCode);
  const invoice = books.invoices.get(payment.invoiceId);
  return {
    ...paymentOfInvoice(payment),
    BankAmount: dollars(payment.cents),
    PaymentType: invoice?.Type === 'ACCPAY' ? 'ACCPAYPAYMENT' : 'ACCRECPAYMENT',
    Status: payment.Status,
    ...stamped(payment.updatedAt),
    HasAccount: account !== undefined,
    IsReconciled: false,
    ...(account ? { Account: accountRef(account) } : {}),
    ...(invoice ? { Invoice: invoiceRef(invoice, books) } : {}),
  };
}

const invoiceRef = (
  { Type, InvoiceID, InvoiceNumber, contactId, CurrencyCode }: Invoice,
  books: Books,
): Json => ({
  Type,
  InvoiceID,
  InvoiceNumber,
  Payments: [],
  CreditNotes: [],
  Prepayments: [],
  Overpayments: [],
  IsDiscounted: false,
  HasErrors: false,
  Contact: contactBody(contactId, books),
  LineItems: [],
  CurrencyCode,
});

export function creditBody(credit: Credit, telling: Telling): Json {
  const { books, whole } = telling;
  const sums = paperSums(credit);
  return {
    CreditNoteID: credit.CreditNoteID,
    CreditNoteNumber: credit.CreditNoteNumber,
    Payments: [],
    CurrencyRate: 1,
    Type: 'ACCRECCREDIT',
    Reference: credit.Reference,
    RemainingCredit: dollars(creditLeft(credit)),
    Allocations: whole ? credit.allocations.map((allocation) => allocationBody(allocation, books)) : [],
    HasAttachments: false,
    HasErrors: false,
    Contact: contactBody(credit.contactId, books),
    ...dated('Date', credit.Date),
    Status: credit.Status,
    LineAmountTypes: credit.LineAmountTypes,
    LineItems: whole ? credit.lines.map((line) => lineBody(line, credit.LineAmountTypes, telling)) : [],
    SubTotal: dollars(sums.subTotal),
    TotalTax: dollars(sums.tax),
    Total: dollars(sums.total),
    ...stamped(credit.updatedAt),
    CurrencyCode: credit.CurrencyCode,
  };
}

export function allocationBody(
  { AllocationID, invoiceId, cents, Date: on }: Credit['allocations'][number],
  books: Books,
): Json {
  const invoice = books.invoices.get(invoiceId);
  return {
    AllocationID,
    Amount: dollars(cents),
    Date: dateBody(on),
    Invoice: { InvoiceID: invoiceId, InvoiceNumber: invoice?.InvoiceNumber ?? '' },
  };
}
