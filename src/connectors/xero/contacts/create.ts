import type { TaxCodes } from '../../../agreement/agreement.ts';
import { created, createInBatches, notCreated } from '../../batches.ts';
import { type CallContext, type Create, type CreateOutcome, VendorError } from '../../connector.ts';
import { redactText } from '../../http/redact.ts';
import {
  contactElements,
  type Element,
  elementsOf,
  elementsPerCall,
  sendCreates,
  type Verdict,
  verdictsOf,
} from '../elements.ts';
import { saysNameTaken, saysNumberTaken } from '../words.ts';
import type { ContactsClient } from './client.ts';
import { toElement } from './element.ts';
import { contactNumberOf } from './marker.ts';

/**
 * Makes contacts by PUT, fifty a call, each with our record's id as its ContactNumber. Never by POST: without an id that falls
 * through to the name, and overwrites whoever has it. A number that is taken is our own contact of an earlier try.
 */
export function createContacts(
  client: ContactsClient,
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
  client: ContactsClient,
  taxCodes: TaxCodes,
  batch: readonly Create[],
  call: CallContext,
): Promise<CreateOutcome[]> {
  const { elements, refused } = elementsOf(
    batch,
    ({ fields, marker }): Element => {
      const made = toElement(fields, null, taxCodes);
      const ContactNumber = contactNumberOf(marker);
      return made.kind === 'element' ? { ...made, element: { ...made.element, ContactNumber } } : made;
    },
    (create, reason) => notCreated(create, reason, null),
  );
  const outcomes: CreateOutcome[] = [...refused];
  if (elements.size === 0) return outcomes;
  const { verdicts, exchangeId } = await sendCreates(elements, {
    keys: contactElements,
    send: (what) => client.create(what, call),
    listOf: ({ Contacts }) => Contacts,
    isOf: ({ marker }, name) => name.toLowerCase() === contactNumberOf(marker),
  });
  for (const [create, verdict] of verdicts) {
    const outcome = await outcomeOf(client, create, { verdict, exchangeId, call });
    if (outcome) outcomes.push(outcome);
  }
  return outcomes;
}

/** Null where nobody can say whether it was made: then it is looked for, and not made again. */
async function outcomeOf(
  client: ContactsClient,
  create: Create,
  answer: { readonly verdict: Verdict; readonly exchangeId: number; readonly call: CallContext },
): Promise<CreateOutcome | null> {
  const { exchangeId, verdict, call } = answer;
  const { reason, id } = verdict;
  if (reason === null) return id === null ? null : created(create, id, exchangeId);
  if (saysNumberTaken(reason)) {
    // The others of this answer are made, whatever becomes of this question.
    const found = await findOne(client, create.marker, call).catch((error: unknown) => {
      if (error instanceof VendorError) return null;
      throw error;
    });
    if (found === null) return null;
    const [made] = found;
    if (made) return created(create, made, exchangeId);
  }
  return notCreated(create, redactText(reason), exchangeId, saysNameTaken(reason));
}

/** Which of these were made after all, by their ContactNumber: marker → ContactID. */
export async function findMadeContacts(
  client: ContactsClient,
  creates: readonly Pick<Create, 'marker'>[],
  call: CallContext,
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const { marker } of creates) {
    for (const id of await findOne(client, marker, call)) found.set(marker, id);
  }
  return found;
}

async function findOne(
  client: ContactsClient,
  marker: string,
  call: CallContext,
): Promise<readonly string[]> {
  const number = contactNumberOf(marker);
  const answer = await client.byNumber(number, call);
  return verdictsOf(answer?.data.Contacts ?? [], contactElements).flatMap(({ id, name }) =>
    id !== null && name?.toLowerCase() === number ? [id] : [],
  );
}
