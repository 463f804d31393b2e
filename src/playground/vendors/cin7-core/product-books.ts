import { practiceLocations } from '../../data/told-product.ts';
import { taxRules } from './books.ts';

/** The account's reference books, as far as products need them. Source of the keys: the vendor's API description. */

export const units = ['Item', 'Pack', 'Box', 'Bag', 'Carton', 'm', 'm3', 'kg'].map((Name, at) => ({
  ID: bookId(72, at + 1),
  Name,
}));

export const categories = ['Building supplies', 'Garden', 'Café', 'Services', 'Other'].map((Name, at) => ({
  ID: bookId(73, at + 1),
  Name,
}));

/** Where goods are kept; the last was given up. `Deprecated` as the documents have it, `IsDeprecated` as the examples do. */
export const locations = [...practiceLocations, 'Old shed'].map((Name, at) => ({
  ID: bookId(74, at + 1),
  Name,
  IsDefault: at === 0,
  Deprecated: Name === 'Old shed',
  IsDeprecated: Name === 'Old shed',
  Bins: [],
  FixedAssetsLocation: false,
  ParentID: null,
  ReferenceCount: 0,
  AddressLine1: null,
  AddressLine2: null,
  AddressCitySuburb: null,
  AddressStateProvince: null,
  AddressZipPostCode: null,
  AddressCountry: 'Australia',
  PickZones: null,
  IsShopfloor: false,
  IsCoMan: false,
  IsStaging: false,
}));

function bookId(book: number, number: number): string {
  return `${book}000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

interface Book {
  readonly names: readonly string[];
  /** What is said of one that is not there. */
  refusal(name: string): string;
}

const namesOf = (book: readonly { readonly Name: string }[]) => book.map(({ Name }) => Name);
const rules = (use: 'IsTaxForSale' | 'IsTaxForPurchase') =>
  namesOf(taxRules.filter((rule) => rule.IsActive && rule[use]));
const inBook =
  (called: string) =>
  (name: string): string =>
    `${called} '${name}' was not found in reference book`;
const account = (...names: readonly string[]): Book => ({
  names,
  refusal: () => 'Account with specified ID not found',
});

/** What a product names out of a book. Accounts are codes, of the class that each wants. */
export const namedByProducts: Readonly<Record<string, Book>> = {
  Category: { names: namesOf(categories), refusal: () => 'Category not found.' },
  UOM: { names: namesOf(units), refusal: inBook('Unit of measure') },
  Brand: { names: [], refusal: inBook('Brand') },
  DefaultLocation: {
    names: namesOf(locations.filter(({ Deprecated }) => !Deprecated)),
    refusal: inBook('Location'),
  },
  SaleTaxRule: { names: rules('IsTaxForSale'), refusal: inBook('Tax rule') },
  PurchaseTaxRule: { names: rules('IsTaxForPurchase'), refusal: inBook('Tax rule') },
  RevenueAccount: account('200', '260'),
  COGSAccount: account('310'),
  ExpenseAccount: account('310'),
  InventoryAccount: account('630'),
};
