import { isObject } from '../exchange.ts';
import type { Contact, ContactPerson, Contacts, PartsByName, Terms, TermsType } from './state.ts';
import { isTaxType } from './tax-rates.ts';

type Json = Readonly<Record<string, unknown>>;

/** Longest texts. Source: Xero's OpenAPI description 16.1.0. */
const textLengths: Readonly<Record<string, number>> = {
  Name: 255,
  FirstName: 255,
  LastName: 255,
  EmailAddress: 255,
  TaxNumber: 50,
  CompanyNumber: 50,
  ContactNumber: 50,
  AccountNumber: 50,
  AccountsReceivableTaxType: 50,
  AccountsPayableTaxType: 50,
};
const addressLengths: Readonly<Record<string, number>> = {
  AddressLine1: 500,
  AddressLine2: 500,
  AddressLine3: 500,
  AddressLine4: 500,
  City: 255,
  Region: 255,
  PostalCode: 50,
  Country: 50,
  AttentionTo: 255,
};
const phoneLengths: Readonly<Record<string, number>> = {
  PhoneNumber: 50,
  PhoneAreaCode: 10,
  PhoneCountryCode: 20,
};
const termsTypes: readonly string[] = [
  'DAYSAFTERBILLDATE',
  'DAYSAFTERBILLMONTH',
  'OFCURRENTMONTH',
  'OFFOLLOWINGMONTH',
] satisfies TermsType[];

export type Planned =
  | { readonly ok: true; readonly contact: Contact }
  | { readonly ok: false; readonly id: string | null; readonly messages: readonly string[] };

/**
 * What an element of a write would make: of the contact it names by id, else by its number, else **by its name**, else of a new
 * one. What the element leaves out stays. `createOnly` is PUT.
 */
export function planElement(element: Json, contacts: Contacts, createOnly: boolean): Planned {
  const id = element.ContactID === undefined ? null : String(element.ContactID);
  const target = createOnly ? contacts.blank() : targetOf(element, contacts);
  if (!target)
    return { ok: false, id, messages: [`The contact with the ContactID ${id} could not be found`] };
  const messages: string[] = [];
  const contact: Contact = {
    ...target,
    ContactStatus: readStatus(element.ContactStatus, target.ContactStatus, messages),
    texts: { ...target.texts, ...readTexts(element, textLengths, messages) },
    addresses: readSlots(element.Addresses, target.addresses, addressSlots, messages),
    phones: readSlots(element.Phones, target.phones, phoneSlots, messages),
    terms: { ...target.terms, ...readTerms(element.PaymentTerms, messages) },
    persons: readPersons(element.ContactPersons, messages) ?? target.persons ?? [],
  };
  messages.push(...contactProblems(contact, contacts));
  return messages.length > 0
    ? { ok: false, id: contacts.get(target.ContactID)?.ContactID ?? null, messages }
    : { ok: true, contact };
}

function targetOf({ ContactID, ContactNumber, Name }: Json, contacts: Contacts): Contact | undefined {
  if (ContactID !== undefined) return contacts.get(String(ContactID));
  const byNumber = ContactNumber ? contacts.byNumber(String(ContactNumber)) : undefined;
  return byNumber ?? (Name ? contacts.activeByName(String(Name)) : undefined) ?? contacts.blank();
}

/** What is wrong with a contact as it would be. */
export function contactProblems({ ContactID, ContactStatus, texts }: Contact, contacts: Contacts): string[] {
  const { Name = '', EmailAddress = '', ContactNumber = '' } = texts;
  const messages: string[] = [];
  for (const key of ['AccountsReceivableTaxType', 'AccountsPayableTaxType']) {
    const code = texts[key] ?? '';
    if (code !== '' && !isTaxType(code))
      messages.push(`The TaxType code '${code}' does not exist or cannot be used.`);
  }
  if (Name.trim() === '') messages.push('The contact name must be specified.');
  if (EmailAddress !== '' && !/^[^\s@]+@[^\s@]+\.[^\s@.]+$/.test(EmailAddress)) {
    messages.push('Email address must be valid.');
  }
  const namesake = contacts.activeByName(Name);
  if (ContactStatus === 'ACTIVE' && namesake && namesake.ContactID !== ContactID) {
    messages.push(
      `The contact name ${Name} is already assigned to another contact. The contact name must be unique across all active contacts.`,
    );
  }
  const other = ContactNumber === '' ? undefined : contacts.byNumber(ContactNumber);
  if (other && other.ContactID !== ContactID) {
    messages.push(`The contact number ${ContactNumber} is already assigned to another contact.`);
  }
  return messages;
}

function readTexts(from: Json, lengths: Readonly<Record<string, number>>, messages: string[]): PartsByName {
  const read = Object.keys(lengths).flatMap((key) => {
    const value = from[key];
    if (value === undefined) return [];
    const text = value === null ? '' : String(value);
    const most = lengths[key] ?? 0;
    if (text.length > most) messages.push(`The ${key} field must be ${most} characters or fewer.`);
    return [[key, text] as const];
  });
  return Object.fromEntries(read);
}

interface Slots {
  readonly typeKey: string;
  readonly types: readonly string[];
  readonly lengths: Readonly<Record<string, number>>;
}
const addressSlots: Slots = { typeKey: 'AddressType', types: ['POBOX', 'STREET'], lengths: addressLengths };
const phoneSlots: Slots = {
  typeKey: 'PhoneType',
  types: ['DEFAULT', 'DDI', 'MOBILE', 'FAX', 'OFFICE'],
  lengths: phoneLengths,
};

/** Addresses or phones: each item goes into the slot of its type, and what it leaves out stays. */
function readSlots(
  items: unknown,
  before: Contact['addresses'],
  { typeKey, types, lengths }: Slots,
  messages: string[],
): Contact['addresses'] {
  if (items === undefined) return before;
  const slots = { ...before };
  for (const item of Array.isArray(items) ? items : [items]) {
    const type = isObject(item) ? String(item[typeKey]) : '';
    if (!isObject(item) || !types.includes(type))
      messages.push(`${typeKey} must be one of ${types.join(', ')}.`);
    else slots[type] = { ...slots[type], ...readTexts(item, lengths, messages) };
  }
  return slots;
}

const personsMost = 5;

/** A list that is sent takes the place of the one before; an empty one changes nothing. Null = it stays. */
function readPersons(sent: unknown, messages: string[]): readonly ContactPerson[] | null {
  if (!Array.isArray(sent) || sent.length === 0) return null;
  if (sent.length > personsMost) messages.push(`A contact can have at most ${personsMost} contact persons.`);
  return sent.filter(isObject).map(({ FirstName, LastName, EmailAddress, IncludeInEmails }) => ({
    FirstName: String(FirstName ?? ''),
    LastName: String(LastName ?? ''),
    EmailAddress: String(EmailAddress ?? ''),
    IncludeInEmails: IncludeInEmails === true,
  }));
}

function readStatus(
  value: unknown,
  before: Contact['ContactStatus'],
  messages: string[],
): Contact['ContactStatus'] {
  if (value === undefined || value === before) return before;
  if (before === 'GDPRREQUEST') messages.push('The contact was erased on request and cannot be changed.');
  if (value === 'ACTIVE' || value === 'ARCHIVED') return value;
  messages.push(`The contact status ${String(value)} is not valid.`);
  return before;
}

function readTerms(value: unknown, messages: string[]): Contact['terms'] {
  if (value === undefined || !isObject(value)) return {};
  const read = (['Sales', 'Bills'] as const).flatMap((kind) => {
    const terms = value[kind];
    if (!isObject(terms)) return [];
    const { Day: day, Type: type } = terms;
    if (
      !termsTypes.includes(String(type)) ||
      !Number.isInteger(day) ||
      Number(day) < 0 ||
      Number(day) > 100
    ) {
      messages.push('Payment terms need a whole Day from 0 to 100 and a known Type.');
      return [];
    }
    return [[kind, { Day: Number(day), Type: String(type) } as Terms] as const];
  });
  return Object.fromEntries(read);
}
