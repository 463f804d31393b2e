import { type Answer, type Call, empty } from '../exchange.ts';
import { planElement } from './element.ts';
import { notFound } from './errors.ts';
import type { Idempotency } from './idempotency.ts';
import { flag, isUuid, listed, listRecords } from './read.ts';
import type { Contact, Contacts } from './state.ts';
import { contactBody, wrapped } from './wire.ts';
import { type Resource, writeElements } from './write.ts';

export const contactNames = { plural: 'Contacts', idKey: 'ContactID' } as const;

/** `/Contacts` and `/Contacts/{…}`. */
export function answerContacts(
  call: Call,
  one: string | null,
  { contacts, once, now }: { readonly contacts: Contacts; readonly once: Idempotency; readonly now: Date },
): Answer {
  if (call.method === 'GET') {
    return one === null ? listContacts(call, contacts, now) : readContact(call, one, contacts, now);
  }
  if (call.method !== 'POST' && (call.method !== 'PUT' || one !== null)) return empty(405);
  return once(call, () => writeElements(call, one, written(contacts, call.method === 'PUT'), now));
}

/**
 * `GET /Contacts`. Payment terms and contact persons come only with `page`; archived contacts only when asked for, or by id.
 * Source: Xero's OpenAPI description 16.1.0.
 */
function listContacts(call: Call, contacts: Contacts, now: Date): Answer {
  return listRecords(
    call,
    {
      plural: contactNames.plural,
      isPaged: true,
      all: contacts.all,
      orders: {
        ContactID: ({ ContactID }) => ContactID,
        UpdatedDateUTC: ({ updatedAt }) => updatedAt,
        Name: ({ texts }) => (texts.Name ?? '').toLowerCase(),
        EmailAddress: ({ texts }) => texts.EmailAddress ?? '',
      },
      order: 'Name ASC',
      fits: filterOf(call),
      body: contactBody,
    },
    now,
  );
}

function filterOf(call: Call): (contact: Contact) => boolean {
  const ids = listed(call, 'IDs');
  const term = call.query.get('searchTerm')?.toLowerCase() ?? '';
  const archivedToo = flag(call, 'includeArchived');
  return ({ ContactID, ContactStatus, texts }) =>
    (ContactStatus === 'ACTIVE' || archivedToo) &&
    (ids === null || ids.includes(ContactID)) &&
    Object.values(texts).some((text) => text.toLowerCase().includes(term));
}

/** `GET /Contacts/{ContactID or ContactNumber}`: what looks like an id is taken for one, and for nothing else. */
function readContact(call: Call, id: string, contacts: Contacts, now: Date): Answer {
  const contact = isUuid(id) ? contacts.get(id) : contacts.byNumber(id);
  return contact ? wrapped(call, now, { Contacts: [contactBody(contact, true)] }) : notFound();
}

const written = (contacts: Contacts, createOnly: boolean): Resource => ({
  ...contactNames,
  plan: (element) => {
    const planned = planElement(element, contacts, createOnly);
    if (!planned.ok) return planned;
    return { ok: true, save: () => contactBody(contacts.save(planned.contact), true) };
  },
  together: contacts.together,
});
