import type { z } from 'zod';
import type { CallContext } from '../connector.ts';
import type { Answer } from '../http/call.ts';
import { createHttp } from '../http/client.ts';
import { createPace } from '../http/pace.ts';
import type { Effect } from '../http/retry.ts';
import { address, type ConnectorOptions, knownSecrets } from '../options.ts';
import { properties } from './map.ts';
import { batchAnswer, searchAnswer } from './schema.ts';
import { hubspotWords } from './words.ts';

/** HubSpot's page on which a person lets an app in. */
export const hubspotAuthUrl = 'https://app.hubspot.com';
export const hubspotBaseUrl = 'https://api.hubapi.com';
/** HubSpot dates its API inside the path; two a year, each good for eighteen months. */
const version = '2026-09';

/** Companies modified within `[from, to]`, ms since 1970, both ends included. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

interface SearchPage {
  readonly total: number;
  readonly ids: readonly string[];
  readonly after: string | null;
}

export interface HubSpotClient {
  search(window: Window, after: string | null, call: CallContext): Promise<SearchPage>;
  /** For more companies in one millisecond than a search can page through: by id, above `aboveId`. */
  searchById(window: Window, aboveId: string, call: CallContext): Promise<SearchPage>;
  batchRead(
    ids: readonly string[],
    how: { history: boolean; archived: boolean },
    call: CallContext,
  ): BatchCall;
  batchUpdate(inputs: readonly UpdateInput[], call: CallContext): BatchCall;
}
type BatchCall = Promise<Answer<z.infer<typeof batchAnswer>>>;

interface UpdateInput {
  readonly id: string;
  readonly objectWriteTraceId: string;
  readonly properties: Readonly<Record<string, string>>;
}

export function hubspotClient({
  terms,
  credential,
  http,
  clock,
}: ConnectorOptions<'hubspot'>): HubSpotClient {
  const send = createHttp({
    ...http,
    terms,
    clock,
    words: hubspotWords,
    // 100 per 10 s on the smallest plan, shared with nobody; a little less, as clocks differ.
    limits: [{ calls: 90, perMs: 10_000 }],
    secrets: () => knownSecrets(credential, ['token', 'webhook_secret']),
  });
  // Five searches a second for the whole account, all its apps together.
  const searchPace = createPace([{ calls: 4, perMs: 1_000 }], clock);
  const companies = `${address(terms.baseUrl, hubspotBaseUrl)}/crm/objects/${version}/companies`;

  const post = <T>(
    path: string,
    json: unknown,
    how: {
      purpose: string;
      shape: z.ZodType<T>;
      effect: Effect;
      pace?: typeof searchPace;
      query?: Record<string, string>;
    },
    call: CallContext,
  ) =>
    send<T>(
      {
        ...how,
        method: 'POST',
        url: companies + path,
        headers: { authorization: `Bearer ${credential('token')}` },
        body: { json },
      },
      call,
    );

  const search = async (
    filters: readonly object[],
    sort: string,
    after: string | null,
    call: CallContext,
  ) => {
    const body = {
      filterGroups: [{ filters }],
      sorts: [{ propertyName: sort, direction: 'ASCENDING' }],
      properties: ['hs_lastmodifieddate'],
      limit: 200,
      ...(after === null ? {} : { after }),
    };
    const how = {
      purpose: 'list changed companies',
      shape: searchAnswer,
      effect: 'read',
      pace: searchPace,
    } as const;
    const { data } = await post('/search', body, how, call);
    return {
      total: data.total,
      ids: data.results.map(({ id }) => id),
      after: data.paging?.next?.after ?? null,
    };
  };

  return {
    search: (window, after, call) => search(within(window), 'hs_lastmodifieddate', after, call),
    searchById: (window, aboveId, call) =>
      search(
        [...within(window), { propertyName: 'hs_object_id', operator: 'GT', value: aboveId }],
        'hs_object_id',
        null,
        call,
      ),
    batchRead: (ids, { history, archived }, call) =>
      post(
        '/batch/read',
        {
          inputs: ids.map((id) => ({ id })),
          properties: [...properties, 'hs_lastmodifieddate'],
          ...(history ? { propertiesWithHistory: properties } : {}),
        },
        {
          purpose: 'read companies',
          shape: batchAnswer,
          effect: 'read',
          ...(archived ? { query: { archived: 'true' } } : {}),
        },
        call,
      ),
    batchUpdate: (inputs, call) =>
      post(
        '/batch/update',
        { inputs },
        { purpose: 'update companies', shape: batchAnswer, effect: 'repeatable' },
        call,
      ),
  };
}

const within = ({ from, to }: Window) => [
  { propertyName: 'hs_lastmodifieddate', operator: 'GTE', value: String(from) },
  { propertyName: 'hs_lastmodifieddate', operator: 'LTE', value: String(to) },
];
