import { randomUUID } from 'node:crypto';
import type { Clock } from '../../../clock.ts';
import type { Store } from '../../store.ts';
import { plantedCollection } from '../practice.ts';

type Value = string | number | boolean;
/** An address or a contact of a customer, with its id. */
export type Item = Readonly<Record<string, Value>> & { readonly ID: string };

/** A customer as the practice Cin7 Core keeps it: the plain fields under the vendor's names, and two lists. */
export interface Customer {
  readonly ID: string;
  readonly fields: Readonly<Record<string, Value>>;
  readonly Addresses: readonly Item[];
  readonly Contacts: readonly Item[];
  /** ISO 8601. */
  readonly modifiedAt: string;
}
export type CustomerSeed = Customer;

export interface Customers {
  get(id: string): Customer | undefined;
  all(): readonly Customer[];
  /** Names are unique, whatever the case, deprecated customers included. */
  byName(name: string): Customer | undefined;
  /** Saves with the time of now and tells about it. */
  save(customer: Customer): Customer;
}

export function openCustomers(
  store: Store,
  clock: Clock,
  seed: readonly CustomerSeed[],
  changed: (customer: Customer) => void,
): Customers {
  const customers = plantedCollection(store, 'cin7-core.customers', seed, ({ ID }) => ID);
  const nameOf = ({ fields }: Customer) =>
    String(fields.Name ?? '')
      .trim()
      .toLowerCase();
  return {
    get: (id) => customers.get(id.toLowerCase()),
    all: customers.all,
    byName: (name) => customers.all().find((customer) => nameOf(customer) === name.trim().toLowerCase()),
    save: (customer) => {
      const stamped = { ...customer, modifiedAt: clock.now().toISOString() };
      customers.set(customer.ID, stamped);
      changed(stamped);
      return stamped;
    },
  };
}

/** A customer that is not saved yet. */
export const newCustomer = (): Customer => ({
  ID: randomUUID(),
  fields: {},
  Addresses: [],
  Contacts: [],
  modifiedAt: '',
});

/** A customer as Cin7 Core sends it, every key there. Times are UTC without a zone, to the millisecond. */
export function customerBody({
  ID,
  fields,
  Addresses,
  Contacts,
  modifiedAt,
}: Customer): Record<string, unknown> {
  return {
    ID,
    ...defaults,
    ...fields,
    LastModifiedOn: modifiedAt.replace('Z', ''),
    Addresses: Addresses.map((item) => ({ ...addressDefaults, ...item })),
    Contacts: Contacts.map((item) => ({ ...contactDefaults, ...item })),
    ChildCustomers: [],
  };
}

/** What is there though nobody filled it in. */
const defaults = {
  Name: '',
  DisplayName: null,
  Status: 'ACTIVE',
  Currency: 'AUD',
  PaymentTerm: '',
  AccountReceivable: '610',
  RevenueAccount: '200',
  TaxRule: 'GST on Income',
  PriceTier: 'Tier 1',
  Carrier: null,
  SalesRepresentative: null,
  Location: null,
  Discount: 0,
  Comments: null,
  TaxNumber: null,
  CreditLimit: 0,
  IsOnCreditHold: false,
  IsLegalEntity: false,
  CustomerParentID: null,
  CustomerParentName: null,
  IsBillParent: false,
  Tags: null,
  AttributeSet: null,
  ...Object.fromEntries(Array.from({ length: 10 }, (_, at) => [`AdditionalAttribute${at + 1}`, null])),
};
const addressDefaults = {
  Line1: null,
  Line2: null,
  City: null,
  State: null,
  Postcode: null,
  DefaultForType: false,
};
const contactDefaults = {
  JobTitle: null,
  Phone: null,
  MobilePhone: null,
  Fax: null,
  Email: null,
  Website: null,
  Comment: null,
  Default: false,
  IncludeInEmail: false,
  MarketingConsent: 1,
};

/** The address of a type: the default one where there are several. */
export const addressOf = ({ Addresses }: Customer, type: 'Billing' | 'Shipping'): Item | undefined => {
  const found = Addresses.filter(({ Type }) => String(Type).toLowerCase() === type.toLowerCase());
  return found.find(({ DefaultForType }) => DefaultForType === true) ?? found[0];
};

export const mainContactOf = ({ Contacts }: Customer): Item | undefined =>
  Contacts.find(({ Default }) => Default === true) ?? Contacts[0];
