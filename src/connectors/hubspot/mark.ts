import { markInBatches, refused, saved } from '../batches.ts';
import type { Marking, WriteOutcome } from '../connector.ts';
import { answerFor } from './answers.ts';
import type { HubSpotClient, ObjectType } from './client.ts';
import { batchSize, markerProperty } from './objects.ts';

/**
 * Our id in objects that are there: a property of our own, a hundred in a call. The same update twice leaves the same object. A
 * value that somebody typed there between the engine's look and this is written over: HubSpot has no way to ask first.
 */
export const objectMarking = (client: HubSpotClient, type: ObjectType): Marking => ({
  place: `the property ${markerProperty}`,
  cost: { calls: 1, records: batchSize },
  mark: (marks, call) =>
    markInBatches(marks, {
      size: batchSize,
      send: async (batch) => {
        const inputs = batch.map(({ key, externalId, marker }) => ({
          id: externalId,
          objectWriteTraceId: key,
          properties: { [markerProperty]: marker },
        }));
        const { data, exchangeId } = await client.batchUpdate(type, inputs, call);
        const told = answerFor(data);
        return batch.flatMap((one): WriteOutcome[] => {
          const about = told({ id: one.externalId, trace: one.key });
          if (about.kind === 'refused') return [refused(one, about.reason, exchangeId)];
          return about.kind === 'done' ? [saved(one, exchangeId, about.updatedAt)] : [];
        });
      },
    }),
});
