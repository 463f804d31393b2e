import { type InvoiceHands, invoiceHands } from './books/invoice-screen.ts';
import { type ItemHands, itemHands } from './books/item-screen.ts';
import type { Books } from './books/state.ts';
import type { Connections } from './organisations.ts';
import { mainOrganisation } from './organisations.ts';
import type { Contact } from './state.ts';
import type { Tokens } from './token.ts';

/** What people do in the real Xero away from a contact's page; for tests and scripts. */
export interface XeroControls {
  /** The screens of products and services, and of sales, of the main organisation. */
  readonly items: ItemHands;
  readonly invoices: InvoiceHands;
  /** Merges a contact into another: it stays, archived, and names the other. Throws where one is not there. */
  merge(loser: string, winner: string): void;
  archive(contactId: string): void;
  /** A request under the GDPR: the contact is out of use for good. */
  erase(contactId: string): void;
  /** Somebody disconnects the organisation in Xero: its tokens go on being renewed, and open nothing. Left out: the main one. */
  disconnect(organisation?: string): void;
  /** All access and refresh tokens end at once. */
  revokeTokens(): void;
}

export function createControls(books: Books, connections: Connections, tokens: Tokens): XeroControls {
  const { contacts } = books;
  const change = (id: string, more: Partial<Contact>) => {
    const held = contacts.get(id);
    if (!held) throw new Error(`Xero has no contact ${id}`);
    contacts.together(() => contacts.save({ ...held, ...more }));
  };
  return {
    items: itemHands(books),
    invoices: invoiceHands(books),
    merge: (loser, winner) => {
      if (!contacts.get(winner)) throw new Error(`Xero has no contact ${winner}`);
      change(loser, { ContactStatus: 'ARCHIVED', mergedTo: winner });
    },
    archive: (id) => change(id, { ContactStatus: 'ARCHIVED' }),
    erase: (id) => change(id, { ContactStatus: 'GDPRREQUEST' }),
    disconnect: (organisation = mainOrganisation.id) => connections.disconnect(organisation),
    revokeTokens: tokens.revokeAll,
  };
}
