import type { Drift } from '../../connector.ts';
import { type DriftFinder, driftFinder } from '../../drift.ts';
import { type Lost, lostOf, nothingLost } from '../../set-aside.ts';
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

const digits = (value: unknown, count: number): boolean =>
  String(value).replace(/[\s.-]/g, '').length === count && /^[\d\s.-]+$/.test(String(value));

/** What each of them looks like where it is filled. */
const couldBe: Readonly<Record<keyof typeof leftOutWhenEmpty, (value: unknown) => boolean>> = {
  abn: (value) => digits(value, 11),
  acn: (value) => digits(value, 9),
  payment_terms: (value) =>
    typeof value === 'object' && value !== null && ('Sales' in value || 'Bills' in value),
  tax_treatment: (value) =>
    typeof value === 'string' && /^(OUTPUT|INPUT|EXEMPT|BASEXCLUDED|CAPEX|GSTON|TAX\d)/.test(value),
};

/**
 * Xero adds keys whenever it likes, and most contacts lack one or the other of these. So one is missed only where a strange key
 * holds what it might have held.
 */
function suspected(lost: Drift, contact: Contact): readonly Drift[] {
  const found = lost.found.filter((key) => couldBe[lost.field as keyof typeof couldBe](contact[key]));
  return found.length > 0 ? [{ ...lost, found }] : [];
}

/** `GDPRREQUEST`: erased on request. */
const statuses: readonly string[] = ['ACTIVE', 'ARCHIVED', 'GDPRREQUEST'];

function unknownStatus({ ContactStatus }: Contact): Drift[] {
  if (!ContactStatus || statuses.includes(ContactStatus)) return [];
  return [{ field: 'status', expected: 'ContactStatus', found: [], unknown: ContactStatus.slice(0, 40) }];
}

/** Looks for renamed keys in the contacts of one answer: of the contacts themselves, and of the addresses and phones that we map. */
export function contactDrift(contacts: readonly Contact[], lost: Lost = nothingLost): Find {
  const always = driftFinder(contacts, { mapped: alwaysSent, documented: contactKeys, lost });
  const sometimes = driftFinder(contacts, { mapped: leftOutWhenEmpty, documented: contactKeys });
  const lostSometimes = lostOf(lost, leftOutWhenEmpty);
  const ofContact: Find = (contact) => [
    ...always(contact),
    ...lostSometimes,
    ...unknownStatus(contact),
    ...sometimes(contact).flatMap((lost) => suspected(lost, contact)),
  ];
  const addresses = keysOf(addressTypes).map((field) =>
    ofPart(
      contacts,
      (contact) => addressOf(contact, field),
      (parts) =>
        driftFinder(parts, {
          mapped: { [field]: ['AddressLine1', 'City', 'Region', 'PostalCode', 'Country'] },
          documented: addressKeys,
          place: 'Addresses.',
          lost,
          lostAt: 'Addresses[].',
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
          lost,
          lostAt: 'Phones[].',
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
