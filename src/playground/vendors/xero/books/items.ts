import { randomUUID } from 'node:crypto';
import { isObject } from '../../exchange.ts';
import { isTaxType } from '../tax-rates.ts';
import { msDate } from '../wire.ts';
import type { Json } from '../write.ts';
import { accountBy, isForLines } from './accounts.ts';
import { asNumber, atDecimals } from './figures.ts';
import type { Books, Item, ItemDetails } from './state.ts';

export type Planned<T> =
  | { readonly ok: true; readonly record: T }
  | { readonly ok: false; readonly id: string | null; readonly messages: readonly string[] };

/** For a screen, which says what the API would say. */
export function right<T>(planned: Planned<T>): T {
  if (planned.ok) return planned.record;
  throw new Error(planned.messages.join('; '));
}

/** How a write counts: PUT makes only; prices have two decimals unless `unitdp=4` asks for four. */
export interface How {
  readonly createOnly: boolean;
  readonly decimals: number;
}

/** Longest texts. Source: Xero's OpenAPI description 16.1.0. */
const lengths = { Code: 30, Name: 50, Description: 4000, PurchaseDescription: 4000 } as const;
type TextKey = keyof typeof lengths;

export const itemByCode = (code: unknown, books: Books): Item | undefined =>
  books.items.all().find((item) => item.Code.toLowerCase() === String(code).trim().toLowerCase());

/** What an element would make: of the item that it names by id, else by its code, else of a new one. What it leaves out stays. */
export function planItem(element: Json, books: Books, { createOnly, decimals }: How): Planned<Item> {
  const id = element.ItemID === undefined ? null : String(element.ItemID).toLowerCase();
  const before = createOnly ? undefined : id ? books.items.get(id) : itemByCode(element.Code, books);
  if (id && !createOnly && !before) {
    return { ok: false, id, messages: [`The item with the ItemID ${id} could not be found`] };
  }
  const target = before ?? blank(books);
  const messages: string[] = [];
  const text = (key: TextKey): string => {
    const value = element[key] === undefined ? target[key] : String(element[key] ?? '');
    if (value.length > lengths[key]) {
      messages.push(`The ${key} field must be ${lengths[key]} characters or fewer.`);
    }
    return key === 'Code' ? value.trim() : value;
  };
  const details = (key: 'SalesDetails' | 'PurchaseDetails') =>
    readDetails(element[key], target[key], decimals, messages);
  const flag = (key: 'IsSold' | 'IsPurchased') =>
    typeof element[key] === 'boolean' ? element[key] : (before?.[key] ?? true);
  const record: Item = {
    ...target,
    Code: text('Code'),
    Name: text('Name'),
    Description: text('Description'),
    PurchaseDescription: text('PurchaseDescription'),
    IsSold: flag('IsSold'),
    IsPurchased: flag('IsPurchased'),
    SalesDetails: details('SalesDetails'),
    PurchaseDetails: details('PurchaseDetails'),
  };
  messages.push(...itemProblems(record, books));
  return messages.length > 0 ? { ok: false, id: before?.ItemID ?? null, messages } : { ok: true, record };
}

const blank = (books: Books): Item => ({
  ItemID: randomUUID(),
  Code: '',
  Name: '',
  Description: '',
  PurchaseDescription: '',
  IsSold: true,
  IsPurchased: true,
  SalesDetails: {},
  PurchaseDetails: {},
  updatedAt: books.now().toISOString(),
});

function itemProblems({ ItemID, Code }: Item, books: Books): string[] {
  if (Code === '') return ['Price List Item Code must be specified.'];
  const other = itemByCode(Code, books);
  if (!other || other.ItemID === ItemID) return [];
  return [`Price List Item with Code '${Code}' already exists`];
}

function readDetails(sent: unknown, before: ItemDetails, decimals: number, messages: string[]): ItemDetails {
  if (!isObject(sent)) return before;
  const { UnitPrice, AccountCode, TaxType } = sent;
  const price = UnitPrice === undefined || UnitPrice === null ? null : atDecimals(UnitPrice, decimals);
  if (UnitPrice !== undefined && UnitPrice !== null && price === null) {
    messages.push('Unit Price must be a number');
  }
  if (AccountCode && !isForLines(accountBy(AccountCode))) {
    messages.push(`Account code '${String(AccountCode)}' is not a valid code for this document.`);
  }
  if (TaxType && !isTaxType(String(TaxType))) {
    messages.push(`The TaxType code '${String(TaxType)}' does not exist or cannot be used.`);
  }
  return {
    ...before,
    ...(price === null ? {} : { UnitPrice: price }),
    ...(AccountCode ? { AccountCode: String(AccountCode) } : {}),
    ...(TaxType ? { TaxType: String(TaxType) } : {}),
  };
}

/** An item as Xero sends it: what is not set is left out. */
export function itemBody(item: Item, decimals: number): Json {
  const { ItemID, Code, Name, Description, PurchaseDescription, IsSold, IsPurchased, updatedAt } = item;
  return {
    ItemID,
    Code,
    ...(Name === '' ? {} : { Name }),
    ...(Description === '' ? {} : { Description }),
    ...(PurchaseDescription === '' ? {} : { PurchaseDescription }),
    UpdatedDateUTC: msDate(new Date(updatedAt)),
    PurchaseDetails: detailsBody(item.PurchaseDetails, decimals),
    SalesDetails: detailsBody(item.SalesDetails, decimals),
    IsTrackedAsInventory: false,
    IsSold,
    IsPurchased,
  };
}

const detailsBody = ({ UnitPrice, ...others }: ItemDetails, decimals: number) => ({
  ...(UnitPrice === undefined ? {} : { UnitPrice: asNumber(UnitPrice, decimals) }),
  ...others,
});
