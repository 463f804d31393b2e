import type { z } from 'zod';
import type { CallContext } from '../../connector.ts';
import type { Answer } from '../../http/call.ts';
import { type Cin7CoreCalls, cin7Time, inPages } from '../calls.ts';
import { customersAnswer, writtenAnswer } from './schema.ts';

type Answered<S extends z.ZodType> = Promise<Answer<z.infer<S>>>;
type Customers = Answered<typeof customersAnswer>;
type Written = Answered<typeof writtenAnswer>;

export interface CustomersClient {
  /** Customers modified since (null = all), deprecated ones too, with all their fields. Pages count from 1. */
  list(since: Date | null, page: number, call: CallContext): Customers;
  byId(id: string, call: CallContext): Customers;
  /** Customers whose name begins with this, deprecated ones too. */
  byName(beginning: string, page: number, call: CallContext): Customers;
  /** One customer per call; `repeatable` unless the body adds an address or a contact. */
  update(body: unknown, effect: 'repeatable' | 'once', call: CallContext): Written;
  /** Never sent twice: the same customer again is refused, but by its name alone. */
  add(body: unknown, call: CallContext): Written;
}

export function customersClient({ get, send }: Cin7CoreCalls): CustomersClient {
  const customers = (purpose: string, query: Readonly<Record<string, string>>, call: CallContext) =>
    get(purpose, '/customer', customersAnswer, call, { ...query, IncludeDeprecated: 'true' });
  const written = { shape: writtenAnswer } as const;
  return {
    list: (since, page, call) =>
      since
        ? customers('read changed customers', { ...inPages(page), ModifiedSince: cin7Time(since) }, call)
        : customers('read customers', inPages(page), call),
    byId: (id, call) => customers('read a customer', { ID: id, Page: '1', Limit: '100' }, call),
    byName: (beginning, page, call) =>
      customers('look for a customer’s name', { ...inPages(page), Name: beginning }, call),
    update: (json, effect, call) =>
      send(
        '/customer',
        { purpose: 'update a customer', method: 'PUT', body: { json }, effect, ...written },
        call,
      ),
    add: (json, call) =>
      send(
        '/customer',
        { purpose: 'create a customer', method: 'POST', body: { json }, effect: 'once', ...written },
        call,
      ),
  };
}
