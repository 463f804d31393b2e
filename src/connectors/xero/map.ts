import type { FieldValue, Observed } from '../../entities/field.ts';
import type { Drift, Observation, Projection } from '../connector.ts';
import { type DriftFinder, driftFinder } from '../drift.ts';
import { asAddress, cutTo, notRead, observedAddress, observedText } from '../observed.ts';
import { addressKeys, contactKeys, phoneKeys } from './documented.ts';
import { type Contact, msDate, type XeroAddress, type XeroPhone } from './schema.ts';
import { observedSales } from './terms.ts';

const supported = ['legal_name', 'abn', 'email', 'phone', 'billing_address', 'payment_terms'] as const;
type SupportedField = (typeof supported)[number];

export const supports = (field: string): field is SupportedField =>
  (supported as readonly string[]).includes(field);

export const billingOf = (contact: Contact): XeroAddress | null =>
  contact.Addresses?.find(({ AddressType }) => AddressType === 'POBOX') ?? null;

export const mainPhoneOf = (contact: Contact): XeroPhone | null =>
  contact.Phones?.find(({ PhoneType }) => PhoneType === 'DEFAULT') ?? null;

export function toObservation(contact: Contact, drift: readonly Drift[]): Observation {
  const lost = new Set(drift.map(({ field }) => field));
  const keep = (field: string, observed: Observed) => (lost.has(field) ? notRead : observed);
  const modified = msDate.exec(contact.UpdatedDateUTC ?? '')?.[1];
  return {
    externalId: contact.ContactID,
    role: 'contact',
    url: `https://go.xero.com/app/contacts/contact/${contact.ContactID}`,
    vendorAt: modified === undefined ? null : new Date(Number(modified)).toISOString(),
    archived: (contact.ContactStatus ?? 'ACTIVE') !== 'ACTIVE',
    marker: null,
    also: [],
    fields: {
      legal_name: keep('legal_name', observedText(contact.Name)),
      trading_name: { state: 'unsupported' },
      abn: keep('abn', observedText(contact.TaxNumber)),
      email: keep('email', observedText(contact.EmailAddress)),
      phone: keep('phone', observedText(wholeNumber(mainPhoneOf(contact)))),
      billing_address: keep('billing_address', observedBilling(billingOf(contact))),
      payment_terms: keep('payment_terms', observedSales(contact.PaymentTerms?.Sales)),
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

function observedBilling(address: XeroAddress | null): Observed {
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

/** Xero's own lengths. What is cut is a declared loss. */
export function project(field: string, value: FieldValue | null): Projection {
  if (!supports(field)) return { value: null, lossy: value !== null };
  const held = value === null ? null : holdable(field, value);
  return { value: held, lossy: JSON.stringify(held) !== JSON.stringify(value) };
}

const lengths = { legal_name: 255, abn: 50, email: 255, phone: 50 } as const;

function holdable(field: SupportedField, value: FieldValue): FieldValue {
  if (field === 'payment_terms') return value;
  if (field !== 'billing_address') return cutTo(String(value), lengths[field]);
  if (typeof value !== 'object') return value;
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

/** Looks for renamed keys in the contacts of one answer: of the contact itself, its billing address and its main phone. */
export function contactDrift(contacts: readonly Contact[]): (contact: Contact) => readonly Drift[] {
  const ofContact = driftFinder(contacts, {
    mapped: {
      legal_name: ['Name'],
      abn: ['TaxNumber'],
      email: ['EmailAddress'],
      phone: ['Phones'],
      billing_address: ['Addresses'],
      payment_terms: ['PaymentTerms'],
    },
    documented: contactKeys,
  });
  const ofAddress = driftFinder(
    contacts.map(billingOf).filter((address) => address !== null),
    {
      mapped: { billing_address: ['AddressLine1', 'City', 'Region', 'PostalCode', 'Country'] },
      documented: addressKeys,
      place: 'Addresses.',
    },
  );
  const ofPhone = driftFinder(
    contacts.map(mainPhoneOf).filter((phone) => phone !== null),
    {
      mapped: { phone: ['PhoneNumber'] },
      documented: phoneKeys,
      place: 'Phones.',
    },
  );
  const part = (find: DriftFinder, held: Readonly<Record<string, unknown>> | null) =>
    held ? find(held) : [];
  return (contact) => [
    ...ofContact(contact),
    ...part(ofAddress, billingOf(contact)),
    ...part(ofPhone, mainPhoneOf(contact)),
  ];
}
