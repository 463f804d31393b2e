import { refused, saved, sendInBatches } from '../batches.ts';
import { type CallContext, VendorError, type Write, type WriteOutcome } from '../connector.ts';
import { answerFor } from './answers.ts';
import type { HubSpotClient, ObjectType } from './client.ts';

/** Updates records by id, a hundred a call. The same update twice leaves the same record, so it may be sent again. */
export function updateRecords(
  client: HubSpotClient,
  type: ObjectType,
  writes: readonly Write[],
  propertiesOf: (fields: Write['fields']) => Readonly<Record<string, string>>,
  call: CallContext,
): Promise<WriteOutcome[]> {
  return sendInBatches(writes, {
    size: 100,
    send: async (batch) => {
      const inputs = batch.map((write) => ({
        id: write.externalId,
        objectWriteTraceId: write.key,
        properties: propertiesOf(write.fields),
      }));
      const { data, exchangeId } = await client.batchUpdate(type, inputs, call);
      const told = answerFor(data);
      return batch.flatMap((write): WriteOutcome[] => {
        const about = told({ id: write.externalId, trace: write.key });
        if (about.kind === 'refused') return [refused(write, about.reason, exchangeId)];
        return about.kind === 'done' ? [saved(write, exchangeId, about.updatedAt)] : [];
      });
    },
  });
}

/** Once something went out, a call that could not be sent is an outcome like any other. */
export async function settled(
  writes: readonly Write[],
  someWentOut: boolean,
  send: () => Promise<WriteOutcome[]>,
): Promise<WriteOutcome[]> {
  if (writes.length === 0) return [];
  try {
    return await send();
  } catch (error) {
    if (!someWentOut || !(error instanceof VendorError)) throw error;
    const { message, exchangeId } = error;
    return writes.map(({ key }) => ({ kind: 'unknown', key, reason: `not sent: ${message}`, exchangeId }));
  }
}
