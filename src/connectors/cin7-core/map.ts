import type { FieldValue, Observed } from '../../entities/field.ts';
import type { Drift, Observation, Projection } from '../connector.ts';
import { type DriftFinder, driftFinder } from '../drift.ts';
import {
  type Address,
  asAddress,
  cutTo,
  notRead,
  observedAddress,
  observedTerms,
  observedText,
} from '../observed.ts';
import { addressKeys, contactKeys, customerKeys } from './documented.ts';
import type { Cin7Address, Cin7Contact, Customer } from './schema.ts';

const supported = ['legal_name', 'abn', 'email', 'phone', 'billing_address', 'payment_terms'] as const;
type SupportedField = (typeof supported)[number];

export const supports = (field: string): field is SupportedField =>
  (supported as readonly string[]).includes(field);

/** The billing address: the default one where there are several. Other types are never touched. */
export function billingOf({ Addresses }: Customer): Cin7Address | null {
  const billing = (Addresses ?? []).filter(({ Type }) => Type?.toLowerCase() === 'billing');
  return billing.find(({ DefaultForType }) => DefaultForType) ?? billing[0] ?? null;
}

/** Whom the account's mail goes to: the default contact, else the first. */
export const mainContactOf = ({ Contacts }: Customer): Cin7Contact | null =>
  Contacts?.find(({ Default }) => Default) ?? Contacts?.[0] ?? null;

export function toObservation(customer: Customer, drift: readonly Drift[]): Observation {
  const lost = new Set(drift.map(({ field }) => field));
  const keep = (field: string, observed: Observed) => (lost.has(field) ? notRead : observed);
  const contact = mainContactOf(customer);
  const billing = billingOf(customer);
  return {
    externalId: customer.ID,
    role: 'customer',
    url: `https://inventory.dearsystems.com/Customer#${customer.ID}`,
    vendorAt: utc(customer.LastModifiedOn),
    archived: customer.Status?.toLowerCase() === 'deprecated',
    marker: null,
    also: [],
    fields: {
      legal_name: keep('legal_name', observedText(customer.Name)),
      trading_name: { state: 'unsupported' },
      abn: keep('abn', observedText(customer.TaxNumber)),
      email: keep('email', observedText(contact?.Email)),
      phone: keep('phone', observedText(contact?.Phone)),
      billing_address: keep(
        'billing_address',
        observedAddress({
          line1: billing?.Line1,
          line2: billing?.Line2,
          city: billing?.City,
          state: billing?.State,
          postcode: billing?.Postcode,
          country: billing?.Country,
        }),
      ),
      payment_terms: keep('payment_terms', observedTerms(customer.PaymentTerm)),
    },
    editors: {},
    drift,
  };
}

/** Cin7 Core's times are UTC, with or without a Z. */
function utc(at: string | null | undefined): string | null {
  if (!at) return null;
  return new Date(/(?:Z|[+-]\d\d:?\d\d)$/.test(at) ? at : `${at}Z`).toISOString();
}

/** Cin7 Core's own lengths, and its need of a country. What is cut or added is a declared loss. */
export function project(field: string, value: FieldValue | null): Projection {
  if (!supports(field)) return { value: null, lossy: value !== null };
  const held = value === null ? null : holdable(field, value);
  return { value: held, lossy: JSON.stringify(held) !== JSON.stringify(value) };
}

function holdable(field: SupportedField, value: FieldValue): FieldValue {
  if (field === 'legal_name') return cutTo(String(value), 256);
  if (field === 'phone') return cutTo(String(value), 50);
  if (field === 'billing_address' && typeof value === 'object') return holdableAddress(asAddress(value));
  return value;
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

/** Looks for renamed keys in the customers of one answer: of the customer itself, its billing address and its main contact. */
export function customerDrift(customers: readonly Customer[]): (customer: Customer) => readonly Drift[] {
  const ofCustomer = driftFinder(customers, {
    mapped: {
      legal_name: ['Name'],
      abn: ['TaxNumber'],
      email: ['Contacts'],
      phone: ['Contacts'],
      billing_address: ['Addresses'],
      payment_terms: ['PaymentTerm'],
    },
    documented: customerKeys,
  });
  const ofAddress = driftFinder(
    customers.map(billingOf).filter((address) => address !== null),
    {
      mapped: { billing_address: ['Line1', 'City', 'State', 'Postcode', 'Country'] },
      documented: addressKeys,
      place: 'Addresses.',
    },
  );
  const ofContact = driftFinder(
    customers.map(mainContactOf).filter((contact) => contact !== null),
    {
      mapped: { email: ['Email'], phone: ['Phone'] },
      documented: contactKeys,
      place: 'Contacts.',
    },
  );
  const part = (find: DriftFinder, held: Readonly<Record<string, unknown>> | null) =>
    held ? find(held) : [];
  return (customer) => [
    ...ofCustomer(customer),
    ...part(ofAddress, billingOf(customer)),
    ...part(ofContact, mainContactOf(customer)),
  ];
}
