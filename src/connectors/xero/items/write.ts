import type { TaxCodes } from '../../../agreement/agreement.ts';
import { refused, sendInBatches } from '../../batches.ts';
import type { CallContext, Write, WriteOutcome } from '../../connector.ts';
import type { XeroClient } from '../client.ts';
import { type Element, elementsOf, elementsPerCall, sendUpdates } from '../elements.ts';
import { itemElement } from './element.ts';
import { readItems } from './read.ts';
import { itemsAnswer } from './schema.ts';

export const itemElements = { id: 'ItemID', name: 'Code' } as const;

/** Updates items by id, fifty a call. They are read first: Xero demands the code, and details go out whole. */
export function writeItems(
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

const gone = 'Xero does not have this item any more, or it cannot be read';

async function sendBatch(
  client: XeroClient,
  taxCodes: TaxCodes,
  batch: readonly Write[],
  call: CallContext,
): Promise<WriteOutcome[]> {
  const ids = batch.map(({ externalId }) => externalId);
  const current = await readItems(client, taxCodes, ids, call);
  const { elements, refused: left } = elementsOf(
    batch,
    ({ externalId, fields }): Element => {
      const before = current.held.get(externalId.toLowerCase());
      if (!before) return { kind: 'impossible', reason: gone };
      const made = itemElement(fields, before, taxCodes);
      return made.kind === 'element' ? { ...made, element: { ItemID: externalId, ...made.element } } : made;
    },
    (write, reason) => refused(write, reason, null),
  );
  const sent = await sendUpdates(elements, {
    keys: itemElements,
    send: (what) =>
      client.put(
        {
          ...what,
          purpose: 'update items',
          method: 'POST',
          plural: 'Items',
          query: { unitdp: '4' },
          shape: itemsAnswer,
        },
        call,
      ),
    listOf: ({ Items }) => Items,
  });
  return [...left, ...sent];
}
