import { refused, saved, sendInBatches } from '../batches.ts';
import type { CallContext, Write, WriteOutcome } from '../connector.ts';
import { redactText } from '../http/redact.ts';
import type { HubSpotClient } from './client.ts';
import { toProperties } from './map.ts';
import { type BatchError, batchError } from './schema.ts';
import { plain } from './words.ts';

/** Updates companies by id, a hundred a call. The same update twice leaves the same company, so it may be sent again. */
export function writeCompanies(
  client: HubSpotClient,
  writes: readonly Write[],
  call: CallContext,
): Promise<WriteOutcome[]> {
  return sendInBatches(writes, {
    size: 100,
    send: async (batch) => {
      const inputs = batch.map((write) => ({
        id: write.externalId,
        objectWriteTraceId: write.key,
        properties: toProperties(write.fields),
      }));
      const { data, exchangeId } = await client.batchUpdate(inputs, call);
      const done = new Set(data.results.map(idOf));
      const errors = (data.errors ?? []).map((error) => batchError.catch({}).parse(error));
      return batch.flatMap((write): WriteOutcome[] => {
        const error = errors.find((one) => names(one, write)) ?? null;
        if (error) return [refused(write, words(error), exchangeId)];
        if (done.has(write.externalId)) return [saved(write, exchangeId)];
        // Neither saved nor named: an error that names nobody is about those who are left.
        const nameless = errors.find((one) => namedIn(one).length === 0);
        return nameless ? [refused(write, words(nameless), exchangeId)] : [];
      });
    },
  });
}

const idOf = (result: unknown): string | null => {
  const { id } = (typeof result === 'object' && result !== null ? result : {}) as { id?: unknown };
  return id === undefined ? null : String(id);
};

/** An error of a 207 names its inputs by id or by our trace id, under keys that differ from error to error. */
const namedIn = (error: BatchError): string[] =>
  [error.context?.ids, error.context?.id, error.context?.objectWriteTraceId, error.id]
    .flat()
    .filter((name) => name !== undefined && name !== null)
    .map(String);

const names = (error: BatchError, write: Write): boolean =>
  namedIn(error).some((name) => name === write.externalId || name === write.key);

function words(error: BatchError): string {
  if (error.category === 'OBJECT_NOT_FOUND') return 'HubSpot does not have this company any more';
  return redactText(plain(error.message ?? error.category ?? 'no reason given'));
}
