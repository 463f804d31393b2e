import type { TaxCodes } from '../../../agreement/agreement.ts';
import { refused, sendInBatches } from '../../batches.ts';
import type { CallContext, Write, WriteOutcome } from '../../connector.ts';
import type { XeroClient } from '../client.ts';
import { contactElements, elementsPerCall, sendUpdates } from '../elements.ts';
import { readContacts } from './read.ts';
import { needsCurrent, toElement } from './update.ts';

/** Updates contacts by id, fifty a call. Where a list is touched the contacts are read first, so that the list goes out whole. */
export function writeContacts(
  client: XeroClient,
  taxCodes: TaxCodes,
  writes: readonly Write[],
  call: CallContext,
): Promise<WriteOutcome[]> {
  return sendInBatches(writes, {
    size: elementsPerCall,
    send: (batch) => sendBatch(client, taxCodes, batch, call),
  });
}

async function sendBatch(
  client: XeroClient,
  taxCodes: TaxCodes,
  batch: readonly Write[],
  call: CallContext,
): Promise<WriteOutcome[]> {
  const touching = batch.filter(({ fields }) => needsCurrent(fields)).map(({ externalId }) => externalId);
  const current = await readContacts(client, taxCodes, touching, call);
  const outcomes: WriteOutcome[] = [];
  const elements = new Map<Write, Record<string, unknown>>();
  for (const write of batch) {
    const before = current.contacts.get(write.externalId.toLowerCase()) ?? null;
    if (!before && needsCurrent(write.fields)) {
      outcomes.push(refused(write, 'Xero does not have this contact any more, or it cannot be read', null));
      continue;
    }
    const made = toElement(write.fields, before, taxCodes);
    if (made.kind === 'element') elements.set(write, { ContactID: write.externalId, ...made.element });
    else outcomes.push(refused(write, made.reason, null));
  }
  const sent = await sendUpdates(elements, {
    keys: contactElements,
    send: (what) => client.update(what, call),
    listOf: ({ Contacts }) => Contacts,
  });
  return [...outcomes, ...sent];
}
