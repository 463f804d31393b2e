import { refused, saved, sendInBatches } from '../batches.ts';
import type { CallContext, Write, WriteOutcome } from '../connector.ts';
import type { Cin7CoreClient } from './client.ts';
import { readCustomers } from './read.ts';
import { toUpdate } from './update.ts';

/** Fields that live in a customer's addresses and contacts: their ids must be known, or another one is added. */
const nested = ['billing_address', 'email', 'phone'];

/** Updates customers by id, one call each: Cin7 Core has no other way. The ones with addresses or contacts are read before, together. */
export async function writeCustomers(
  client: Cin7CoreClient,
  writes: readonly Write[],
  call: CallContext,
): Promise<WriteOutcome[]> {
  const touching = writes.filter(({ fields }) => nested.some((field) => field in fields));
  const before = await readCustomers(
    client,
    touching.map(({ externalId }) => externalId),
    call,
  );
  return sendInBatches(writes, {
    size: 1,
    send: async ([write]) => {
      if (!write) return [];
      const current = before.customers.get(write.externalId) ?? null;
      if (!current && touching.includes(write)) {
        return [refused(write, 'Cin7 Core does not have this customer any more, or it cannot be read', null)];
      }
      const update = toUpdate(write.fields, current ?? { ID: write.externalId });
      if (!update) return [saved(write, null)];
      const { exchangeId } = await client.update(update.body, update.adds ? 'once' : 'repeatable', call);
      return [saved(write, exchangeId)];
    },
  });
}
