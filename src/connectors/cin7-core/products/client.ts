import type { z } from 'zod';
import type { CallContext } from '../../connector.ts';
import type { Answer } from '../../http/call.ts';
import { type Cin7CoreCalls, cin7Time, inPages } from '../calls.ts';
import { categoriesAnswer, productsAnswer, unitsAnswer, writtenAnswer } from './schema.ts';

type Answered<S extends z.ZodType> = Promise<Answer<z.infer<S>>>;
type Products = Answered<typeof productsAnswer>;

export interface ProductsClient {
  /** Products modified since (null = all), deprecated ones too. Pages count from 1. */
  list(since: Date | null, page: number, call: CallContext): Products;
  byId(id: string, call: CallContext): Products;
  /** Products whose SKU holds this, deprecated ones too. */
  bySku(part: string, page: number, call: CallContext): Products;
  /** One product per call; may be sent again. */
  update(body: unknown, call: CallContext): Answered<typeof writtenAnswer>;
  /** Never sent twice: the same product again is refused, but by its SKU alone. */
  add(body: unknown, call: CallContext): Answered<typeof writtenAnswer>;
  units(call: CallContext): Answered<typeof unitsAnswer>;
  categories(call: CallContext): Answered<typeof categoriesAnswer>;
}

export function productsClient({ get, send }: Cin7CoreCalls): ProductsClient {
  const products = (purpose: string, query: Readonly<Record<string, string>>, call: CallContext) =>
    get(purpose, '/product', productsAnswer, call, { ...query, IncludeDeprecated: 'true' });
  return {
    list: (since, page, call) =>
      since
        ? products('read changed products', { ...inPages(page), ModifiedSince: cin7Time(since) }, call)
        : products('read products', inPages(page), call),
    byId: (id, call) => products('read a product', { ID: id, Page: '1', Limit: '100' }, call),
    bySku: (part, page, call) => products('look for a SKU', { ...inPages(page), Sku: part }, call),
    update: (json, call) =>
      send(
        '/product',
        { ...one('update a product', json), method: 'PUT', effect: 'repeatable', shape: writtenAnswer },
        call,
      ),
    add: (json, call) =>
      send(
        '/product',
        { ...one('create a product', json), method: 'POST', effect: 'once', shape: writtenAnswer },
        call,
      ),
    units: (call) => get('read units', '/ref/unit', unitsAnswer, call, inPages(1)),
    categories: (call) => get('read categories', '/ref/category', categoriesAnswer, call, inPages(1)),
  };
}

const one = (purpose: string, json: unknown) => ({ purpose, body: { json } });
