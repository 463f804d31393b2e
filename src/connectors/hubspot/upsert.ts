import { created, createInBatches, inChunks, notCreated } from '../batches.ts';
import type { CallContext, Create, CreateOutcome } from '../connector.ts';
import { CallFailed } from '../http/failure.ts';
import { sortOut } from '../records.ts';
import { answerFor } from './answers.ts';
import type { HubSpotClient, ObjectType } from './client.ts';
import { batchSize, markerProperty } from './objects.ts';
import { crmRecord } from './schema.ts';

interface Making {
  readonly type: ObjectType;
  /** The set-up step that makes the property of our own id. */
  readonly step: string;
  propertiesOf(fields: Create['fields']): Readonly<Record<string, string>>;
  /** What is done with those of a batch that were made. Throws nothing. */
  afterwards?(batch: readonly Create[], outcomes: readonly CreateOutcome[]): Promise<void>;
}

/**
 * Makes records by upsert on our own id: HubSpot itself sees to it that the same create twice leaves one record. Throws only when
 * nothing was sent.
 */
export function makeRecords(
  client: HubSpotClient,
  making: Making,
  creates: readonly Create[],
  call: CallContext,
): Promise<CreateOutcome[]> {
  return createInBatches(creates, {
    size: batchSize,
    send: async (batch) => {
      try {
        return await upsert(client, making, batch, call);
      } catch (error) {
        // Without the property all of them would be refused, however small the batch.
        if (!(error instanceof CallFailed) || error.failure !== 'refused' || !isMarkerMissing(error.reason))
          throw error;
        return batch.map((create) => refused(making, create, error.reason, error.exchangeId));
      }
    },
  });
}

async function upsert(
  client: HubSpotClient,
  making: Making,
  batch: readonly Create[],
  call: CallContext,
): Promise<CreateOutcome[]> {
  const inputs = batch.map((create) => ({
    id: create.marker,
    idProperty: markerProperty,
    objectWriteTraceId: create.key,
    properties: making.propertiesOf(create.fields),
  }));
  const { data, exchangeId } = await client.batchUpsert(making.type, inputs, call);
  const told = answerFor(data);
  const outcomes = batch.flatMap((create): CreateOutcome[] => {
    const about = told({ id: create.marker, trace: create.key, idProperty: markerProperty });
    if (about.kind === 'refused') return [refused(making, create, about.reason, exchangeId)];
    return about.kind === 'done' ? [created(create, about.id, exchangeId)] : [];
  });
  await making.afterwards?.(batch, outcomes);
  return outcomes;
}

/** Which of these records are there: found by our own id, which no two have. Throws VendorError. */
export async function findMade(
  client: HubSpotClient,
  type: ObjectType,
  creates: readonly Pick<Create, 'marker'>[],
  call: CallContext,
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const batch of inChunks(creates, batchSize)) {
    const ids = batch.map(({ marker }) => marker);
    const how = { properties: [markerProperty], idProperty: markerProperty };
    const { data } = await client.batchRead(type, ids, how, call);
    for (const { id, properties } of sortOut(data.results, crmRecord, (one) => one.id).good) {
      const marker = ids.find((one) => one.toLowerCase() === properties[markerProperty]?.toLowerCase());
      if (marker) found.set(marker, id);
    }
  }
  return found;
}

/** HubSpot knows no property by our id's name: it must be made first, and that needs a person's word. */
const isMarkerMissing = (reason: string) => reason.includes(markerProperty) && !/already has/i.test(reason);

function refused({ step }: Making, create: Create, reason: string, exchangeId: number | null): CreateOutcome {
  const remedy = `HubSpot has no property ${markerProperty} yet: the step “${step}” of this connection makes it (${reason})`;
  return notCreated(create, isMarkerMissing(reason) ? remedy : reason, exchangeId);
}
