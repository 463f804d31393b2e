import type { TaxCodes } from '../../../agreement/agreement.ts';
import type { Connector } from '../../connector.ts';
import type { Lists } from '../client.ts';
import { elementsPerCall } from '../elements.ts';
import { idsPerCall } from '../pages.ts';
import { xeroWords } from '../words.ts';
import { contactsClient } from './client.ts';
import { createContacts, findMadeContacts } from './create.ts';
import { project, supports } from './map.ts';
import { contactMarking } from './mark.ts';
import { changedContacts, readContacts } from './read.ts';
import { writeContacts } from './write.ts';

/** Xero's contacts as customers. */
export function xeroCustomers(lists: Lists, taxCodes: TaxCodes): Connector {
  const client = contactsClient(lists);
  return {
    label: xeroWords.label,
    role: 'contact',
    // Before a write the contacts are read, so that their lists go out whole.
    costs: () => ({
      read: { calls: 1, records: idsPerCall },
      write: { calls: 2, records: elementsPerCall },
      create: { calls: 1, records: elementsPerCall },
    }),
    lagMs: 5_000,
    overlapMs: 120_000,
    canUpdate: true,
    canCreate: true,
    supports,
    project,
    changed: (since, _until, call) => changedContacts(client, taxCodes, since, call),
    read: async (ids, call) => (await readContacts(client, taxCodes, ids, call)).items,
    write: (writes, call) => writeContacts(client, taxCodes, writes, call),
    create: (creates, call) => createContacts(client, taxCodes, creates, call),
    findMade: (creates, call) => findMadeContacts(client, creates, call),
    marking: contactMarking(client, taxCodes),
  };
}
