import { oneLine, onlyKeys, typedTerms } from '../practice.ts';
import type { Card, Screen } from '../vendor.ts';
import { contactProblems } from './element.ts';
import type { Contact, Contacts, PartsByName } from './state.ts';
import { taxRateBodies } from './tax-rates.ts';

/** What the card shows, under Xero's own labels. */
const labels = {
  Name: 'Contact name',
  TaxNumber: 'ABN',
  CompanyNumber: 'Company number',
  EmailAddress: 'Email',
  PhoneNumber: 'Phone',
  MobileNumber: 'Mobile',
  AddressLine1: 'Billing address',
  City: 'City/Town',
  Region: 'State/Region',
  PostalCode: 'Postcode',
  DeliveryAddressLine1: 'Delivery address',
  DeliveryCity: 'Delivery city/town',
  DeliveryRegion: 'Delivery state/region',
  DeliveryPostalCode: 'Delivery postcode',
  PaymentTerms: 'Invoice due',
  AccountsReceivableTaxType: 'Sales tax type',
  ContactStatus: 'Contact status',
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
    saveCard(editContact(before, values), contacts);
  },
  add: (values) => saveCard(editContact(contacts.blank(), values), contacts),
});

function saveCard(contact: Contact, contacts: Contacts): string {
  const [problem] = contactProblems(contact, contacts);
  if (problem) throw new Error(problem);
  contacts.together(() => contacts.save(contact));
  return contact.ContactID;
}

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

function shownValues({ ContactStatus, texts, addresses, phones, terms }: Contact): Record<Key, string> {
  const billing = addresses.POBOX ?? {};
  const delivery = addresses.STREET ?? {};
  return {
    Name: texts.Name ?? '',
    TaxNumber: texts.TaxNumber ?? '',
    CompanyNumber: texts.CompanyNumber ?? '',
    EmailAddress: texts.EmailAddress ?? '',
    PhoneNumber: numberInOne(phones.DEFAULT),
    MobileNumber: numberInOne(phones.MOBILE),
    AddressLine1: streetInOne(billing),
    City: billing.City ?? '',
    Region: billing.Region ?? '',
    PostalCode: billing.PostalCode ?? '',
    DeliveryAddressLine1: streetInOne(delivery),
    DeliveryCity: delivery.City ?? '',
    DeliveryRegion: delivery.Region ?? '',
    DeliveryPostalCode: delivery.PostalCode ?? '',
    PaymentTerms: termsInWords(terms.Sales),
    AccountsReceivableTaxType: taxName(texts.AccountsReceivableTaxType ?? ''),
    ContactStatus,
  };
}

function numberInOne({ PhoneCountryCode, PhoneAreaCode, PhoneNumber = '' }: PartsByName = {}): string {
  const parts = [PhoneCountryCode && `+${PhoneCountryCode}`, PhoneAreaCode, PhoneNumber];
  return PhoneNumber === '' ? '' : parts.filter(Boolean).join(' ');
}

const streetInOne = ({ AddressLine1, AddressLine2, AddressLine3, AddressLine4 }: PartsByName): string =>
  oneLine(AddressLine1, AddressLine2, AddressLine3, AddressLine4);

/** Xero's screen says the name of a tax rate, its API the code. */
export const taxName = (code: string): string =>
  String(taxRateBodies().find(({ TaxType }) => TaxType === code)?.Name ?? code);

/** Name or code, as typed; what is neither stays as it is, for Xero to refuse. */
export function taxCode(typed: string): string {
  const is = (word: unknown) => String(word).toLowerCase() === typed.trim().toLowerCase();
  return String(taxRateBodies().find(({ TaxType, Name }) => is(TaxType) || is(Name))?.TaxType ?? typed);
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
  const texts = typedTexts(values, '', ['Name', 'TaxNumber', 'CompanyNumber', 'EmailAddress']);
  const { AccountsReceivableTaxType: tax, ContactStatus: status, PaymentTerms: terms } = values;
  const { addresses, phones } = contact;
  return {
    ...contact,
    ContactStatus: status === undefined ? contact.ContactStatus : editedStatus(contact.ContactStatus, status),
    texts: {
      ...contact.texts,
      ...texts,
      ...(tax === undefined ? {} : { AccountsReceivableTaxType: taxCode(tax) }),
    },
    addresses: {
      ...addresses,
      ...slot('POBOX', addresses.POBOX, typedAddress(values, '')),
      ...slot('STREET', addresses.STREET, typedAddress(values, 'Delivery')),
    },
    phones: {
      ...phones,
      ...slot('DEFAULT', phones.DEFAULT, typedNumber(values.PhoneNumber)),
      ...slot('MOBILE', phones.MOBILE, typedNumber(values.MobileNumber)),
    },
    terms: terms === undefined ? contact.terms : editedTerms(contact.terms, terms),
  };
}

/** What was typed under these names, which the card has with a word before them. */
const typedTexts = (values: PartsByName, prefix: string, names: readonly string[]): PartsByName =>
  Object.fromEntries(
    names.flatMap((name) => {
      const value = values[prefix + name];
      return value === undefined ? [] : [[name, value]];
    }),
  );

function typedAddress(values: PartsByName, prefix: string): PartsByName {
  const typed = typedTexts(values, prefix, ['AddressLine1', 'City', 'Region', 'PostalCode']);
  return 'AddressLine1' in typed ? { ...typed, AddressLine2: '', AddressLine3: '', AddressLine4: '' } : typed;
}

const typedNumber = (value: string | undefined): PartsByName =>
  value === undefined ? {} : { PhoneNumber: value, PhoneAreaCode: '', PhoneCountryCode: '' };

/** An address or a number of one type; none where nothing was typed. */
const slot = (type: string, before: PartsByName | undefined, typed: PartsByName) =>
  Object.keys(typed).length === 0 ? {} : { [type]: { ...before, ...typed } };

/** Archive and Restore; who was erased on request is past both. */
function editedStatus(before: Contact['ContactStatus'], text: string): Contact['ContactStatus'] {
  const typed = text.trim().toUpperCase();
  if (typed === before) return before;
  if (before === 'GDPRREQUEST') throw new Error('This contact was erased on request and cannot be changed.');
  if (typed === 'ACTIVE' || typed === 'ARCHIVED') return typed;
  throw new Error(`“${text}” is no status of a contact in Xero. Type ACTIVE or ARCHIVED.`);
}

function editedTerms({ Sales: _, ...others }: Contact['terms'], text: string): Contact['terms'] {
  const typed = typedTerms(text);
  if (!typed) return others;
  return {
    ...others,
    Sales: { Day: typed.days, Type: typed.endOfMonth ? 'DAYSAFTERBILLMONTH' : 'DAYSAFTERBILLDATE' },
  };
}
