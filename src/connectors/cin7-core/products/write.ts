import type { TaxCodes } from '../../../agreement/agreement.ts';
import { refused, saved, sendInBatches } from '../../batches.ts';
import type { CallContext, Write, WriteOutcome } from '../../connector.ts';
import { utc } from '../values.ts';
import { toUpdate } from './body.ts';
import type { ProductsClient } from './client.ts';
import { product } from './schema.ts';

/** Updates products by id, one call each: Cin7 Core has no other way. */
export const writeProducts = (
  client: ProductsClient,
  codes: TaxCodes,
  writes: readonly Write[],
  call: CallContext,
): Promise<WriteOutcome[]> =>
  sendInBatches(writes, {
    size: 1,
    send: async ([write]) => {
      if (!write) return [];
      const body = toUpdate(write.externalId, write.fields, codes);
      if (body.kind === 'impossible') return [refused(write, body.reason, null)];
      if (body.kind === 'nothing') return [saved(write, null)];
      const { data, exchangeId } = await client.update(body.json, call);
      const now = product.safeParse(data.Products[0]);
      return [saved(write, exchangeId, now.success ? utc(now.data.LastModifiedOn) : null)];
    },
  });
