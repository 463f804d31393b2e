import type { z } from 'zod';
import type { CallContext } from '../../connector.ts';
import type { Answer } from '../../http/call.ts';
import { type Elements, type Lists, pageSize } from '../client.ts';
import { contactsAnswer } from './schema.ts';

type Contacts = Promise<Answer<z.infer<typeof contactsAnswer>>>;

export interface ContactsClient {
  /** Contacts modified at or after `since` (null = all), archived ones too, by their ids' order. Pages count from 1. */
  list(since: Date | null, page: number, call: CallContext): Contacts;
  byIds(ids: readonly string[], call: CallContext): Contacts;
  /** The contact with this ContactNumber; null where there is none. */
  byNumber(contactNumber: string, call: CallContext): Promise<Awaited<Contacts> | null>;
  update(what: Elements, call: CallContext): Contacts;
  /** PUT, which never touches a contact that is there. */
  create(what: Elements, call: CallContext): Contacts;
}

export function contactsClient({ get, find, put }: Lists): ContactsClient {
  const contacts = { path: 'Contacts', shape: contactsAnswer } as const;
  const written = { plural: 'Contacts', shape: contactsAnswer } as const;
  return {
    // In the order of ids a contact that is saved while we page pushes others back, never past us.
    list: (since, page, call) => {
      const query = paged({ page: String(page), pageSize: String(pageSize), order: 'ContactID ASC' });
      return get({ ...contacts, purpose: 'read changed contacts', query, since }, call);
    },
    // Payment terms come only with a page.
    byIds: (ids, call) => {
      const query = paged({ IDs: ids.join(','), page: '1', pageSize: '100' });
      return get({ ...contacts, purpose: 'read contacts', query }, call);
    },
    byNumber: (contactNumber, call) => {
      const path = `${contacts.path}/${encodeURIComponent(contactNumber)}`;
      return find({ ...contacts, purpose: 'look for a contact that we made', path }, call);
    },
    update: (what, call) => put({ ...what, ...written, purpose: 'update contacts', method: 'POST' }, call),
    create: (what, call) => put({ ...what, ...written, purpose: 'create contacts', method: 'PUT' }, call),
  };
}

const paged = (query: Readonly<Record<string, string>>) => ({ ...query, includeArchived: 'true' });
