import type { z } from 'zod';
import type { CallContext } from '../connector.ts';
import type { Answer, HttpCall } from '../http/call.ts';
import { createHttp } from '../http/client.ts';
import { address, type ConnectorOptions, knownSecrets } from '../options.ts';
import { cin7CoreWords } from './words.ts';

export const cin7CoreBaseUrl = 'https://inventory.dearsystems.com/ExternalApi/v2';
export const pageSize = 1000;
/** From here on a page of a thousand is cheaper than a call for each: there are sixty calls a minute for everything. */
export const fewCalls = 3;

type Query = Readonly<Record<string, string>>;

/** Calls to one account, signed in and counted together. */
export interface Cin7CoreCalls {
  get<T>(
    purpose: string,
    path: string,
    shape: z.ZodType<T>,
    call: CallContext,
    query?: Query,
  ): Promise<Answer<T>>;
  send<T>(
    path: string,
    rest: Pick<HttpCall<T>, 'purpose' | 'method' | 'body' | 'effect' | 'shape'>,
    call: CallContext,
  ): Promise<Answer<T>>;
}

export function cin7CoreCalls(options: ConnectorOptions<'cin7-core'>): Cin7CoreCalls {
  const { terms, credential, http, clock } = options;
  const request = createHttp({
    ...http,
    terms,
    clock,
    words: cin7CoreWords,
    secrets: () => knownSecrets(credential, ['account_id', 'application_key', 'webhook_secret']),
  });
  const base = address(terms.baseUrl, cin7CoreBaseUrl);
  const ask = <T>(path: string, rest: Omit<HttpCall<T>, 'url' | 'headers'>, call: CallContext) => {
    const headers = {
      'api-auth-accountid': credential('account_id'),
      'api-auth-applicationkey': credential('application_key'),
    };
    return request({ ...rest, url: base + path, headers }, call);
  };
  return {
    get: (purpose, path, shape, call, query = {}) =>
      ask(path, { purpose, method: 'GET', query, effect: 'read', shape }, call),
    send: ask,
  };
}

/** Pages count from 1. */
export const inPages = (page: number): Query => ({ Page: String(page), Limit: String(pageSize) });

/** UTC without a zone, as the vendor's page on date formats has it for parameters too: 2012-11-14T13:28:33.363. */
export const cin7Time = (at: Date): string => at.toISOString().slice(0, -1);
