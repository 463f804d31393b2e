import type { TaxCodes } from '../../../agreement/agreement.ts';
import type { FieldValue } from '../../../entities/field.ts';
import { codeOf } from '../../../entities/tax.ts';
import { asAddress } from '../../observed.ts';
import type { Element } from '../elements.ts';
import { addressTypes, phoneTypes, type SupportedField, supports } from './map.ts';
import type { Contact, XeroAddress } from './schema.ts';
import { toSales } from './terms.ts';

type Fields = Readonly<Record<string, FieldValue | null>>;
type Part = Readonly<Record<string, unknown>>;
/** Fields that live inside lists and groups of a contact: to change one of them, the others must be known. */
export const needsCurrent = (fields: Fields): boolean =>
  Object.keys(fields).some(
    (field) => field in addressTypes || field in phoneTypes || field === 'payment_terms',
  );

/**
 * What changes of a contact, or what a new one is made of, and nothing else; without what names it. Lists go out whole, with what
 * they held before, so that no street address, fax number or supplier term is lost. Throws where a field is none of Xero's.
 */
export function toElement(fields: Fields, current: Contact | null, taxCodes: TaxCodes): Element {
  const element: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(fields)) {
    if (!supports(field)) throw new Error(`Xero has no field ${field}`);
    const part = partOf(field, value, { element, current, taxCodes });
    if (typeof part === 'string') return { kind: 'impossible', reason: part };
    Object.assign(element, part);
  }
  return { kind: 'element', element };
}

interface Known {
  /** As it is so far: two fields may live in one list. */
  readonly element: Part;
  readonly current: Contact | null;
  readonly taxCodes: TaxCodes;
}

const textKeys = {
  legal_name: 'Name',
  abn: 'TaxNumber',
  acn: 'CompanyNumber',
  email: 'EmailAddress',
} as const;

/** The keys that a field is written to, or why it cannot be. */
function partOf(field: SupportedField, value: FieldValue | null, known: Known): Part | string {
  const { element, current } = known;
  switch (field) {
    case 'phone':
    case 'mobile': {
      const before = (element.Phones as Part[] | undefined) ?? current?.Phones ?? [];
      return { Phones: placed(before, 'PhoneType', phoneTypes[field], () => phoneFrom(value)) };
    }
    case 'billing_address':
    case 'delivery_address': {
      const before = (element.Addresses as Part[] | undefined) ?? current?.Addresses ?? [];
      return {
        Addresses: placed(before, 'AddressType', addressTypes[field], (held) => addressFrom(value, held)),
      };
    }
    case 'payment_terms':
      return termsFrom(value, current);
    case 'tax_treatment':
      return taxFrom(value, known.taxCodes);
    case 'status':
      return statusFrom(value);
    default:
      return { [textKeys[field]]: value === null ? '' : String(value) };
  }
}

/** The list with the one of this type made anew from what it was, at its place or at the end. */
function placed(
  list: readonly Part[],
  typeKey: string,
  type: string,
  make: (held: Part) => Part,
): readonly Part[] {
  const place = list.findIndex((item) => item[typeKey] === type);
  const made = { ...make(list[place] ?? {}), [typeKey]: type };
  return place < 0 ? [...list, made] : list.with(place, made);
}

/** The whole number goes into the last part: splitting it again would be a guess. */
const phoneFrom = (value: FieldValue | null): Part => ({
  PhoneNumber: value === null ? '' : String(value),
  PhoneAreaCode: '',
  PhoneCountryCode: '',
});

/** Whom the address is for stays. */
function addressFrom(value: FieldValue | null, held: XeroAddress | Part): Part {
  const { line1, line2, city, state, postcode, country } = asAddress(value);
  return {
    ...held,
    AddressLine1: line1 ?? '',
    AddressLine2: line2 ?? '',
    AddressLine3: '',
    AddressLine4: '',
    City: city ?? '',
    Region: state ?? '',
    PostalCode: postcode ?? '',
    Country: country ?? '',
  };
}

function termsFrom(value: FieldValue | null, current: Contact | null): Part | string {
  const sales = toSales(value);
  const bills = current?.PaymentTerms?.Bills;
  if (sales) return { PaymentTerms: { ...(bills ? { Bills: bills } : {}), Sales: sales } };
  return value === null
    ? 'Xero’s API has no way to clear payment terms'
    : 'Xero needs payment terms as a number of days';
}

function taxFrom(value: FieldValue | null, taxCodes: TaxCodes): Part | string {
  if (value === null) return 'Xero’s API has no way to clear the tax treatment';
  const code = codeOf(taxCodes, String(value));
  return code === null
    ? `the agreement names no tax code of Xero for “${String(value)}”: add it to this connection’s tax_codes`
    : { AccountsReceivableTaxType: code };
}

function statusFrom(value: FieldValue | null): Part | string {
  if (value === 'active') return { ContactStatus: 'ACTIVE' };
  if (value === 'archived') return { ContactStatus: 'ARCHIVED' };
  return 'Xero’s contacts are active or archived, nothing else';
}
