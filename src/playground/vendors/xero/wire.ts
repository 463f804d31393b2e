import { randomUUID } from 'node:crypto';
import { type Answer, type Call, isObject, json } from '../exchange.ts';
import type { Contact } from './state.ts';

const phoneTypes = ['DEFAULT', 'DDI', 'FAX', 'MOBILE'];
const addressTypes = ['STREET', 'POBOX'];

/** Xero's JSON date: ms since 1970, the offset for show. */
export const msDate = (at: Date): string => `/Date(${at.getTime()}+0000)/`;

/**
 * A contact as Xero sends it: empty texts are left out, but for the e-mail address; both addresses and four phones are always
 * there. `whole` adds what comes only with a page or for one contact.
 */
export function contactBody(contact: Contact, whole: boolean): Record<string, unknown> {
  const { ContactID, ContactStatus, mergedTo, texts, addresses, phones, terms, persons, updatedAt } = contact;
  return {
    ContactID,
    ContactStatus,
    ...(whole && mergedTo ? { MergedToContactID: mergedTo } : {}),
    ...filled(texts),
    EmailAddress: texts.EmailAddress ?? '',
    BankAccountDetails: '',
    Addresses: addressTypes.map((AddressType) => ({
      AddressType,
      City: '',
      Region: '',
      PostalCode: '',
      Country: '',
      ...filled(addresses[AddressType] ?? {}),
    })),
    Phones: phoneTypes.map((PhoneType) => ({
      PhoneType,
      PhoneNumber: '',
      PhoneAreaCode: '',
      PhoneCountryCode: '',
      ...phones[PhoneType],
    })),
    UpdatedDateUTC: msDate(new Date(updatedAt)),
    ContactGroups: [],
    IsSupplier: false,
    IsCustomer: true,
    ...(whole
      ? { ContactPersons: persons ?? [], ...(Object.keys(terms).length > 0 ? { PaymentTerms: terms } : {}) }
      : {}),
    HasAttachments: false,
    HasValidationErrors: false,
  };
}

const filled = (texts: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== ''));

/** The wrapper around everything. Who does not ask for JSON gets XML. */
export function wrapped(call: Call, now: Date, body: Readonly<Record<string, unknown>>): Answer {
  const whole = {
    Id: randomUUID(),
    Status: 'OK',
    ProviderName: 'Truce (practice)',
    DateTimeUTC: msDate(now),
    ...body,
  };
  return inFormat(call, 200, 'Response', whole);
}

export function inFormat(call: Call, status: number, root: string, body: unknown): Answer {
  if (call.headers.accept?.includes('application/json')) return json(status, body);
  return {
    status,
    headers: { 'content-type': 'text/xml; charset=utf-8' },
    body: `<?xml version="1.0" encoding="utf-8"?>${element(root, body)}`,
  };
}

function element(name: string, value: unknown): string {
  if (Array.isArray(value)) {
    const one = /(?:ss|e)es$/.test(name) ? name.replace(/es$/, '') : name.replace(/s$/, '');
    return `<${name}>${value.map((item) => element(one, item)).join('')}</${name}>`;
  }
  const inside = isObject(value)
    ? Object.entries(value).map(([key, item]) => element(key, item))
    : [escaped(String(value ?? ''))];
  return `<${name}>${inside.join('')}</${name}>`;
}

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
