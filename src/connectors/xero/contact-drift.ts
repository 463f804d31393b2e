import type { Drift } from '../connector.ts';
import { type DriftFinder, driftFinder } from '../drift.ts';
import { addressKeys, contactKeys, phoneKeys } from './documented.ts';
import { addressOf, addressTypes, phoneOf, phoneTypes } from './map.ts';
import type { Contact } from './schema.ts';

type Find = (contact: Contact) => readonly Drift[];

const alwaysSent = {
  legal_name: ['Name'],
  email: ['EmailAddress'],
  phone: ['Phones'],
  mobile: ['Phones'],
  billing_address: ['Addresses'],
  delivery_address: ['Addresses'],
  status: ['ContactStatus'],
};
const leftOutWhenEmpty = {
  abn: ['TaxNumber'],
  acn: ['CompanyNumber'],
  payment_terms: ['PaymentTerms'],
  tax_treatment: ['AccountsReceivableTaxType'],
};

/** Looks for renamed keys in the contacts of one answer: of the contacts themselves, and of the addresses and phones that we map. */
export function contactDrift(contacts: readonly Contact[]): Find {
  const always = driftFinder(contacts, { mapped: alwaysSent, documented: contactKeys });
  const sometimes = driftFinder(contacts, { mapped: leftOutWhenEmpty, documented: contactKeys });
  const ofContact: Find = (contact) => {
    const lost = always(contact);
    const explained = new Set(lost.map(({ expected }) => expected)).size;
    // A key that Xero leaves out when it is empty is not suspected where the strange keys are accounted for.
    return (lost[0]?.found.length ?? 0) > explained || explained === 0
      ? [...lost, ...sometimes(contact)]
      : lost;
  };
  const addresses = keysOf(addressTypes).map((field) =>
    ofPart(
      contacts,
      (contact) => addressOf(contact, field),
      (parts) =>
        driftFinder(parts, {
          mapped: { [field]: ['AddressLine1', 'City', 'Region', 'PostalCode', 'Country'] },
          documented: addressKeys,
          place: 'Addresses.',
        }),
    ),
  );
  const phones = keysOf(phoneTypes).map((field) =>
    ofPart(
      contacts,
      (contact) => phoneOf(contact, field),
      (parts) =>
        driftFinder(parts, {
          mapped: { [field]: ['PhoneNumber'] },
          documented: phoneKeys,
          place: 'Phones.',
        }),
    ),
  );
  return (contact) => [ofContact, ...addresses, ...phones].flatMap((find) => find(contact));
}

const keysOf = <K extends string>(held: Readonly<Record<K, unknown>>) => Object.keys(held) as K[];

function ofPart<P extends Readonly<Record<string, unknown>>>(
  contacts: readonly Contact[],
  of: (contact: Contact) => P | null,
  finder: (parts: readonly P[]) => DriftFinder,
): Find {
  const find = finder(contacts.map(of).filter((part) => part !== null));
  return (contact) => {
    const part = of(contact);
    return part ? find(part) : [];
  };
}
