import type { TaxCodes } from '../../../agreement/agreement.ts';
import { refused, sendInBatches } from '../../batches.ts';
import type { CallContext, Write, WriteOutcome } from '../../connector.ts';
import { contactElements, type Element, elementsOf, elementsPerCall, sendUpdates } from '../elements.ts';
import type { ContactsClient } from './client.ts';
import { needsCurrent, toElement } from './element.ts';
import { readContacts } from './read.ts';

/** Updates contacts by id, fifty a call. Where a list is touched the contacts are read first, so that the list goes out whole. */
export function writeContacts(
  client: ContactsClient,
  taxCodes: TaxCodes,
  writes: readonly Write[],
  call: CallContext,
): Promise<WriteOutcome[]> {
  return sendInBatches(writes, {
    size: elementsPerCall,
    send: (batch) => sendBatch(client, taxCodes, batch, call),
  });
}

const gone = 'Xero does not have this contact any more, or it cannot be read';

async function sendBatch(
  client: ContactsClient,
  taxCodes: TaxCodes,
  batch: readonly Write[],
  call: CallContext,
): Promise<WriteOutcome[]> {
  const touching = batch.filter(({ fields }) => needsCurrent(fields)).map(({ externalId }) => externalId);
  const current = await readContacts(client, taxCodes, touching, call);
  const { elements, refused: left } = elementsOf(
    batch,
    ({ externalId, fields }): Element => {
      const before = current.contacts.get(externalId.toLowerCase()) ?? null;
      if (!before && needsCurrent(fields)) return { kind: 'impossible', reason: gone };
      const made = toElement(fields, before, taxCodes);
      return made.kind === 'element'
        ? { ...made, element: { ContactID: externalId, ...made.element } }
        : made;
    },
    (write, reason) => refused(write, reason, null),
  );
  const sent = await sendUpdates(elements, {
    keys: contactElements,
    send: (what) => client.update(what, call),
    listOf: ({ Contacts }) => Contacts,
  });
  return [...left, ...sent];
}
