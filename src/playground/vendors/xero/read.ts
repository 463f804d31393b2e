import type { Answer, Call } from '../exchange.ts';
import { exception } from './errors.ts';
import { wrapped } from './wire.ts';

/** The only format that counts: UTC without a zone. Any other is taken for no condition at all, without a word. */
const xeroTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?$/;

export const flag = (call: Call, name: string) => call.query.get(name)?.toLowerCase() === 'true';

/** A list in the query, in lower case; null where it is not there. */
export const listed = (call: Call, name: string): readonly string[] | null =>
  call.query
    .get(name)
    ?.split(',')
    .map((part) => part.trim().toLowerCase()) ?? null;

/** A kind of record that is read as a list. */
export interface Listing<T extends { readonly updatedAt: string }> {
  /** The key of the list: `Contacts`. */
  readonly plural: string;
  /** False for lists that Xero sends whole, whatever `page` says. */
  readonly isPaged: boolean;
  all(): readonly T[];
  /** What it can be ordered by. */
  readonly orders: Readonly<Record<string, (record: T) => string>>;
  /** `Name ASC`. */
  readonly order: string;
  /** Beside If-Modified-Since. */
  fits?(record: T): boolean;
  /** `whole` adds what comes only with a page or for one record. */
  body(record: T, whole: boolean): Readonly<Record<string, unknown>>;
}

/** `GET` of a list. Source: Xero's OpenAPI description 16.1.0, issues of the SDKs on If-Modified-Since. */
export function listRecords<T extends { readonly updatedAt: string }>(
  call: Call,
  listing: Listing<T>,
  now: Date,
): Answer {
  const { query, headers } = call;
  const { plural, fits = () => true, body } = listing;
  if (query.get('where')) {
    return exception(call, { number: 16, message: 'This practice Xero does not take “where”.' });
  }
  const order = readOrder(query.get('order') ?? listing.order, listing.orders);
  if (!order) return exception(call, { number: 16, message: `Cannot order by ${query.get('order')}` });
  const modified = headers['if-modified-since'] ?? '';
  const since = xeroTime.test(modified) ? Date.parse(`${modified.slice(0, 19)}Z`) : Number.NEGATIVE_INFINITY;
  const found = listing
    .all()
    .filter((record) => Date.parse(record.updatedAt) >= since && fits(record))
    .sort(order);
  if (!listing.isPaged || !query.has('page')) {
    return wrapped(call, now, { [plural]: found.map((record) => body(record, !listing.isPaged)) });
  }
  const page = Math.max(1, Math.trunc(Number(query.get('page'))) || 1);
  const pageSize = Math.min(1000, Math.max(1, Math.trunc(Number(query.get('pageSize') ?? 100)) || 100));
  const whole = !flag(call, 'summaryOnly');
  return wrapped(call, now, {
    pagination: { page, pageSize, pageCount: Math.ceil(found.length / pageSize), itemCount: found.length },
    [plural]: found.slice((page - 1) * pageSize, page * pageSize).map((record) => body(record, whole)),
  });
}

function readOrder<T>(
  order: string,
  keys: Readonly<Record<string, (record: T) => string>>,
): ((a: T, b: T) => number) | null {
  const [key = '', direction = 'ASC'] = order.trim().split(/\s+/);
  const of = Object.hasOwn(keys, key) ? keys[key] : undefined;
  if (!of) return null;
  const sign = direction.toUpperCase().startsWith('DESC') ? -1 : 1;
  return (a, b) => (of(a) < of(b) ? -sign : of(a) > of(b) ? sign : 0);
}

export const isUuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
