import { randomUUID } from 'node:crypto';
import { oneLine, onlyKeys, typedTerms } from '../practice.ts';
import type { Card, Screen } from '../vendor.ts';
import { planWrite } from './rules.ts';
import { addressOf, type Customer, type Customers, type Item, mainContactOf, newCustomer } from './state.ts';

/** What the card shows, under Cin7 Core's own labels. */
const labels = {
  Name: 'Name',
  TaxNumber: 'Tax number',
  Email: 'Contact email',
  Phone: 'Contact phone',
  MobilePhone: 'Contact mobile',
  Line1: 'Address line 1',
  City: 'City / suburb',
  State: 'State / province',
  Postcode: 'Zip / postcode',
  ShippingLine1: 'Shipping line 1',
  ShippingCity: 'Shipping city',
  ShippingState: 'Shipping state',
  ShippingPostcode: 'Shipping postcode',
  PaymentTerm: 'Payment term',
  TaxRule: 'Tax rule',
  Status: 'Status',
} as const;
type Key = keyof typeof labels;
const keys = Object.keys(labels) as Key[];

/** Cin7 Core's own screen refuses what its API refuses. */
export const cin7CoreScreen = (customers: Customers): Screen => ({
  cards: () =>
    customers
      .all()
      .filter(({ fields }) => !/^deprecated$/i.test(String(fields.Status)))
      .map(cin7CoreCard),
  card: (id) => {
    const customer = customers.get(id);
    return customer ? cin7CoreCard(customer) : null;
  },
  edit: (id, values) => {
    const before = customers.get(id);
    if (!before) throw new Error(`Cin7 Core has no customer ${id}`);
    saveCard(before, values, customers);
  },
  add: (values) => saveCard({ ...newCustomer(), fields: usual }, values, customers),
});

/** What its screen puts in where nothing was chosen. */
const usual = {
  Status: 'ACTIVE',
  Currency: 'AUD',
  PaymentTerm: '30 days',
  AccountReceivable: '610',
  RevenueAccount: '200',
  TaxRule: 'GST on Income',
} as const;

function saveCard(before: Customer, values: Readonly<Record<string, string>>, customers: Customers): string {
  const after = editCustomer(before, values);
  const named = ['PaymentTerm', 'TaxRule'].filter((key) => key in values);
  const chosen = Object.fromEntries(named.map((key) => [key, after.fields[key]]));
  const planned = planWrite(after, chosen, customers);
  if (!planned.ok) throw new Error(planned.problems.join('; '));
  return customers.save(after).ID;
}

function cin7CoreCard(customer: Customer): Card {
  const held = shownValues(customer);
  return {
    system: 'cin7-core',
    label: 'Cin7 Core',
    externalId: customer.ID,
    title: held.Name || 'Customer without a name',
    abn: held.TaxNumber.replace(/\D/g, ''),
    fields: keys.map((key) => ({ key, label: labels[key], value: held[key] })),
    updatedAt: customer.modifiedAt,
  };
}

function shownValues(customer: Customer): Record<Key, string> {
  const billing = addressOf(customer, 'Billing');
  const shipping = addressOf(customer, 'Shipping');
  const contact = mainContactOf(customer);
  const text = (value: unknown) => String(value ?? '');
  return {
    Name: text(customer.fields.Name),
    TaxNumber: text(customer.fields.TaxNumber),
    Email: text(contact?.Email),
    Phone: text(contact?.Phone),
    MobilePhone: text(contact?.MobilePhone),
    Line1: oneLine(text(billing?.Line1), text(billing?.Line2)),
    City: text(billing?.City),
    State: text(billing?.State),
    Postcode: text(billing?.Postcode),
    ShippingLine1: oneLine(text(shipping?.Line1), text(shipping?.Line2)),
    ShippingCity: text(shipping?.City),
    ShippingState: text(shipping?.State),
    ShippingPostcode: text(shipping?.Postcode),
    PaymentTerm: text(customer.fields.PaymentTerm),
    TaxRule: text(customer.fields.TaxRule),
    Status: text(customer.fields.Status),
  };
}

/** The customer after a save of the card. */
function editCustomer(customer: Customer, values: Readonly<Record<string, string>>): Customer {
  onlyKeys('Cin7 Core', keys, values);
  const of = (...some: Key[]) =>
    Object.fromEntries(some.flatMap((key) => (key in values ? [[key, values[key] ?? '']] : [])));
  const term = values.PaymentTerm === undefined ? {} : { PaymentTerm: termName(values.PaymentTerm) };
  // Its screen writes a status in capitals, whatever the case in which the API took it.
  const status = values.Status === undefined ? {} : { Status: values.Status.trim().toUpperCase() };
  const freshContact = { ID: randomUUID(), Name: 'Accounts', Default: true };
  const typed = (type: 'Billing' | 'Shipping', prefix: string) =>
    [
      addressOf(customer, type) ?? {
        ID: randomUUID(),
        Type: type,
        Country: 'Australia',
        DefaultForType: true,
      },
      typedAddress(values, prefix),
    ] as const;
  return {
    ...customer,
    fields: { ...customer.fields, ...of('Name', 'TaxNumber', 'TaxRule'), ...term, ...status },
    Addresses: merged(merged(customer.Addresses, ...typed('Billing', '')), ...typed('Shipping', 'Shipping')),
    Contacts: merged(
      customer.Contacts,
      mainContactOf(customer) ?? freshContact,
      of('Email', 'Phone', 'MobilePhone'),
    ),
  };
}

/** The parts of an address that were typed; a street goes whole into its first line. */
function typedAddress(values: Readonly<Record<string, string>>, prefix: string): Record<string, string> {
  const parts = ['Line1', 'City', 'State', 'Postcode'].flatMap((part) => {
    const value = values[prefix + part];
    return value === undefined ? [] : [[part, value] as const];
  });
  const address = Object.fromEntries(parts);
  return 'Line1' in address ? { ...address, Line2: '' } : address;
}

function merged(
  items: readonly Item[],
  target: Item,
  values: Readonly<Record<string, string>>,
): readonly Item[] {
  if (Object.keys(values).length === 0) return items;
  const next: Item = { ...target, ...values };
  return items.includes(target) ? items.map((item) => (item === target ? next : item)) : [...items, next];
}

/** In Cin7 Core terms are chosen from a list, so what is typed becomes one of its names. */
function termName(text: string): string {
  const typed = typedTerms(text);
  return typed ? `${typed.days} days${typed.endOfMonth ? ' EOM' : ''}` : '';
}
