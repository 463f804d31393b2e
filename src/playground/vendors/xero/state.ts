import { randomUUID } from 'node:crypto';
import type { Clock } from '../../../clock.ts';
import type { Store } from '../../store.ts';
import { plantedCollection } from '../practice.ts';
import type { News } from './news.ts';

export type TermsType = 'DAYSAFTERBILLDATE' | 'DAYSAFTERBILLMONTH' | 'OFCURRENTMONTH' | 'OFFOLLOWINGMONTH';
export interface Terms {
  readonly Day: number;
  readonly Type: TermsType;
}
/** Parts of an address or a phone by Xero's names, its type left out. */
export type PartsByName = Readonly<Record<string, string>>;

export interface ContactPerson {
  readonly FirstName: string;
  readonly LastName: string;
  readonly EmailAddress: string;
  readonly IncludeInEmails: boolean;
}

/** A contact as the practice Xero keeps it. Addresses and phones are slots by type, as in Xero. */
export interface Contact {
  readonly ContactID: string;
  /** `GDPRREQUEST`: erased on request of the person; nothing brings it back. */
  readonly ContactStatus: 'ACTIVE' | 'ARCHIVED' | 'GDPRREQUEST';
  /** The contact that it was merged into; it stays, archived. */
  readonly mergedTo?: string;
  /** Name, EmailAddress, TaxNumber …; an empty text is no value. */
  readonly texts: PartsByName;
  readonly addresses: Readonly<Partial<Record<string, PartsByName>>>;
  readonly phones: Readonly<Partial<Record<string, PartsByName>>>;
  readonly terms: { readonly Sales?: Terms; readonly Bills?: Terms };
  /** People beside the one in `texts`; left out = none. */
  readonly persons?: readonly ContactPerson[];
  /** ISO 8601. */
  readonly updatedAt: string;
}

export type ContactSeed = Contact;

export interface Contacts {
  get(id: string): Contact | undefined;
  all(): readonly Contact[];
  /** Active contacts have unique names, whatever the case. */
  activeByName(name: string): Contact | undefined;
  byNumber(number: string): Contact | undefined;
  blank(): Contact;
  /** Saves with the time of now, and tells about it once `together` is through. */
  save(contact: Contact): Contact;
  together<R>(work: () => R): R;
}

const same = (a: string | undefined, b: string) => (a ?? '').trim().toLowerCase() === b.trim().toLowerCase();

export function openContacts(
  store: Store,
  clock: Clock,
  { name, seed, news }: { readonly name: string; readonly seed: readonly ContactSeed[]; readonly news: News },
): Contacts {
  const contacts = plantedCollection(store, name, seed, ({ ContactID }) => ContactID);
  return {
    get: (id) => contacts.get(id.toLowerCase()),
    all: contacts.all,
    activeByName: (name) =>
      contacts.all().find(({ ContactStatus, texts }) => ContactStatus === 'ACTIVE' && same(texts.Name, name)),
    byNumber: (number) => contacts.all().find(({ texts }) => same(texts.ContactNumber, number)),
    blank: () => ({
      ContactID: randomUUID(),
      ContactStatus: 'ACTIVE',
      texts: {},
      addresses: {},
      phones: {},
      terms: {},
      updatedAt: clock.now().toISOString(),
    }),
    save: (contact) => {
      const type = contacts.get(contact.ContactID) ? 'UPDATE' : 'CREATE';
      const stamped = { ...contact, updatedAt: clock.now().toISOString() };
      contacts.set(contact.ContactID, stamped);
      news.note({ category: 'CONTACT', id: contact.ContactID, type, at: clock.now() });
      return stamped;
    },
    together: news.together,
  };
}
