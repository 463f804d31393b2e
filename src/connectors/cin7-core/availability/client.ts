import type { z } from 'zod';
import type { CallContext } from '../../connector.ts';
import type { Answer } from '../../http/call.ts';
import { type Cin7CoreCalls, inPages } from '../calls.ts';
import { availabilityAnswer } from './schema.ts';

type Rows = Promise<Answer<z.infer<typeof availabilityAnswer>>>;

/** There is no changed-since here: a parameter of that name is passed over in silence. Pages count from 1. */
export interface AvailabilityClient {
  list(page: number, call: CallContext): Rows;
  byProduct(productId: string, page: number, call: CallContext): Rows;
}

export function availabilityClient({ get }: Cin7CoreCalls): AvailabilityClient {
  const path = '/ref/productavailability';
  return {
    list: (page, call) => get('read stock', path, availabilityAnswer, call, inPages(page)),
    byProduct: (ID, page, call) =>
      get('read the stock of a product', path, availabilityAnswer, call, { ID, ...inPages(page) }),
  };
}
