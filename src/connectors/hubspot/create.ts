import { created, createInBatches, inChunks, notCreated } from '../batches.ts';
import { type CallContext, type Create, type CreateOutcome, VendorError, type Write } from '../connector.ts';
import { CallFailed } from '../http/failure.ts';
import { sortOut } from '../records.ts';
import { answerFor } from './answers.ts';
import { writeBillingContacts } from './contacts.ts';
import { markerProperty, toProperties } from './map.ts';
import type { Account } from './read.ts';
import { crmRecord } from './schema.ts';
import { setUpProperties } from './set-up.ts';

const batchSize = 100;

/**
 * Makes companies by upsert on our own id: HubSpot itself sees to it that the same create twice leaves one company. Throws only
 * when nothing was sent.
 */
export function createCompanies(
  account: Account,
  creates: readonly Create[],
  call: CallContext,
): Promise<CreateOutcome[]> {
  return createInBatches(creates, {
    size: batchSize,
    send: async (batch) => {
      try {
        return await upsert(account, batch, call);
      } catch (error) {
        // Without the property all of them would be refused, however small the batch.
        if (!(error instanceof CallFailed) || error.failure !== 'refused' || !isMarkerMissing(error.reason))
          throw error;
        return batch.map((create) => refused(create, error.reason, error.exchangeId));
      }
    },
  });
}

async function upsert(
  account: Account,
  batch: readonly Create[],
  call: CallContext,
): Promise<CreateOutcome[]> {
  const { client, billing } = account;
  const inputs = batch.map((create) => ({
    id: create.marker,
    idProperty: markerProperty,
    objectWriteTraceId: create.key,
    properties: toProperties(partOf(create.fields, billing.mapping.company), billing.mapping.company),
  }));
  const { data, exchangeId } = await client.batchUpsert('companies', inputs, call);
  const told = answerFor(data);
  const outcomes = batch.flatMap((create): CreateOutcome[] => {
    const about = told({ id: create.marker, trace: create.key, idProperty: markerProperty });
    if (about.kind === 'refused') return [refused(create, about.reason, exchangeId)];
    return about.kind === 'done' ? [created(create, about.id, exchangeId)] : [];
  });
  await giveContacts(account, batch, outcomes, call);
  return outcomes;
}

/** The companies are there, whatever becomes of their contacts: what is missing is seen when they are read back, and written again. */
async function giveContacts(
  account: Account,
  batch: readonly Create[],
  outcomes: readonly CreateOutcome[],
  call: CallContext,
): Promise<void> {
  const made = new Map(
    outcomes.flatMap((one) => (one.kind === 'created' ? [[one.key, one.externalId]] : [])),
  );
  const writes = batch.flatMap(({ key, changeId, fields }): Write[] => {
    const externalId = made.get(key);
    const part = partOf(fields, account.billing.mapping.contact);
    return externalId && Object.keys(part).length > 0 ? [{ key, changeId, externalId, fields: part }] : [];
  });
  try {
    await writeBillingContacts(account, writes, call);
  } catch (error) {
    if (!(error instanceof VendorError)) throw error;
  }
}

const partOf = (fields: Create['fields'], mapped: object): Create['fields'] =>
  Object.fromEntries(Object.entries(fields).filter(([field]) => Object.hasOwn(mapped, field)));

/** Which of these companies are there: found by our own id, which no two companies have. Throws VendorError. */
export async function findMade(
  { client }: Account,
  creates: readonly Pick<Create, 'marker'>[],
  call: CallContext,
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const batch of inChunks(creates, batchSize)) {
    const ids = batch.map(({ marker }) => marker);
    const how = { properties: [markerProperty], idProperty: markerProperty };
    const { data } = await client.batchRead('companies', ids, how, call);
    for (const { id, properties } of sortOut(data.results, crmRecord, (one) => one.id).good) {
      const marker = ids.find((one) => one.toLowerCase() === properties[markerProperty]?.toLowerCase());
      if (marker) found.set(marker, id);
    }
  }
  return found;
}

/** HubSpot knows no property by our id's name: it must be made first, and that needs a person's word. */
const isMarkerMissing = (reason: string) => reason.includes(markerProperty) && !/already has/i.test(reason);

const refused = (create: Create, reason: string, exchangeId: number | null): CreateOutcome => {
  const remedy = `HubSpot has no property ${markerProperty} yet: the step “${setUpProperties}” of this connection makes it (${reason})`;
  return notCreated(create, isMarkerMissing(reason) ? remedy : reason, exchangeId);
};
