import { createHash } from 'node:crypto';
import { refused, saved, sendInBatches } from '../batches.ts';
import type { CallContext, Write, WriteOutcome } from '../connector.ts';
import { redactText } from '../http/redact.ts';
import type { XeroClient } from './client.ts';
import { readContacts } from './read.ts';
import { writtenContact } from './schema.ts';
import { needsCurrent, toElement } from './update.ts';

/** Updates contacts by id, fifty a call. Where a list is touched the contacts are read first, so that the list goes out whole. */
export function writeContacts(
  client: XeroClient,
  writes: readonly Write[],
  call: CallContext,
): Promise<WriteOutcome[]> {
  return sendInBatches(writes, { size: 50, send: (batch) => sendBatch(client, batch, call) });
}

async function sendBatch(
  client: XeroClient,
  batch: readonly Write[],
  call: CallContext,
): Promise<WriteOutcome[]> {
  const touching = batch.filter(({ fields }) => needsCurrent(fields)).map(({ externalId }) => externalId);
  const current = await readContacts(client, touching, call);
  const outcomes: WriteOutcome[] = [];
  const elements = new Map<Write, Record<string, unknown>>();
  for (const write of batch) {
    const before = current.contacts.get(write.externalId.toLowerCase()) ?? null;
    if (!before && needsCurrent(write.fields)) {
      outcomes.push(refused(write, 'Xero does not have this contact any more, or it cannot be read', null));
      continue;
    }
    const made = toElement(write.externalId, write.fields, before);
    if (made.kind === 'element') elements.set(write, made.element);
    else outcomes.push(refused(write, made.reason, null));
  }
  if (elements.size === 0) return outcomes;
  const body = [...elements.values()];
  const { data, exchangeId } = await client.update(body, keyOf([...elements.keys()], body), call);
  const answers = data.Contacts.map((element) => writtenContact.catch({}).parse(element));
  for (const write of elements.keys()) {
    const answer = answers.find(
      ({ ContactID }) => ContactID?.toLowerCase() === write.externalId.toLowerCase(),
    );
    if (answer) outcomes.push(outcomeOf(write, answer, exchangeId));
  }
  return outcomes;
}

function outcomeOf(
  write: Write,
  answer: ReturnType<typeof writtenContact.parse>,
  exchangeId: number,
): WriteOutcome {
  const errors = (answer.ValidationErrors ?? []).map(({ Message }) => Message).filter(Boolean);
  const bad = answer.StatusAttributeString === 'ERROR' || answer.HasValidationErrors || errors.length > 0;
  if (!bad) return saved(write, exchangeId);
  return refused(write, redactText(errors.join('; ') || 'no reason given'), exchangeId);
}

/** One key for exactly this request of these intents: Xero refuses a key that comes with another body. */
const keyOf = (writes: readonly Write[], body: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify([writes.map(({ key }) => key), body]))
    .digest('hex');
