import { randomUUID } from 'node:crypto';
import { oneLine, onlyKeys, type Screen, typedTerms } from '../practice.ts';
import type { Card } from '../vendor.ts';
import { planWrite } from './rules.ts';
import { billingOf, type Customer, type Customers, type Item, mainContactOf } from './state.ts';

/** What the card shows, under Cin7 Core's own labels. */
const labels = {
  Name: 'Name',
  TaxNumber: 'Tax number',
  Email: 'Contact email',
  Phone: 'Contact phone',
  Line1: 'Address line 1',
  City: 'City / suburb',
  State: 'State / province',
  Postcode: 'Zip / postcode',
  PaymentTerm: 'Payment term',
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
    const after = editCustomer(before, values);
    const { PaymentTerm } = after.fields;
    const planned = planWrite(after, 'PaymentTerm' in values ? { PaymentTerm } : {}, customers);
    if (!planned.ok) throw new Error(planned.problems.join('; '));
    customers.save(after);
  },
});

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
  const billing = billingOf(customer);
  const contact = mainContactOf(customer);
  const text = (value: unknown) => String(value ?? '');
  return {
    Name: text(customer.fields.Name),
    TaxNumber: text(customer.fields.TaxNumber),
    Email: text(contact?.Email),
    Phone: text(contact?.Phone),
    Line1: oneLine(text(billing?.Line1), text(billing?.Line2)),
    City: text(billing?.City),
    State: text(billing?.State),
    Postcode: text(billing?.Postcode),
    PaymentTerm: text(customer.fields.PaymentTerm),
  };
}

/** The customer after a save of the card. */
function editCustomer(customer: Customer, values: Readonly<Record<string, string>>): Customer {
  onlyKeys('Cin7 Core', keys, values);
  const of = (...some: Key[]) =>
    Object.fromEntries(some.flatMap((key) => (key in values ? [[key, values[key] ?? '']] : [])));
  const street = of('Line1');
  const address = {
    ...street,
    ...('Line1' in street ? { Line2: '' } : {}),
    ...of('City', 'State', 'Postcode'),
  };
  const term = values.PaymentTerm === undefined ? {} : { PaymentTerm: termName(values.PaymentTerm) };
  const freshAddress = { ID: randomUUID(), Type: 'Billing', Country: 'Australia', DefaultForType: true };
  const freshContact = { ID: randomUUID(), Name: 'Accounts', Default: true };
  return {
    ...customer,
    fields: { ...customer.fields, ...of('Name', 'TaxNumber'), ...term },
    Addresses: merged(customer.Addresses, billingOf(customer) ?? freshAddress, address),
    Contacts: merged(customer.Contacts, mainContactOf(customer) ?? freshContact, of('Email', 'Phone')),
  };
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
