import type { TaxCodes } from '../../../agreement/agreement.ts';
import { created, createInBatches, notCreated } from '../../batches.ts';
import type { CallContext, Create, CreateOutcome } from '../../connector.ts';
import { redactText } from '../../http/redact.ts';
import { sortOut } from '../../records.ts';
import type { XeroClient } from '../client.ts';
import { type Element, elementsOf, elementsPerCall, sendCreates, type Verdict } from '../elements.ts';
import { itemElement } from './element.ts';
import { listItems } from './read.ts';
import { item, itemsAnswer } from './schema.ts';
import { itemElements } from './write.ts';

/** Makes items by PUT, fifty a call: a POST with a code that is there would overwrite that item. */
export function createItems(
  client: XeroClient,
  taxCodes: TaxCodes,
  creates: readonly Create[],
  call: CallContext,
): Promise<CreateOutcome[]> {
  return createInBatches(creates, {
    size: elementsPerCall,
    send: (batch) => sendBatch(client, taxCodes, batch, call),
  });
}

async function sendBatch(
  client: XeroClient,
  taxCodes: TaxCodes,
  batch: readonly Create[],
  call: CallContext,
): Promise<CreateOutcome[]> {
  const { elements, refused } = elementsOf(
    batch,
    ({ fields }): Element => {
      const made = itemElement(fields, null, taxCodes);
      const lacksCode = made.kind === 'element' && !made.element.Code;
      return lacksCode ? { kind: 'impossible', reason: 'an item in Xero needs its code' } : made;
    },
    (create, reason) => notCreated(create, reason, null),
  );
  if (elements.size === 0) return [...refused];
  const { verdicts, exchangeId } = await sendCreates(elements, {
    keys: itemElements,
    send: (what) =>
      client.put(
        {
          purpose: 'create items',
          method: 'PUT',
          plural: 'Items',
          query: { unitdp: '4' },
          shape: itemsAnswer,
          ...what,
        },
        call,
      ),
    listOf: ({ Items }) => Items,
    isOf: (create, name) => name.trim().toLowerCase() === codeIn(create),
  });
  return [...refused, ...verdicts.flatMap(([create, verdict]) => outcomeOf(create, verdict, exchangeId))];
}

/** None where the answer names no id: then it is looked for, and not made again. */
function outcomeOf(create: Create, { id, reason }: Verdict, exchangeId: number): CreateOutcome[] {
  if (reason !== null) return [notCreated(create, redactText(reason), exchangeId, saysCodeTaken(reason))];
  return id === null ? [] : [created(create, id, exchangeId)];
}

/** "Price List Item with Code 'X' already exists": nothing was made. */
const saysCodeTaken = (reason: string): boolean => /with code .* already exists/is.test(reason);

const codeIn = ({ fields }: Pick<Create, 'fields'>) =>
  String(fields.sku ?? '')
    .trim()
    .toLowerCase();

/**
 * Which of these are there after all: by code, which only one item can have, in the whole list. An item that somebody else made of
 * the same code meanwhile is the same product.
 */
export async function findMadeItems(
  client: XeroClient,
  creates: readonly Pick<Create, 'marker' | 'fields'>[],
  call: CallContext,
): Promise<ReadonlyMap<string, string>> {
  const { data } = await listItems(client, null, call);
  const { good } = sortOut(data.Items, item, ({ ItemID }) => ItemID);
  const byCode = new Map(good.map(({ Code, ItemID }) => [Code.trim().toLowerCase(), ItemID.toLowerCase()]));
  return new Map(
    creates.flatMap((create) => {
      const id = byCode.get(codeIn(create));
      return id === undefined ? [] : [[create.marker, id] as const];
    }),
  );
}
