import type { Field, FieldValue } from './field.ts';
import { linesWords } from './invoice-totals.ts';
import { decimalOf, printDecimal } from './money/decimal.ts';
import type { Prices } from './money/gst.ts';
import { taxTreatment } from './tax.ts';
import { spaced, textOf } from './text.ts';

/** One line as we keep it. Numbers are exact decimals as text ("12.5"), or as a vendor wrote them where that is no number; never blank. */
export interface InvoiceLine {
  readonly sku: string | null;
  readonly description: string;
  /** '' where the vendor has none. */
  readonly quantity: string;
  /** Of one, in the invoice's currency; with GST in it where prices are inclusive. '' where the vendor has none. */
  readonly unit_price: string;
  /** Percent of the line, '0' for none. */
  readonly discount: string;
  /** One of our treatments, or a code that the account's table does not know, as the vendor wrote it; null where there is none. */
  readonly tax: string | null;
}

/** All lines of one invoice: one value, decided as a whole. */
export interface InvoiceLines {
  /** ISO 4217. */
  readonly currency: string;
  readonly prices: Prices;
  readonly lines: readonly InvoiceLine[];
}

/** A line as a connector reads it: numbers as text or as JSON has them, exactly as they came. */
export interface LineAsRead {
  readonly sku: string | null;
  readonly description: string | null;
  readonly quantity: string | number | null;
  readonly unit_price: string | number | null;
  readonly discount?: string | number | null;
  readonly tax: string | null;
}

/** The value of the field `lines`: canonical JSON, so that the same lines are the same text. */
export function linesValue({
  currency,
  prices,
  lines,
}: {
  readonly currency: string;
  readonly prices: Prices;
  readonly lines: readonly LineAsRead[];
}): string {
  return JSON.stringify({ currency: spaced(currency).toUpperCase(), prices, lines: lines.map(asKept) });
}

function asKept({ sku, description, quantity, unit_price, discount, tax }: LineAsRead): InvoiceLine {
  return {
    sku: (sku && spaced(sku)) || null,
    description: spaced(description ?? ''),
    quantity: numberText(quantity),
    unit_price: numberText(unit_price),
    discount: numberText(discount ?? null) || '0',
    tax: (tax && spaced(tax)) || null,
  };
}

function numberText(value: string | number | null): string {
  if (value === null) return '';
  const decimal = decimalOf(value);
  return decimal ? printDecimal(decimal) : spaced(String(value));
}

/** The lines in a value of the field, normalised; null where it holds none to read. */
export function linesOf(value: FieldValue | null | undefined): InvoiceLines | null {
  if (typeof value !== 'string' || !value.startsWith('{')) return null;
  const read = parsed(value);
  if (!isLines(read)) return null;
  return { currency: read.currency, prices: read.prices, lines: read.lines.map(asKept) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isLines(read: unknown): read is InvoiceLines {
  if (typeof read !== 'object' || read === null) return false;
  const { currency, prices, lines } = read as Partial<Record<keyof InvoiceLines, unknown>>;
  const isPriced = prices === 'exclusive' || prices === 'inclusive';
  const hasCurrency = typeof currency === 'string' && /^[A-Z]{3}$/.test(currency);
  return hasCurrency && isPriced && Array.isArray(lines) && lines.every(isLine);
}

function isLine(line: unknown): line is LineAsRead {
  if (typeof line !== 'object' || line === null) return false;
  const { sku, description, quantity, unit_price, discount, tax } = line as Record<string, unknown>;
  const words = [sku, description, tax].every((word) => word === null || typeof word === 'string');
  const numbers = [quantity, unit_price, discount ?? null].every(
    (number) => number === null || typeof number === 'string' || typeof number === 'number',
  );
  return words && numbers;
}

/** Equal lines are the same in whichever order a system gives them, in any case of their SKU and GST code. */
function normal(value: FieldValue): string {
  const read = linesOf(value);
  if (!read) return spaced(textOf(value));
  const lines = read.lines.map((line) =>
    JSON.stringify({
      ...line,
      sku: line.sku?.toUpperCase() ?? null,
      tax: line.tax && taxTreatment.normal(line.tax),
    }),
  );
  return `{"currency":"${read.currency}","prices":"${read.prices}","lines":[${lines.sort().join(',')}]}`;
}

function problem(value: FieldValue): string | null {
  const read = linesOf(value);
  if (!read) return 'These are no lines of an invoice that can be read.';
  if (read.lines.length === 0) return 'An invoice needs a line at the least.';
  for (const [index, line] of read.lines.entries()) {
    const found = lineProblem(line);
    if (found) return `Line ${index + 1}${line.description ? ` (${line.description})` : ''} ${found}.`;
  }
  return null;
}

function lineProblem({ description, sku, quantity, unit_price, discount }: InvoiceLine): string | null {
  if (!description && !sku) return 'has neither a description nor a SKU';
  if (quantity === '') return 'has no quantity';
  if (unit_price === '') return 'has no price';
  const wrong = [quantity, unit_price, discount].find((number) => decimalOf(number) === null);
  if (wrong !== undefined) return `says “${wrong}” where a number is due`;
  if (quantity.startsWith('-')) return `has a quantity below zero: ${quantity}`;
  const percent = decimalOf(discount);
  const isPart = percent && percent.units >= 0n && percent.units <= 100n * 10n ** BigInt(percent.scale);
  return isPart ? null : `has a discount of ${discount} %`;
}

/** What an invoice is for. One value: half of one invoice's lines never mix with half of another's. */
export const invoiceLines: Field = {
  name: 'lines',
  label: 'Lines',
  class: 'open',
  normal,
  show: (value) => {
    const read = linesOf(value);
    return read ? linesWords(read) : textOf(value);
  },
  problem,
};
