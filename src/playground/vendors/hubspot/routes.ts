import { type Answer, type Call, json, jsonObject } from '../exchange.ts';
import { batchRead, batchUpdate } from './batch.ts';
import { failure, invalid, notFound } from './errors.ts';
import { companyProperties, defaultProperties, describeProperty } from './properties.ts';
import { search } from './search.ts';
import { type Companies, companyBody, type Source } from './state.ts';

interface Context {
  readonly companies: Companies;
  readonly source: Source;
  /** Properties that go by another name at the moment. */
  readonly unknown: readonly string[];
  now(): Date;
}

/** How far the search index is behind, ms. */
const indexLagMs = 1000;

/** The vendor's own answer to a call that has passed the door. */
export function answerRoute(call: Call, context: Context): Answer {
  const [, crm, api, version, type = '', ...rest] = call.path.split('/');
  if (crm !== 'crm' || version !== '2026-09') return notFound();
  if (type !== 'companies' && type !== '0-2') return invalid(`Unable to infer object type from: ${type}`);
  const route = `${call.method} ${rest.join('/')}`;
  if (api === 'properties' && route === 'GET ') {
    return json(200, { results: companyProperties.map(describeProperty) });
  }
  if (api !== 'objects') return notFound();
  if (route === 'GET ') return list(call, context.companies);
  const [id = ''] = rest;
  if (call.method === 'GET' && rest.length === 1) return readOne(call, id, context.companies);
  const post = posts[route];
  if (!post) return failure(405, 'METHOD_NOT_ALLOWED', 'This practice HubSpot does not know this call');
  const body = jsonObject(call);
  return body ? post(body, call, context) : invalid('Invalid input JSON: the body is not an object');
}

type Post = (body: Readonly<Record<string, unknown>>, call: Call, context: Context) => Answer;

const posts: Readonly<Record<string, Post>> = {
  'POST search': (body, _, { companies, now }) =>
    search(body, companies.all(), new Date(now().getTime() - indexLagMs)),
  'POST batch/read': (body, { query }, { companies, now }) =>
    batchRead(body, companies, query.get('archived') === 'true', now()),
  'POST batch/update': (body, _, { companies, ...how }) => batchUpdate(body, companies, how),
};

const namesIn = (query: URLSearchParams, key: string): readonly string[] =>
  query
    .getAll(key)
    .flatMap((names) => names.split(','))
    .filter(Boolean);

function asked({ query }: Call): Parameters<typeof companyBody>[1] {
  const names = namesIn(query, 'properties');
  return names.length > 0 ? names : defaultProperties;
}

function readOne(call: Call, id: string, companies: Companies): Answer {
  const company = companies.get(id);
  const archived = call.query.get('archived') === 'true';
  if (company?.archived !== archived) return notFound();
  const historyOf = namesIn(call.query, 'propertiesWithHistory');
  return json(200, companyBody(company, asked(call), historyOf.length > 0 ? { historyOf } : {}));
}

/** `GET …/companies`: by id, 10 a page unless asked, 100 at most. */
function list(call: Call, companies: Companies): Answer {
  const limit = Number(call.query.get('limit') ?? 10);
  if (!Number.isInteger(limit) || limit < 1 || limit > 100) return invalid('limit must be between 1 and 100');
  const after = Number(call.query.get('after') ?? 0);
  const archived = call.query.get('archived') === 'true';
  const all = companies.all().filter((company) => company.archived === archived);
  const page = all
    .filter(({ id }) => Number(id) > after)
    .sort((a, b) => Number(a.id) - Number(b.id))
    .slice(0, limit + 1);
  const results = page.slice(0, limit).map((company) => companyBody(company, asked(call)));
  const last = page[limit - 1]?.id;
  return json(200, {
    results,
    ...(page.length > limit && last ? { paging: { next: { after: last } } } : {}),
  });
}
