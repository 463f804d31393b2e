import type { TaxCodes } from '../../../agreement/agreement.ts';
import { refused, saved, sendInBatches } from '../../batches.ts';
import type { CallContext, Write, WriteOutcome } from '../../connector.ts';
import { readByIds } from '../reading.ts';
import { utc } from '../values.ts';
import { toUpdate } from './body.ts';
import type { CustomersClient } from './client.ts';
import { customersOf } from './read.ts';
import { customer } from './schema.ts';

/** Fields that live in a customer's addresses and contacts: their ids must be known, or another one is added. */
const nested = ['billing_address', 'delivery_address', 'email', 'phone', 'mobile'];

/** Updates customers by id, one call each: Cin7 Core has no other way. The ones with addresses or contacts are read before, together. */
export async function writeCustomers(
  client: CustomersClient,
  codes: TaxCodes,
  writes: readonly Write[],
  call: CallContext,
): Promise<WriteOutcome[]> {
  const touching = writes.filter(({ fields }) => nested.some((field) => field in fields));
  const ids = touching.map(({ externalId }) => externalId);
  const before = await readByIds(customersOf(client, codes), ids, call);
  return sendInBatches(writes, {
    size: 1,
    send: async ([write]) => {
      if (!write) return [];
      const current = before.records.get(write.externalId) ?? null;
      if (!current && touching.includes(write)) {
        return [refused(write, 'Cin7 Core does not have this customer any more, or it cannot be read', null)];
      }
      const body = toUpdate(write.fields, current ?? { ID: write.externalId }, codes);
      if (body.kind === 'impossible') return [refused(write, body.reason, null)];
      if (body.kind === 'nothing') return [saved(write, null)];
      const { data, exchangeId } = await client.update(body.json, body.adds ? 'once' : 'repeatable', call);
      const now = customer.safeParse(data.CustomerList[0]);
      return [saved(write, exchangeId, now.success ? utc(now.data.LastModifiedOn) : null)];
    },
  });
}
