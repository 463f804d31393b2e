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

/** The account's list of payment terms. Source of the methods' names: the vendor's API description. */
export const paymentTerms = [
  term('0 days', 0, 'number of days', true),
  term('7 days', 7, 'number of days', true),
  term('14 days', 14, 'number of days', true),
  term('30 days', 30, 'number of days', true),
  term('60 days', 60, 'number of days', true),
  term('30 days EOM', 30, 'days since the end of the month', true),
  term('45 days', 45, 'number of days', false),
];

function term(Name: string, Duration: number, Method: string, IsActive: boolean) {
  const ID = `70000000-0000-4000-8000-${String(Duration).padStart(11, '0')}${Method === 'number of days' ? 0 : 1}`;
  return { ID, Name, Duration, Method, IsActive, IsDefault: Name === '30 days' };
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

/** A customer as Cin7 Core sends it. Times are UTC without a zone, to the millisecond. */
export function customerBody({
  ID,
  fields,
  Addresses,
  Contacts,
  modifiedAt,
}: Customer): Record<string, unknown> {
  return { ID, ...defaults, ...fields, LastModifiedOn: modifiedAt.replace('Z', ''), Addresses, Contacts };
}

/** What is there though nobody filled it in. */
const defaults = {
  Name: '',
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
  Tags: null,
  AttributeSet: null,
};

/** The billing address: the default one where there are several. */
export const billingOf = ({ Addresses }: Customer): Item | undefined => {
  const billing = Addresses.filter(({ Type }) => Type === 'Billing');
  return billing.find(({ DefaultForType }) => DefaultForType === true) ?? billing[0];
};

export const mainContactOf = ({ Contacts }: Customer): Item | undefined =>
  Contacts.find(({ Default }) => Default === true) ?? Contacts[0];
