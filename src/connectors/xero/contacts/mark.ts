import type { TaxCodes } from '../../../agreement/agreement.ts';
import { markInBatches, refused } from '../../batches.ts';
import type { CallContext, Mark, Marking, WriteOutcome } from '../../connector.ts';
import { contactElements, elementsPerCall, sendUpdates } from '../elements.ts';
import type { ContactsClient } from './client.ts';
import { contactNumberOf } from './marker.ts';
import { readContacts } from './read.ts';
import type { Contact } from './schema.ts';

/**
 * Our id as the ContactNumber of contacts that are there, fifty a call. The number may be another program's: the contacts are read
 * right before, and one that has any number but ours is left alone. By ContactID, so that a POST finds no other contact.
 */
export const contactMarking = (client: ContactsClient, taxCodes: TaxCodes): Marking => ({
  place: 'the contact’s code (ContactNumber), where that is empty',
  cost: { calls: 2, records: elementsPerCall },
  mark: (marks, call) =>
    markInBatches(marks, {
      size: elementsPerCall,
      send: (batch) => sendBatch(client, taxCodes, batch, call),
    }),
});

async function sendBatch(
  client: ContactsClient,
  taxCodes: TaxCodes,
  batch: readonly Mark[],
  call: CallContext,
): Promise<WriteOutcome[]> {
  const ids = batch.map(({ externalId }) => externalId);
  const { contacts } = await readContacts(client, taxCodes, ids, call);
  const why = new Map(batch.map((one) => [one, inTheWay(one, contacts.get(one.externalId.toLowerCase()))]));
  const elements = new Map(
    batch
      .filter((one) => why.get(one) === null)
      .map((one) => [one, { ContactID: one.externalId, ContactNumber: contactNumberOf(one.marker) }]),
  );
  const sent = await sendUpdates(elements, {
    keys: contactElements,
    send: (what) => client.update(what, call),
    listOf: ({ Contacts }) => Contacts,
  });
  const left = batch.flatMap((one) => {
    const reason = why.get(one) ?? null;
    return reason === null ? [] : [refused(one, reason, null)];
  });
  return [...left, ...sent];
}

/** Why a contact's number is not written; null where it may be. */
function inTheWay({ marker, instead }: Mark, contact: Contact | undefined): string | null {
  if (!contact) return 'Xero does not have this contact any more, or it cannot be read';
  if ((contact.ContactStatus ?? 'ACTIVE') !== 'ACTIVE') return 'it is archived in Xero';
  const number = contact.ContactNumber?.trim().toLowerCase() ?? '';
  const ours = [marker, ...(instead === null ? [] : [instead])].map((id) =>
    contactNumberOf(id).toLowerCase(),
  );
  return number === '' || ours.includes(number) ? null : 'another program’s number is there';
}
