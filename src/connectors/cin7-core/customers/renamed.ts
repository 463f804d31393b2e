import type { Drift } from '../../connector.ts';
import { type DriftFinder, type DriftRules, driftFinder } from '../../drift.ts';
import { type Lost, nothingLost } from '../../set-aside.ts';
import { addressKeys, contactKeys, customerKeys } from './documented.ts';
import { addressOf, addressTypes, mainContactOf } from './map.ts';
import type { Customer } from './schema.ts';

/** Looks for renamed keys in the customers of one answer: of the customer itself, its two addresses and its main contact. */
export function customerDrift(
  customers: readonly Customer[],
  lost: Lost = nothingLost,
): (customer: Customer) => readonly Drift[] {
  const ofCustomer = driftFinder(customers, {
    mapped: {
      legal_name: ['Name'],
      abn: ['TaxNumber'],
      email: ['Contacts'],
      phone: ['Contacts'],
      mobile: ['Contacts'],
      billing_address: ['Addresses'],
      delivery_address: ['Addresses'],
      payment_terms: ['PaymentTerm'],
      tax_treatment: ['TaxRule'],
      status: ['Status'],
    },
    documented: customerKeys,
    lost,
  });
  const ofContact = driftOf(customers, mainContactOf, {
    mapped: { email: ['Email'], phone: ['Phone'], mobile: ['MobilePhone'] },
    documented: contactKeys,
    place: 'Contacts.',
    lost,
    lostAt: 'Contacts[].',
  });
  const ofAddresses = Object.entries(addressTypes).map(([field, type]) =>
    driftOf(customers, (customer) => addressOf(customer, type), addressRules(field, lost)),
  );
  return (customer) => [ofCustomer, ofContact, ...ofAddresses].flatMap((find) => find(customer));
}

const addressRules = (field: string, lost: Lost): DriftRules => ({
  mapped: { [field]: ['Line1', 'City', 'State', 'Postcode', 'Country'] },
  documented: addressKeys,
  place: 'Addresses.',
  lost,
  lostAt: 'Addresses[].',
});

type Part = Readonly<Record<string, unknown>>;

/** Drift of one part of each customer; a customer without that part has none. */
function driftOf(
  customers: readonly Customer[],
  part: (customer: Customer) => Part | null,
  rules: DriftRules,
): (customer: Customer) => readonly Drift[] {
  const parts = customers.map(part).filter((found) => found !== null);
  const find: DriftFinder = driftFinder(parts, rules);
  return (customer) => {
    const found = part(customer);
    return found ? find(found) : [];
  };
}
