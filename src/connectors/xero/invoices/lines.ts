import type { TaxCodes } from '../../../agreement/agreement.ts';
import type { Observed } from '../../../entities/field.ts';
import type { InvoiceLine, InvoiceLines, LineAsRead } from '../../../entities/invoice-lines.ts';
import { linesValue } from '../../../entities/invoice-lines.ts';
import { type Decimal, decimalOf, printDecimal } from '../../../entities/money/decimal.ts';
import { codeOf, treatmentOf } from '../../../entities/tax.ts';
import { blank, notRead } from '../../observed.ts';
import type { Invoice, XeroLine } from './schema.ts';

/** The lines of an invoice as one value. A discount in dollars that is no round part of its line cannot be told in percent: not read. */
export function observedLines(invoice: Invoice, taxCodes: TaxCodes): Observed {
  const { LineItems: lines, LineAmountTypes: types, CurrencyCode: currency } = invoice;
  if (!lines || !currency) return notRead;
  const read = lines.map((line) => lineOf(line, taxCodes));
  if (read.length === 0) return blank;
  const whole = read.filter((line) => line !== null);
  if (whole.length < read.length) return notRead;
  const prices = types === 'Inclusive' ? 'inclusive' : 'exclusive';
  return { state: 'value', value: linesValue({ currency, prices, lines: whole }) };
}

function lineOf(line: XeroLine, taxCodes: TaxCodes): LineAsRead | null {
  const discount = discountOf(line);
  if (discount === null) return null;
  const code = line.TaxType?.trim();
  return {
    sku: line.ItemCode || null,
    description: line.Description ?? '',
    quantity: line.Quantity ?? null,
    unit_price: line.UnitAmount ?? null,
    discount,
    tax: code ? treatmentOf(taxCodes, code) : null,
  };
}

/** In percent; null where it is an amount that is no round part of the line. */
function discountOf({ DiscountRate, DiscountAmount, Quantity, UnitAmount }: XeroLine): string | null {
  if (DiscountRate) return String(DiscountRate);
  if (!DiscountAmount) return '0';
  const [off, count, price] = [DiscountAmount, Quantity ?? 0, UnitAmount ?? 0].map((one) => decimalOf(one));
  return off && count && price
    ? percentOf(off, { units: count.units * price.units, scale: count.scale + price.scale })
    : null;
}

/** Exactly, at four decimals at most. */
function percentOf(part: Decimal, whole: Decimal): string | null {
  const over = part.units * 100n * 10n ** BigInt(whole.scale + 4);
  const under = whole.units * 10n ** BigInt(part.scale);
  if (under === 0n || over % under !== 0n) return null;
  return printDecimal({ units: over / under, scale: 4 });
}

/** What lines are made with in one account. */
export interface LineBook {
  readonly taxCodes: TaxCodes;
  /** By SKU in lower case: the items that Xero has, with the accounts that they name. */
  readonly items: ReadonlyMap<string, { readonly code: string; readonly account: string | null }>;
  /** For what names no other. */
  readonly account: string | null;
  /** The lines that the invoice has by now: one that stays keeps its id, account and categories. */
  readonly held: readonly XeroLine[];
}

type LineItems = readonly Readonly<Record<string, unknown>>[];

/** Xero holds prices and quantities of four decimals. */
const mostDecimals = 4;

/** The lines as Xero takes them, or why it cannot: by the number and the words of the line, so that somebody can find it. */
export function lineItems({ lines }: InvoiceLines, book: LineBook): LineItems | string {
  const unused = [...book.held];
  const made: Readonly<Record<string, unknown>>[] = [];
  for (const [index, line] of lines.entries()) {
    const name = `line ${index + 1}${line.description ? ` (${line.description})` : ''}`;
    const item = lineItem(line, takeHeld(line, unused), book);
    if (typeof item === 'string') return `${name} ${item}`;
    made.push(item);
  }
  return made.length > 0 ? made : 'an invoice needs a line at the least';
}

function lineItem(
  { sku, description, quantity, unit_price, discount, tax }: InvoiceLine,
  held: XeroLine | null,
  { taxCodes, items, account }: LineBook,
): Readonly<Record<string, unknown>> | string {
  if (tax === null) return 'has no GST code';
  const TaxType = codeOf(taxCodes, tax);
  if (TaxType === null) {
    return `has the GST code “${tax}”, for which the agreement names no tax code of Xero: add it to this connection’s tax_codes`;
  }
  const numbers = [quantity, unit_price, discount].map((text) => decimalOf(text));
  if (numbers.some((number) => number === null)) return 'lacks a quantity or a price';
  if (numbers.some((number) => number !== null && number.scale > mostDecimals)) {
    return `has more than ${mostDecimals} decimals in a number, which is more than Xero holds`;
  }
  const item = sku === null ? undefined : items.get(sku.toLowerCase());
  const AccountCode = held?.AccountCode || item?.account || account;
  if (!AccountCode) return 'has no account to be booked to: name one under new_invoices';
  return {
    ...(held?.LineItemID ? { LineItemID: held.LineItemID } : {}),
    ...(item ? { ItemCode: item.code } : {}),
    // Xero takes no line without words.
    Description: description || sku || '',
    Quantity: Number(quantity),
    UnitAmount: Number(unit_price),
    ...(discount === '0'
      ? held?.DiscountRate
        ? { DiscountRate: 0 }
        : {}
      : { DiscountRate: Number(discount) }),
    AccountCode,
    TaxType,
  };
}

/** The line of before that this one goes on from: of the same SKU and words, else of the same SKU, else of the same words. */
function takeHeld({ sku, description }: InvoiceLine, unused: XeroLine[]): XeroLine | null {
  const [code, words] = [sku?.toLowerCase() ?? '', description.toLowerCase()];
  const isSku = (line: XeroLine) => (line.ItemCode ?? '').toLowerCase() === code;
  const isSaid = (line: XeroLine) => (line.Description ?? '').trim().toLowerCase() === words;
  const tries = [
    (line: XeroLine) => isSku(line) && isSaid(line),
    ...(code ? [isSku] : []),
    ...(words ? [isSaid] : []),
  ];
  const found = tries.map((fits) => unused.findIndex(fits)).find((place) => place >= 0) ?? -1;
  return found < 0 ? null : (unused.splice(found, 1)[0] ?? null);
}
