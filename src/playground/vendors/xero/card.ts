import { oneLine, onlyKeys, type Screen, typedTerms } from '../practice.ts';
import type { Card } from '../vendor.ts';
import { contactProblems } from './element.ts';
import type { Contact, Contacts } from './state.ts';

/** What the card shows, under Xero's own labels. */
const labels = {
  Name: 'Contact name',
  TaxNumber: 'ABN',
  EmailAddress: 'Email',
  PhoneNumber: 'Phone',
  AddressLine1: 'Billing address',
  City: 'City/Town',
  Region: 'State/Region',
  PostalCode: 'Postcode',
  PaymentTerms: 'Invoice due',
} as const;
type Key = keyof typeof labels;
const keys = Object.keys(labels) as Key[];

/** Xero's own screen refuses what its API refuses. */
export const xeroScreen = (contacts: Contacts): Screen => ({
  cards: () =>
    contacts
      .all()
      .filter(({ ContactStatus }) => ContactStatus === 'ACTIVE')
      .map(xeroCard),
  card: (id) => {
    const contact = contacts.get(id);
    return contact ? xeroCard(contact) : null;
  },
  edit: (id, values) => {
    const before = contacts.get(id);
    if (!before) throw new Error(`Xero has no contact ${id}`);
    const after = editContact(before, values);
    const [problem] = contactProblems(after, contacts);
    if (problem) throw new Error(problem);
    contacts.together(() => contacts.save(after));
  },
});

function xeroCard(contact: Contact): Card {
  const held = shownValues(contact);
  return {
    system: 'xero',
    label: 'Xero',
    externalId: contact.ContactID,
    title: held.Name || 'Contact without a name',
    abn: held.TaxNumber.replace(/\D/g, ''),
    fields: keys.map((key) => ({ key, label: labels[key], value: held[key] })),
    updatedAt: contact.updatedAt,
  };
}

function shownValues({ texts, addresses, phones, terms }: Contact): Record<Key, string> {
  const { AddressLine1, AddressLine2, AddressLine3, AddressLine4, ...place } = addresses.POBOX ?? {};
  const { PhoneCountryCode, PhoneAreaCode, PhoneNumber = '' } = phones.DEFAULT ?? {};
  const number = [PhoneCountryCode && `+${PhoneCountryCode}`, PhoneAreaCode, PhoneNumber].filter(Boolean);
  return {
    Name: texts.Name ?? '',
    TaxNumber: texts.TaxNumber ?? '',
    EmailAddress: texts.EmailAddress ?? '',
    PhoneNumber: PhoneNumber === '' ? '' : number.join(' '),
    AddressLine1: oneLine(AddressLine1, AddressLine2, AddressLine3, AddressLine4),
    City: place.City ?? '',
    Region: place.Region ?? '',
    PostalCode: place.PostalCode ?? '',
    PaymentTerms: termsInWords(terms.Sales),
  };
}

function termsInWords(sales: Contact['terms']['Sales']): string {
  if (!sales) return '';
  const { Day: day, Type: type } = sales;
  if (type === 'DAYSAFTERBILLDATE') return `${day} days after invoice date`;
  if (type === 'DAYSAFTERBILLMONTH') return `${day} days after end of month`;
  return `Day ${day} of the ${type === 'OFCURRENTMONTH' ? 'current' : 'following'} month`;
}

/** The contact after a save of the card. A number goes whole into its last part, a street whole into its first line. */
function editContact(contact: Contact, values: Readonly<Record<string, string>>): Contact {
  onlyKeys('Xero', keys, values);
  const of = (...some: Key[]) =>
    Object.fromEntries(some.flatMap((key) => (key in values ? [[key, values[key] ?? '']] : [])));
  const street = of('AddressLine1');
  const moreLines = 'AddressLine1' in street ? { AddressLine2: '', AddressLine3: '', AddressLine4: '' } : {};
  const phone = of('PhoneNumber');
  const parts = 'PhoneNumber' in phone ? { PhoneAreaCode: '', PhoneCountryCode: '' } : {};
  const billing = {
    ...contact.addresses.POBOX,
    ...street,
    ...moreLines,
    ...of('City', 'Region', 'PostalCode'),
  };
  return {
    ...contact,
    texts: { ...contact.texts, ...of('Name', 'TaxNumber', 'EmailAddress') },
    addresses: { ...contact.addresses, POBOX: billing },
    phones: { ...contact.phones, DEFAULT: { ...contact.phones.DEFAULT, ...phone, ...parts } },
    terms:
      values.PaymentTerms === undefined ? contact.terms : editedTerms(contact.terms, values.PaymentTerms),
  };
}

function editedTerms({ Sales: _, ...others }: Contact['terms'], text: string): Contact['terms'] {
  const typed = typedTerms(text);
  if (!typed) return others;
  return {
    ...others,
    Sales: { Day: typed.days, Type: typed.endOfMonth ? 'DAYSAFTERBILLMONTH' : 'DAYSAFTERBILLDATE' },
  };
}
