import { type Answer, type Call, json, jsonObject } from '../exchange.ts';
import { associateNew, associationRoute, putAssociation } from './association-routes.ts';
import { relationOf } from './associations.ts';
import {
  batchArchive,
  batchRead,
  batchWrite,
  mergeRecords,
  type ObjectContext,
  refusalOf,
  usable,
} from './batch.ts';
import { portal, recordBody } from './bodies.ts';
import { accountZone } from './door.ts';
import { failure, invalid, notAllowed, notFound } from './errors.ts';
import { finder } from './inputs.ts';
import { type ObjectType, typeNamed } from './object-types.ts';
import { pipelineBody } from './pipelines.ts';
import { propertyRoute } from './property-routes.ts';
import { search } from './search.ts';
import type { CrmRecord, Objects } from './state.ts';
import { textsOf } from './values.ts';

/** How far the search index is behind, ms. */
const indexLagMs = 1000;

/** Addresses of the numbered versions, which still work, as those of 2026-09. */
export function dated(path: string): string {
  return path
    .replace(/^\/crm\/v3\/(objects|pipelines|properties)\//, '/crm/$1/2026-09/')
    .replace(/^\/crm\/v4\/(objects|associations)\//, '/crm/$1/2026-09/')
    .replace(/^\/account-info\/v3\//, '/account-info/2026-03/');
}

/** The vendor's own answer to a call that has passed the door. */
export function answerRoute(call: Call, context: ObjectContext): Answer {
  const [, crm, api, version, first = '', ...rest] = call.path.split('/');
  if (crm === 'account-info') return accountInfo(call);
  if (crm !== 'crm' || version !== '2026-09') return notFound();
  const type = typeNamed(first);
  if (!type) return invalid(`Unable to infer object type from: ${first}`);
  const body = jsonObject(call);
  const route = `${call.method} ${rest.join('/')}`;
  if (api === 'properties') return propertyRoute(route, type, body, context) ?? notAllowed();
  if (api === 'associations') {
    const [segment = '', ...more] = rest;
    const to = typeNamed(segment);
    if (!to || !relationOf(type, to)) return invalid(`Unable to infer object type from: ${segment}`);
    const between = { from: type, to };
    return associationRoute(`${call.method} ${more.join('/')}`, between, body, context) ?? notAllowed();
  }
  if (api === 'pipelines' && type === 'deals' && route === 'GET ')
    return json(200, { results: [pipelineBody] });
  return api === 'objects' ? objectRoute(call, rest, type, context) : notFound();
}

function objectRoute(call: Call, rest: readonly string[], type: ObjectType, context: ObjectContext): Answer {
  const objects = context.objects[type];
  const route = `${call.method} ${rest.join('/')}`;
  if (route === 'GET ') return list(call, objects, context);
  const [id = '', associations, ...ends] = rest;
  if (associations === 'associations' && call.method === 'PUT') {
    const [segment = '', toId = ''] = ends.slice(-2);
    const to = typeNamed(segment);
    if (!to || !relationOf(type, to)) return invalid(`Unable to infer object type from: ${segment}`);
    const asked = ends[0] === 'default' ? 'default' : bodyOf(call);
    return putAssociation({ from: type, to }, { fromId: id, toId }, asked, context);
  }
  if (rest.length === 1 && call.method === 'GET') return readOne(call, id, objects, context);
  if (rest.length === 1 && call.method === 'DELETE') {
    if (usable(objects.get(id), objects)) objects.archive(id, context.source);
    return { status: 204, headers: {}, body: '' };
  }
  const body = jsonObject(call);
  const write = writes[route] ?? (rest.length === 1 && call.method === 'PATCH' ? updateOne(id) : undefined);
  if (!write) return notAllowed();
  return body
    ? write(body, objects, context, call)
    : invalid('Invalid input JSON: the body is not an object');
}

type Write = (
  body: Readonly<Record<string, unknown>>,
  objects: Objects,
  context: ObjectContext,
  call: Call,
) => Answer;

const writes: Readonly<Record<string, Write>> = {
  'POST search': (body, objects, { properties, now }) =>
    search(body, objects, properties, new Date(now().getTime() - indexLagMs)),
  'POST batch/read': (body, objects, context, { query }) =>
    batchRead(body, objects, query.get('archived') === 'true', context),
  'POST batch/create': (body, objects, context) => batchWrite('create', body, objects, context),
  'POST batch/update': (body, objects, context) => batchWrite('update', body, objects, context),
  'POST batch/upsert': (body, objects, context) => batchWrite('upsert', body, objects, context),
  'POST batch/archive': batchArchive,
  'POST merge': mergeRecords,
  'POST ': (body, objects, context) => {
    const input = { id: '', idProperty: null, properties: propertiesIn(body) };
    const refused = refusalOf(input, undefined, objects, context);
    if (refused) return failure(refused.status, refused.category, refused.message);
    const record = objects.create(textsOf(input.properties), context.source);
    const wrong = associateNew(objects.type, record.id, body.associations, context);
    return wrong ? invalid(wrong) : oneBody(201, objects.get(record.id), objects, context, input.properties);
  },
};

const updateOne =
  (id: string): Write =>
  (body, objects, context, call) => {
    const find = finder(call.query.get('idProperty'), objects, context.properties);
    if (typeof find === 'string') return invalid(find);
    const record = usable(find(id), objects);
    if (!record) return notFound();
    const input = { id, idProperty: null, properties: propertiesIn(body) };
    const refused = refusalOf(input, record, objects, context);
    if (refused) return failure(refused.status, refused.category, refused.message);
    objects.update(record.id, textsOf(input.properties), context.source);
    return oneBody(200, objects.get(record.id), objects, context, input.properties);
  };

const propertiesIn = ({ properties }: Readonly<Record<string, unknown>>) =>
  (properties ?? {}) as Readonly<Record<string, unknown>>;

function oneBody(
  status: number,
  record: CrmRecord | undefined,
  { type }: Objects,
  { properties }: ObjectContext,
  written: Readonly<Record<string, unknown>>,
): Answer {
  if (!record) return notFound();
  return json(status, recordBody(record, { type, properties, names: Object.keys(written) }));
}

function bodyOf(call: Call): unknown {
  try {
    return JSON.parse(call.body);
  } catch {
    return null;
  }
}

function namesIn(query: URLSearchParams, key: string): readonly string[] | undefined {
  const names = query
    .getAll(key)
    .flatMap((list) => list.split(','))
    .filter(Boolean);
  return names.length > 0 ? names : undefined;
}

function readOne(call: Call, id: string, objects: Objects, context: ObjectContext): Answer {
  const find = finder(call.query.get('idProperty'), objects, context.properties);
  if (typeof find === 'string') return invalid(find);
  const found = find(id);
  const record = found && objects.find(found.id);
  if (record?.archived !== (call.query.get('archived') === 'true')) return notFound();
  const { type } = objects;
  const names = namesIn(call.query, 'properties');
  const historyOf = namesIn(call.query, 'propertiesWithHistory');
  return json(200, recordBody(record, { type, properties: context.properties, names, historyOf }));
}

/** `GET …/{type}`: by id, 10 a page unless asked, 100 at most. */
function list(call: Call, objects: Objects, { properties }: ObjectContext): Answer {
  const limit = Number(call.query.get('limit') ?? 10);
  if (!Number.isInteger(limit) || limit < 1 || limit > 100) return invalid('limit must be between 1 and 100');
  const after = Number(call.query.get('after') ?? 0);
  const archived = call.query.get('archived') === 'true';
  const page = objects
    .all()
    .filter((record) => record.archived === archived && Number(record.id) > after)
    .sort((a, b) => Number(a.id) - Number(b.id))
    .slice(0, limit + 1);
  const names = namesIn(call.query, 'properties');
  const { type } = objects;
  const results = page.slice(0, limit).map((record) => recordBody(record, { type, properties, names }));
  const last = page[limit - 1]?.id;
  return json(200, {
    results,
    ...(page.length > limit && last ? { paging: { next: { after: last } } } : {}),
  });
}

function accountInfo({ method, path }: Call): Answer {
  if (method !== 'GET' || path !== '/account-info/2026-03/details') return notFound();
  return json(200, {
    portalId: portal.id,
    accountType: 'STANDARD',
    timeZone: accountZone,
    companyCurrency: 'AUD',
    additionalCurrencies: [],
    utcOffset: '+11:00',
    utcOffsetMilliseconds: 39_600_000,
    uiDomain: portal.domain,
    dataHostingLocation: 'ap1',
  });
}
