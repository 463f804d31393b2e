import { randomUUID } from 'node:crypto';
import { type Answer, type Call, empty, json, text } from '../exchange.ts';
import { inFormat } from './wire.ts';

/** 401 and 403. Sources: Xero's page on troubleshooting, issues of the SDKs (xero-node#320, Xero-NetStandard#298). */
export const unauthorised = (status: 401 | 403, detail: string): Answer =>
  json(status, {
    Type: null,
    Title: status === 401 ? 'Unauthorized' : 'Forbidden',
    Status: status,
    Detail: detail,
    Instance: randomUUID(),
    Extensions: {},
  });

export const badRequest = (detail: string): Answer =>
  json(400, {
    Type: null,
    Title: 'Bad Request',
    Status: 400,
    Detail: detail,
    Instance: randomUUID(),
    Extensions: {},
  });

export const notFound = (): Answer => text(404, 'The resource you’re looking for cannot be found');

/** 10 validation, 14 unreadable body, 16 unreadable query. */
export function exception(
  call: Call,
  error: { readonly number: 10 | 14 | 16; readonly message: string; readonly elements?: readonly unknown[] },
): Answer {
  const type = { 10: 'ValidationException', 14: 'PostDataInvalidException', 16: 'QueryParseException' }[
    error.number
  ];
  const body = { ErrorNumber: error.number, Type: type, Message: error.message };
  return inFormat(call, 400, 'ApiException', error.elements ? { ...body, Elements: error.elements } : body);
}

/** Too many calls: all is in the headers, the body is empty. `seconds` null where Xero does not say how long. */
export const limited = (
  problem: 'minute' | 'day' | 'appminute' | 'concurrent',
  seconds: number | null,
): Answer =>
  empty(429, {
    'x-rate-limit-problem': problem,
    ...(seconds === null ? {} : { 'retry-after': String(seconds) }),
  });
