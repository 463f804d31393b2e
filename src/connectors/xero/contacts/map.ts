import type { TaxCodes } from '../../../agreement/agreement.ts';
import type { FieldValue, Observed } from '../../../entities/field.ts';
import { treatmentOf } from '../../../entities/tax.ts';
import type { Drift, Observation, Projection } from '../../connector.ts';
import { asAddress, blank, cutTo, notRead, observedAddress, observedText } from '../../observed.ts';
import { timeOf } from '../schema.ts';
import { markerOf } from './marker.ts';
import type { Contact, XeroAddress, XeroPhone } from './schema.ts';
import { observedSales } from './terms.ts';

const supported = [
  'legal_name',
  'abn',
  'acn',
  'email',
  'phone',
  'mobile',
  'billing_address',
  'delivery_address',
  'payment_terms',
  'tax_treatment',
  'status',
] as const;
export type SupportedField = (typeof supported)[number];

export const supports = (field: string): field is SupportedField =>
  (supported as readonly string[]).includes(field);

/** Which of Xero's addresses and phones is which of our fields. */
export const addressTypes = { billing_address: 'POBOX', delivery_address: 'STREET' } as const;
export const phoneTypes = { phone: 'DEFAULT', mobile: 'MOBILE' } as const;

export const addressOf = (contact: Contact, field: keyof typeof addressTypes): XeroAddress | null =>
  contact.Addresses?.find(({ AddressType }) => AddressType === addressTypes[field]) ?? null;

export const phoneOf = (contact: Contact, field: keyof typeof phoneTypes): XeroPhone | null =>
  contact.Phones?.find(({ PhoneType }) => PhoneType === phoneTypes[field]) ?? null;

export function toObservation(contact: Contact, drift: readonly Drift[], taxCodes: TaxCodes): Observation {
  const lost = new Set(drift.map(({ field }) => field));
  const keep = (field: SupportedField, observed: Observed) => (lost.has(field) ? notRead : observed);
  const number = (field: keyof typeof phoneTypes) => observedText(wholeNumber(phoneOf(contact, field)));
  const place = (field: keyof typeof addressTypes) => observedPlace(addressOf(contact, field));
  return {
    externalId: contact.ContactID,
    role: 'contact',
    url: `https://go.xero.com/app/contacts/contact/${contact.ContactID}`,
    vendorAt: timeOf(contact.UpdatedDateUTC),
    archived: (contact.ContactStatus ?? 'ACTIVE') !== 'ACTIVE',
    marker: markerOf(contact.ContactNumber),
    also: [],
    fields: {
      legal_name: keep('legal_name', observedText(contact.Name)),
      trading_name: { state: 'unsupported' },
      abn: keep('abn', observedText(contact.TaxNumber)),
      acn: keep('acn', observedText(contact.CompanyNumber)),
      email: keep('email', observedText(contact.EmailAddress)),
      phone: keep('phone', number('phone')),
      mobile: keep('mobile', number('mobile')),
      billing_address: keep('billing_address', place('billing_address')),
      delivery_address: keep('delivery_address', place('delivery_address')),
      payment_terms: keep('payment_terms', observedSales(contact.PaymentTerms?.Sales)),
      tax_treatment: keep('tax_treatment', observedTax(contact.AccountsReceivableTaxType, taxCodes)),
      gst_registered: { state: 'unsupported' },
      status: keep('status', observedStatus(contact.ContactStatus)),
    },
    editors: {},
    drift,
  };
}

/** Xero keeps a number in three parts, or whole in the last: "+61 2 9876 5432". */
function wholeNumber(phone: XeroPhone | null): string {
  const number = phone?.PhoneNumber?.trim() ?? '';
  if (number === '') return '';
  const country = phone?.PhoneCountryCode?.replace(/^\+|^00/, '').trim() ?? '';
  const area = phone?.PhoneAreaCode?.trim() ?? '';
  return [country && `+${country}`, country ? area.replace(/^0/, '') : area, number]
    .filter(Boolean)
    .join(' ');
}

function observedPlace(address: XeroAddress | null): Observed {
  const more = [address?.AddressLine2, address?.AddressLine3, address?.AddressLine4];
  return observedAddress({
    line1: address?.AddressLine1,
    line2: more.filter((line) => line?.trim()).join(', '),
    city: address?.City,
    state: address?.Region,
    postcode: address?.PostalCode,
    country: address?.Country,
  });
}

/** A code that the agreement's table does not know stays as Xero has it, so that people see it. */
const observedTax = (code: string | null | undefined, taxCodes: TaxCodes): Observed =>
  code?.trim() ? { state: 'value', value: treatmentOf(taxCodes, code.trim()) } : blank;

/** `GDPRREQUEST` (erased on request) cannot be undone: such a contact is out of use, and its status is nobody's to change. */
function observedStatus(status: string | null | undefined): Observed {
  const known = { ACTIVE: 'active', ARCHIVED: 'archived' } as const;
  const name = status ?? 'ACTIVE';
  return name in known ? { state: 'value', value: known[name as keyof typeof known] } : notRead;
}

/** Xero's own lengths. What is cut is a declared loss. */
export function project(field: string, value: FieldValue | null): Projection {
  if (!supports(field)) return { value: null, lossy: value !== null };
  const held = value === null ? null : holdable(field, value);
  return { value: held, lossy: JSON.stringify(held) !== JSON.stringify(value) };
}

const lengths = { legal_name: 255, abn: 50, acn: 50, email: 255, phone: 50, mobile: 50 } as const;

function holdable(field: SupportedField, value: FieldValue): FieldValue {
  if (field in lengths) return cutTo(String(value), lengths[field as keyof typeof lengths]);
  if (!(field in addressTypes) || typeof value !== 'object') return value;
  const { line1, line2, city, state, postcode, country } = asAddress(value);
  const most = (text: string | null, length: number) => (text === null ? null : cutTo(text, length));
  return {
    line1: most(line1, 500),
    line2: most(line2, 500),
    city: most(city, 255),
    state: most(state, 255),
    postcode: most(postcode, 50),
    country: most(country, 50),
  };
}
