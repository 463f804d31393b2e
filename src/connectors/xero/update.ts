import type { FieldValue } from '../../entities/field.ts';
import { asAddress } from '../observed.ts';
import { billingOf, mainPhoneOf, supports } from './map.ts';
import type { Contact } from './schema.ts';
import { toSales } from './terms.ts';

type Fields = Readonly<Record<string, FieldValue | null>>;
export type Element =
  | { readonly kind: 'element'; readonly element: Record<string, unknown> }
  | { readonly kind: 'impossible'; readonly reason: string };

/** Fields that live inside lists and groups of a contact: to change one of them, the others must be known. */
export const needsCurrent = (fields: Fields): boolean =>
  'phone' in fields || 'billing_address' in fields || 'payment_terms' in fields;

/**
 * The element of an update: the contact's id, what changes, nothing else. Lists go out whole, with what they held before, so
 * that no street address, fax number or supplier term is lost. Throws where a field is none of Xero's.
 */
export function toElement(contactId: string, fields: Fields, current: Contact | null): Element {
  const element: Record<string, unknown> = { ContactID: contactId };
  for (const [field, value] of Object.entries(fields)) {
    if (!supports(field)) throw new Error(`Xero has no field ${field}`);
    const text = value === null ? '' : String(value);
    if (field === 'legal_name') element.Name = text;
    else if (field === 'abn') element.TaxNumber = text;
    else if (field === 'email') element.EmailAddress = text;
    else if (field === 'phone') element.Phones = phonesWith(text, current);
    else if (field === 'billing_address') element.Addresses = addressesWith(value, current);
    else {
      const sales = toSales(value);
      if (!sales) return { kind: 'impossible', reason: termsReason(value) };
      const bills = current?.PaymentTerms?.Bills;
      element.PaymentTerms = { ...(bills ? { Bills: bills } : {}), Sales: sales };
    }
  }
  return { kind: 'element', element };
}

const termsReason = (value: FieldValue | null) =>
  value === null
    ? 'Xero’s API has no way to clear payment terms'
    : 'Xero needs payment terms as a number of days';

/** The whole number goes into the last part: splitting it again would be a guess. */
function phonesWith(number: string, current: Contact | null): unknown[] {
  const main = {
    PhoneType: 'DEFAULT',
    PhoneNumber: number,
    PhoneAreaCode: '',
    PhoneCountryCode: '',
  };
  return replaced(current?.Phones ?? [], current && mainPhoneOf(current), main);
}

function addressesWith(value: FieldValue | null, current: Contact | null): unknown[] {
  const { line1, line2, city, state, postcode, country } = asAddress(value);
  const before = current && billingOf(current);
  const billing = {
    ...before,
    AddressType: 'POBOX',
    AddressLine1: line1 ?? '',
    AddressLine2: line2 ?? '',
    AddressLine3: '',
    AddressLine4: '',
    City: city ?? '',
    Region: state ?? '',
    PostalCode: postcode ?? '',
    Country: country ?? '',
  };
  return replaced(current?.Addresses ?? [], before, billing);
}

const replaced = (list: readonly unknown[], before: unknown, after: unknown): unknown[] =>
  before ? list.map((item) => (item === before ? after : item)) : [...list, after];
