import type { TaxCodes } from '../../../agreement/agreement.ts';
import type { FieldValue, Observed } from '../../../entities/field.ts';
import type { Drift, Observation, Projection } from '../../connector.ts';
import {
  type Address,
  asAddress,
  blank,
  cutTo,
  notRead,
  observedAddress,
  observedTerms,
  observedText,
} from '../../observed.ts';
import { markerIn } from '../marker.ts';
import { isDeprecated, toTreatment, utc } from '../values.ts';
import type { Cin7Address, Cin7Contact, Customer } from './schema.ts';

const supported = [
  'legal_name',
  'abn',
  'email',
  'phone',
  'mobile',
  'billing_address',
  'delivery_address',
  'payment_terms',
  'tax_treatment',
  'status',
] as const;
type SupportedField = (typeof supported)[number];

export const supports = (field: string): field is SupportedField =>
  (supported as readonly string[]).includes(field);

const unsupported = {
  trading_name: { state: 'unsupported' },
  acn: { state: 'unsupported' },
  gst_registered: { state: 'unsupported' },
} as const;

/** The type under which each of our addresses is kept. Other types are never touched. */
export const addressTypes = { billing_address: 'Billing', delivery_address: 'Shipping' } as const;
export type AddressType = (typeof addressTypes)[keyof typeof addressTypes];

/** The address of a type: the default one where there are several. */
export function addressOf({ Addresses }: Customer, type: AddressType): Cin7Address | null {
  const found = (Addresses ?? []).filter(({ Type }) => Type?.toLowerCase() === type.toLowerCase());
  return found.find(({ DefaultForType }) => DefaultForType) ?? found[0] ?? null;
}

/** Whom the account's mail goes to: the default contact, else the first. */
export const mainContactOf = ({ Contacts }: Customer): Cin7Contact | null =>
  Contacts?.find(({ Default }) => Default) ?? Contacts?.[0] ?? null;

/** Our record's id in a customer's comments. */
export const markerOf = ({ Comments }: Customer): string | null => markerIn(Comments);

/** A customer as the entity has it. `codes` are the account's names of tax rules, by our treatment. */
export function toObservation(customer: Customer, drift: readonly Drift[], codes: TaxCodes): Observation {
  const lost = new Set(drift.map(({ field }) => field));
  const contact = mainContactOf(customer);
  const read: Readonly<Record<SupportedField, Observed>> = {
    legal_name: observedText(customer.Name),
    abn: observedText(customer.TaxNumber),
    email: observedText(contact?.Email),
    phone: observedText(contact?.Phone),
    mobile: observedText(contact?.MobilePhone),
    billing_address: toAddress(addressOf(customer, 'Billing')),
    delivery_address: toAddress(addressOf(customer, 'Shipping')),
    payment_terms: observedTerms(customer.PaymentTerm),
    tax_treatment: toTreatment(customer.TaxRule, codes),
    status: toStatus(customer.Status),
  };
  const fields = Object.fromEntries(
    Object.entries(read).map(([field, observed]) => [field, lost.has(field) ? notRead : observed]),
  );
  return {
    externalId: customer.ID,
    role: 'customer',
    url: `https://inventory.dearsystems.com/Customer#${customer.ID}`,
    vendorAt: utc(customer.LastModifiedOn),
    archived: isDeprecated(customer.Status),
    marker: markerOf(customer),
    also: [],
    fields: { ...fields, ...unsupported },
    editors: {},
    drift,
  };
}

const toAddress = (address: Cin7Address | null): Observed =>
  observedAddress({
    line1: address?.Line1,
    line2: address?.Line2,
    city: address?.City,
    state: address?.State,
    postcode: address?.Postcode,
    country: address?.Country,
  });

function toStatus(status: string | null | undefined): Observed {
  if (!status?.trim()) return blank;
  return { state: 'value', value: isDeprecated(status) ? 'archived' : status.toLowerCase() };
}

/** Cin7 Core's own lengths, and its need of a country. What is cut or added is a declared loss. */
export function project(field: string, value: FieldValue | null): Projection {
  if (!supports(field)) return { value: null, lossy: value !== null };
  const held = value === null ? null : holdable(field, value);
  return { value: held, lossy: JSON.stringify(held) !== JSON.stringify(value) };
}

function holdable(field: SupportedField, value: FieldValue): FieldValue {
  if (field === 'legal_name') return cutTo(String(value), 256);
  if (field === 'phone' || field === 'mobile') return cutTo(String(value), 50);
  const isAddress = field === 'billing_address' || field === 'delivery_address';
  return isAddress && typeof value === 'object' ? holdableAddress(asAddress(value)) : value;
}

function holdableAddress(address: Address): FieldValue {
  const { line1, line2, city, state, postcode, country } = address;
  const most = (text: string | null, length: number) => (text === null ? null : cutTo(text, length));
  return {
    line1: most(line1, 256),
    line2: most(line2, 256),
    city,
    state,
    postcode: most(postcode, 20),
    country: country ?? 'Australia',
  };
}
