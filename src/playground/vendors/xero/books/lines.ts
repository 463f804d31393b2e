import { randomUUID } from 'node:crypto';
import { isObject } from '../../exchange.ts';
import { isTaxOf } from '../tax-rates.ts';
import type { Json } from '../write.ts';
import { accountBy, isForLines } from './accounts.ts';
import { atDecimals, cents, dollars, lineCents } from './figures.ts';
import { itemByCode } from './items.ts';
import type { Books, Line } from './state.ts';

interface LineRules {
  readonly decimals: number;
  /** What is sold, or what is bought. */
  readonly side: 'sales' | 'purchases';
  /** False for a draft, which may lack what an approved document needs. */
  readonly isComplete: boolean;
}

/** Lines as they are sent take the place of those before; one that names an earlier one goes on from it. */
export function readLines(
  sent: readonly unknown[],
  before: readonly Line[],
  rules: LineRules & { readonly books: Books },
): { readonly lines: readonly Line[]; readonly messages: readonly string[] } {
  const messages: string[] = [];
  const lines = sent.filter(isObject).map((element) => {
    const held = before.find(({ LineItemID }) => LineItemID === String(element.LineItemID).toLowerCase());
    const line = readLine(element, held ?? null, rules);
    messages.push(...given(element, line), ...lineProblems(line, rules));
    return line;
  });
  return { lines, messages };
}

/** What an element leaves out comes from the line that it names, else from its item, else from the account. */
function readLine(
  element: Json,
  held: Line | null,
  { decimals, side, books }: LineRules & { readonly books: Books },
): Line {
  const code = String(element.ItemCode ?? held?.ItemCode ?? '');
  const item = code === '' ? undefined : itemByCode(code, books);
  const details = side === 'sales' ? item?.SalesDetails : item?.PurchaseDetails;
  const AccountCode = String(element.AccountCode ?? held?.AccountCode ?? details?.AccountCode ?? '');
  const account = accountBy(AccountCode);
  const price = element.UnitAmount ?? held?.UnitAmount ?? details?.UnitPrice ?? '';
  const count = element.Quantity ?? held?.Quantity ?? (price === '' ? '' : 1);
  return {
    LineItemID: held?.LineItemID ?? randomUUID(),
    Description: String(element.Description ?? held?.Description ?? item?.Description ?? ''),
    Quantity: count === '' ? '' : (atDecimals(count, 4) ?? ''),
    UnitAmount: price === '' ? '' : (atDecimals(price, decimals) ?? ''),
    ItemCode: item?.Code ?? code,
    AccountCode,
    TaxType: String(element.TaxType ?? held?.TaxType ?? details?.TaxType ?? account?.tax ?? ''),
    DiscountRate: decimalText(element.DiscountRate ?? held?.DiscountRate, 4),
    DiscountAmount: decimalText(element.DiscountAmount ?? held?.DiscountAmount, 2),
    givenTax: element.TaxAmount === undefined ? null : Number(cents(String(element.TaxAmount))),
  };
}

const decimalText = (value: unknown, decimals: number): string =>
  value === undefined || value === null || value === '' ? '' : (atDecimals(value, decimals) ?? '');

/** A total that is sent has to be the one that Xero comes to. */
function given({ LineAmount }: Json, line: Line): string[] {
  if (LineAmount === undefined || LineAmount === null) return [];
  const [said, own] = [cents(String(LineAmount)), lineCents(line)];
  if (said === own) return [];
  return [
    `The line total ${dollars(Number(said)).toFixed(2)} does not match the expected line total ${dollars(Number(own)).toFixed(2)}`,
  ];
}

function lineProblems(
  { Description, ItemCode, AccountCode, TaxType, UnitAmount, Quantity }: Line,
  { side, isComplete, books }: LineRules & { readonly books: Books },
): string[] {
  const messages: string[] = [];
  const hasAmount = UnitAmount !== '' || Quantity !== '';
  if (Description.length > 4000) messages.push('The Description field must be 4000 characters or fewer.');
  if (isComplete && Description === '') messages.push('Description is required');
  if (ItemCode !== '' && !itemByCode(ItemCode, books)) {
    messages.push(`Item code '${ItemCode}' is not valid`);
  }
  if (isComplete && hasAmount && AccountCode === '') messages.push('Account code must be specified.');
  const isKnown = AccountCode === '' || isForLines(accountBy(AccountCode));
  if (!isKnown) messages.push(`Account code '${AccountCode}' is not a valid code for this document.`);
  if (TaxType !== '' && TaxType !== 'NONE' && isKnown && !isTaxOf(TaxType, side)) {
    messages.push(`The TaxType code '${TaxType}' cannot be used with account code '${AccountCode}'.`);
  }
  return messages;
}
