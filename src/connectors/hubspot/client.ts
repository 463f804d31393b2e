import type { z } from 'zod';
import type { CallContext } from '../connector.ts';
import type { Limit } from '../http/budget.ts';
import type { Answer } from '../http/call.ts';
import { CallFailed, failure } from '../http/failure.ts';
import type { Effect } from '../http/retry.ts';
import type { ConnectorOptions } from '../options.ts';
import { type BatchAnswer, batchAnswer, searchAnswer } from './schema.ts';
import { hubspotSender, type Sender } from './sign-in.ts';
import { hubspotWords } from './words.ts';

/** HubSpot dates its API inside the path; two a year, each good for eighteen months. */
export const version = '2026-09';

export type ObjectType = 'companies' | 'contacts' | 'products' | 'deals' | 'line_items';

/** A condition of a search. */
export interface Filter {
  readonly propertyName: string;
  readonly operator: string;
  readonly value?: string;
  readonly values?: readonly string[];
}

/** Records modified within `[from, to]`, ms since 1970, both ends included. */
export interface Window {
  readonly from: number;
  readonly to: number;
  /** Of those the ones to which all of any of these lists applies; left out: all. */
  readonly which?: readonly (readonly Filter[])[];
}

export interface SearchPage {
  readonly total: number;
  readonly ids: readonly string[];
  readonly after: string | null;
}

export interface ReadHow {
  readonly properties: readonly string[];
  readonly history?: readonly string[];
  readonly archived?: boolean;
  /** Ids are values of this unique property. */
  readonly idProperty?: string;
  /** What is read, for the log and for the look at what answers are like: "stock of products". The type, if left out. */
  readonly what?: string;
}

export interface WriteInput {
  readonly id: string;
  readonly idProperty?: string;
  readonly objectWriteTraceId: string;
  readonly properties: Readonly<Record<string, string>>;
}

type BatchCall = Promise<Answer<BatchAnswer>>;

/** The calls on records that we make; what HubSpot says comes back unjudged. */
export interface HubSpotClient extends Sender {
  /** The error of a 207 that leaves us without an answer to this: "which contacts belong to 3 companies". */
  unread(what: string): CallFailed;
  search(type: ObjectType, window: Window, after: string | null, call: CallContext): Promise<SearchPage>;
  /** For more records in one millisecond than a search can page through: by id, above `aboveId`. */
  searchById(type: ObjectType, window: Window, aboveId: string, call: CallContext): Promise<SearchPage>;
  batchRead(type: ObjectType, ids: readonly string[], how: ReadHow, call: CallContext): BatchCall;
  batchUpdate(type: ObjectType, inputs: readonly WriteInput[], call: CallContext): BatchCall;
  /** Makes what is not there, found by a unique property: the same call twice leaves the same records. */
  batchUpsert(type: ObjectType, inputs: readonly WriteInput[], call: CallContext): BatchCall;
}

const modifiedIn = (type: ObjectType): string =>
  type === 'contacts' ? 'lastmodifieddate' : 'hs_lastmodifieddate';

export function hubspotClient(options: ConnectorOptions<'hubspot'>): HubSpotClient {
  const sender = hubspotSender(options);
  const post = poster(sender);
  return {
    ...sender,
    unread: (what) =>
      new CallFailed(options.terms.id, failure('unreachable', `${hubspotWords.label} could not say ${what}`)),
    ...searches(post),
    ...batches(post),
  };
}

interface How<T> {
  readonly purpose: string;
  readonly shape: z.ZodType<T>;
  readonly effect: Effect;
  readonly limits?: readonly Limit[];
  readonly query?: Readonly<Record<string, string>>;
}
type Post = <T>(
  type: ObjectType,
  path: string,
  json: unknown,
  how: How<T>,
  call: CallContext,
) => Promise<Answer<T>>;

const poster =
  ({ send }: Sender): Post =>
  (type, path, json, how, call) =>
    send({ ...how, method: 'POST', path: `/crm/objects/${version}/${type}${path}`, body: { json } }, call);

/** Five searches a second for the whole account, all its apps together; one less, as a second is short beside the way to HubSpot. */
const searchLimits: readonly Limit[] = [{ name: 'search', calls: 4, perMs: 1_000 }];

function searches(post: Post): Pick<HubSpotClient, 'search' | 'searchById'> {
  const search = async (
    type: ObjectType,
    { groups, sort, after }: { groups: readonly Filter[][]; sort: string; after: string | null },
    call: CallContext,
  ) => {
    const body = {
      filterGroups: groups.map((filters) => ({ filters })),
      sorts: [{ propertyName: sort, direction: 'ASCENDING' }],
      properties: [modifiedIn(type)],
      limit: 200,
      ...(after === null ? {} : { after }),
    };
    const how = { purpose: `list changed ${type}`, shape: searchAnswer, effect: 'read' } as const;
    const { data } = await post(type, '/search', body, { ...how, limits: searchLimits }, call);
    return {
      total: data.total,
      ids: data.results.map(({ id }) => id),
      after: data.paging?.next?.after ?? null,
    };
  };
  return {
    search: (type, window, after, call) =>
      search(type, { groups: within(type, window), sort: modifiedIn(type), after }, call),
    searchById: (type, window, aboveId, call) => {
      const above = { propertyName: 'hs_object_id', operator: 'GT', value: aboveId };
      const groups = within(type, window).map((filters) => [...filters, above]);
      return search(type, { groups, sort: 'hs_object_id', after: null }, call);
    },
  };
}

function batches(post: Post): Pick<HubSpotClient, 'batchRead' | 'batchUpdate' | 'batchUpsert'> {
  const writing = (purpose: string) => ({ purpose, shape: batchAnswer, effect: 'repeatable' }) as const;
  return {
    batchRead: (type, ids, { properties, history, archived, idProperty, what = type }, call) => {
      const body = {
        inputs: ids.map((id) => ({ id })),
        properties,
        ...(history ? { propertiesWithHistory: history } : {}),
        ...(idProperty ? { idProperty } : {}),
      };
      const how = { purpose: `read ${what}`, shape: batchAnswer, effect: 'read' } as const;
      const query = archived ? { query: { archived: 'true' } } : {};
      return post(type, '/batch/read', body, { ...how, ...query }, call);
    },
    batchUpdate: (type, inputs, call) =>
      post(type, '/batch/update', { inputs }, writing(`update ${type}`), call),
    batchUpsert: (type, inputs, call) =>
      post(type, '/batch/upsert', { inputs }, writing(`make ${type}`), call),
  };
}

function within(type: ObjectType, { from, to, which }: Window): Filter[][] {
  const time = [
    { propertyName: modifiedIn(type), operator: 'GTE', value: String(from) },
    { propertyName: modifiedIn(type), operator: 'LTE', value: String(to) },
  ];
  return which ? which.map((all) => [...time, ...all]) : [time];
}
