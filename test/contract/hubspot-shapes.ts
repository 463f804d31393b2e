import { z } from 'zod';
import type { Exchange } from './openapi.ts';

/**
 * What goes between a client and HubSpot's API of 2026-09, as its description, its guides and its official client have it, in
 * our own words. Strict on purpose, on both sides: a key that nobody described is a finding.
 */
interface Operation {
  readonly name: string;
  readonly method: string;
  readonly path: RegExp;
  readonly query?: z.ZodType;
  /** The body, JSON or form; left out where there is none. */
  readonly request?: z.ZodType;
  /** By status; anything else must be an error. */
  readonly answers: Readonly<Record<number, z.ZodType>>;
}

const instant = z.iso.datetime({ offset: true });
const id = z.string().regex(/^\d+$/);
const text = z.string().min(1);
const texts = z.array(text).max(1000);
const batchOf = <T extends z.ZodType>(input: T, most = 100) =>
  z.strictObject({ inputs: z.array(input).min(1).max(most) });

const historyEntry = z.strictObject({
  value: z.string(),
  timestamp: instant,
  sourceType: z.enum(['CRM_UI', 'INTEGRATION', 'IMPORT', 'CALCULATED', 'MERGE_COMPANIES', 'MERGE_CONTACTS']),
  sourceId: text,
  sourceLabel: text,
  updatedByUserId: z.number().optional(),
});

const record = z.strictObject({
  id,
  properties: z.record(text, z.string().nullable()),
  propertiesWithHistory: z.record(text, z.array(historyEntry)).optional(),
  createdAt: instant,
  updatedAt: instant,
  archived: z.boolean(),
  archivedAt: instant.optional(),
  url: z.url(),
  objectWriteTraceId: z.string().optional(),
});

const problem = z.strictObject({
  status: z.literal('error'),
  category: z.enum(['VALIDATION_ERROR', 'OBJECT_NOT_FOUND', 'CONFLICT', 'OBJECT_ALREADY_EXISTS']),
  message: text,
  context: z.record(text, z.array(z.string())),
  links: z.record(z.string(), z.string()),
  subCategory: z.string().optional(),
});

const whole = <T extends z.ZodType>(result: T) =>
  z.strictObject({
    status: z.literal('COMPLETE'),
    results: z.array(result),
    startedAt: instant,
    completedAt: instant,
  });
const partly = <T extends z.ZodType>(result: T) =>
  whole(result).extend({ numErrors: z.int().positive(), errors: z.array(problem).min(1) });

/** Every field of an error is optional, by HubSpot's own word; but for the token end point these are always there. */
const error = z.looseObject({ status: text, message: text, correlationId: z.uuid() });

const batchRead = z
  .strictObject({
    inputs: z
      .array(z.strictObject({ id: text }))
      .min(1)
      .max(100),
    properties: texts,
    propertiesWithHistory: texts.optional(),
    idProperty: text.optional(),
  })
  .refine(
    (body) => !body.propertiesWithHistory || body.inputs.length <= 50,
    '50 inputs at most with histories',
  );

const writeInput = z.strictObject({
  id: text,
  idProperty: text.optional(),
  objectWriteTraceId: text,
  properties: z.record(text, z.string()),
});
const distinctTraces = (body: { inputs: { objectWriteTraceId: string }[] }) =>
  new Set(body.inputs.map((input) => input.objectWriteTraceId)).size === body.inputs.length;

const operators =
  'BETWEEN CONTAINS_TOKEN EQ GT GTE HAS_PROPERTY IN LT LTE NEQ NOT_CONTAINS_TOKEN NOT_HAS_PROPERTY NOT_IN'.split(
    ' ',
  );
const filter = z.strictObject({
  propertyName: text,
  operator: z.enum(operators),
  value: z.string().optional(),
  highValue: z.string().optional(),
  values: z.array(z.string()).optional(),
});
const searchBody = z.strictObject({
  filterGroups: z.array(z.strictObject({ filters: z.array(filter).min(1).max(6) })).max(5),
  sorts: z
    .array(z.strictObject({ propertyName: text, direction: z.enum(['ASCENDING', 'DESCENDING']) }))
    .max(1),
  properties: texts,
  limit: z.int().min(1).max(200),
  after: z.string().regex(/^\d+$/).optional(),
});

const kind = z.strictObject({
  category: z.enum(['HUBSPOT_DEFINED', 'USER_DEFINED', 'INTEGRATOR_DEFINED']),
  typeId: z.int(),
  label: z.string().nullable(),
});
const end = z.strictObject({ id });
const spec = z.strictObject({
  associationCategory: z.enum(['HUBSPOT_DEFINED', 'USER_DEFINED', 'INTEGRATOR_DEFINED']),
  associationTypeId: z.int(),
});
const next = z.strictObject({ next: z.strictObject({ after: text, link: z.url().optional() }) });

const option = z.strictObject({
  label: text,
  value: text,
  displayOrder: z.int(),
  hidden: z.boolean().optional(),
  description: z.string().optional(),
});
const propertyCreate = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9_]*$/),
  label: text,
  type: z.enum(['string', 'number', 'date', 'datetime', 'enumeration', 'bool']),
  fieldType: z.enum(['text', 'textarea', 'select', 'radio', 'checkbox', 'booleancheckbox', 'number', 'date']),
  groupName: text,
  options: z.array(option).optional(),
  hasUniqueValue: z.boolean().optional(),
});
const property = z.looseObject({
  name: text,
  label: text,
  type: text,
  fieldType: text,
  groupName: text,
  description: z.string(),
  options: z.array(option),
  hasUniqueValue: z.boolean(),
  calculated: z.boolean(),
  hubspotDefined: z.boolean(),
  modificationMetadata: z.looseObject({ archivable: z.boolean(), readOnlyValue: z.boolean() }),
});

const dated = { createdAt: instant, updatedAt: instant, archived: z.boolean() };
const pipeline = z.strictObject({
  id: text,
  label: text,
  displayOrder: z.int(),
  stages: z.array(
    z.strictObject({
      id: text,
      label: text,
      displayOrder: z.int(),
      metadata: z.record(text, z.string()),
      writePermissions: text,
      ...dated,
    }),
  ),
  ...dated,
});

const objects = (call: string) =>
  new RegExp(`^/crm/objects/2026-09/(companies|contacts|products|deals|line_items)${call}$`);
const related = 'companies/contacts|contacts/companies|deals/companies|deals/line_items|line_items/deals';
const associations = (call: string) => new RegExp(`^/crm/associations/2026-09/(${related})${call}$`);
const properties = (call: string) =>
  new RegExp(`^/crm/properties/2026-09/(companies|products|deals)${call}$`);

export const operations: readonly Operation[] = [
  {
    name: 'search',
    method: 'POST',
    path: objects('/search'),
    request: searchBody,
    answers: { 200: z.strictObject({ total: z.int(), results: z.array(record), paging: next.optional() }) },
  },
  {
    name: 'batch read',
    method: 'POST',
    path: objects('/batch/read'),
    query: z.strictObject({ archived: z.enum(['true', 'false']).optional() }),
    request: batchRead,
    answers: { 200: whole(record), 207: partly(record) },
  },
  {
    name: 'batch update',
    method: 'POST',
    path: objects('/batch/update'),
    request: batchOf(writeInput).refine(distinctTraces, 'trace ids differ'),
    answers: { 200: whole(record), 207: partly(record) },
  },
  {
    name: 'batch upsert',
    method: 'POST',
    path: objects('/batch/upsert'),
    request: batchOf(writeInput.required({ idProperty: true })).refine(distinctTraces, 'trace ids differ'),
    answers: {
      200: whole(record.extend({ new: z.boolean() })),
      201: whole(record.extend({ new: z.literal(true) })),
      207: partly(record.extend({ new: z.boolean() })),
    },
  },
  {
    name: 'list',
    method: 'GET',
    path: objects(''),
    query: z.strictObject({ limit: z.string().regex(/^\d{1,2}$|^100$/) }),
    answers: { 200: z.strictObject({ results: z.array(record), paging: next.optional() }) },
  },
  {
    name: 'read associations',
    method: 'POST',
    path: associations('/batch/read'),
    request: batchOf(z.strictObject({ id, after: z.string().optional() }), 1000),
    answers: Object.fromEntries(
      [whole, partly].map((shape, at) => [
        at === 0 ? 200 : 207,
        shape(
          z.strictObject({
            from: end,
            to: z.array(z.strictObject({ toObjectId: id, associationTypes: z.array(kind).min(1) })),
            paging: next.optional(),
          }),
        ),
      ]),
    ),
  },
  {
    name: 'associate under a label',
    method: 'POST',
    path: associations('/batch/create'),
    request: batchOf(z.strictObject({ from: end, to: end, types: z.array(spec).min(1) }), 2000),
    answers: {
      201: whole(
        z.strictObject({
          fromObjectTypeId: z.enum(['0-1', '0-2']),
          fromObjectId: id,
          toObjectTypeId: z.enum(['0-1', '0-2']),
          toObjectId: id,
          labels: z.array(text),
        }),
      ),
    },
  },
  {
    name: 'associate',
    method: 'POST',
    path: associations('/batch/associate/default'),
    request: batchOf(z.strictObject({ from: end, to: end }), 2000),
    answers: { 200: whole(z.strictObject({ from: end, to: end, associationSpec: spec })) },
  },
  {
    name: 'list labels',
    method: 'GET',
    path: associations('/labels'),
    answers: { 200: z.strictObject({ results: z.array(kind) }) },
  },
  {
    name: 'list properties',
    method: 'GET',
    path: properties(''),
    answers: { 200: z.strictObject({ results: z.array(property) }) },
  },
  {
    name: 'create property',
    method: 'POST',
    path: properties(''),
    request: propertyCreate,
    answers: { 201: property },
  },
  {
    name: 'create property group',
    method: 'POST',
    path: properties('/groups'),
    request: z.strictObject({ name: text, label: text, displayOrder: z.int() }),
    answers: {
      201: z.strictObject({ name: text, label: text, displayOrder: z.int(), archived: z.boolean() }),
    },
  },
  {
    name: 'list pipelines',
    method: 'GET',
    path: /^\/crm\/pipelines\/2026-09\/deals$/,
    answers: { 200: z.strictObject({ results: z.array(pipeline).min(1) }) },
  },
  {
    name: 'account details',
    method: 'GET',
    path: /^\/account-info\/2026-03\/details$/,
    answers: {
      200: z.strictObject({
        portalId: z.int(),
        accountType: text,
        timeZone: text,
        companyCurrency: text,
        additionalCurrencies: z.array(text),
        utcOffset: text,
        utcOffsetMilliseconds: z.int(),
        uiDomain: text,
        dataHostingLocation: text,
      }),
    },
  },
  {
    name: 'token',
    method: 'POST',
    path: /^\/oauth\/2026-09\/token$/,
    request: z.discriminatedUnion('grant_type', [
      z.strictObject({
        grant_type: z.literal('authorization_code'),
        client_id: text,
        client_secret: text,
        code: text,
        code_verifier: text,
        redirect_uri: z.url(),
      }),
      z.strictObject({
        grant_type: z.literal('refresh_token'),
        client_id: text,
        client_secret: text,
        refresh_token: text,
      }),
    ]),
    answers: {
      200: z.strictObject({
        access_token: text.max(512),
        refresh_token: text,
        expires_in: z.literal(1800),
        token_type: z.literal('bearer'),
        token_use: text,
        hub_id: z.int(),
        user_id: z.int(),
        scopes: z.array(text),
      }),
    },
  },
  {
    name: 'key info',
    method: 'POST',
    path: /^\/oauth\/v2\/private-apps\/get\/access-token-info$/,
    request: z.strictObject({ tokenKey: text }),
    answers: {
      200: z.strictObject({ userId: z.int(), hubId: z.int(), appId: z.int(), scopes: z.array(text) }),
    },
  },
];

/** What is wrong with an exchange, a line each; and which operation it was. */
export function check(exchange: Exchange): {
  readonly name: string | null;
  readonly problems: readonly string[];
} {
  const url = new URL(exchange.url, 'http://hubspot');
  const operation = operations.find(
    ({ method, path }) => method === exchange.method && path.test(url.pathname),
  );
  if (!operation) return { name: null, problems: [`no such call: ${exchange.method} ${url.pathname}`] };
  const problems = [
    ...failed('query', operation.query ?? z.strictObject({}), Object.fromEntries(url.searchParams)),
    ...(operation.request ? failed('request', operation.request, bodyIn(exchange)) : []),
    ...failed('answer', operation.answers[exchange.status] ?? errorAt(exchange.status), answerIn(exchange)),
    ...(authorised(exchange, url) ? [] : ['request: no bearer token']),
  ];
  return { name: operation.name, problems: problems.map((one) => `${operation.name}, ${one}`) };
}

const errorAt = (status: number): z.ZodType => (status >= 400 ? error : z.never());

const authorised = ({ headers }: Exchange, { pathname }: URL): boolean =>
  pathname.startsWith('/oauth/') || /^Bearer \S+$/.test(headers.authorization ?? '');

function bodyIn({ headers, body }: Exchange): unknown {
  const isForm = headers['content-type'] === 'application/x-www-form-urlencoded';
  return isForm ? Object.fromEntries(new URLSearchParams(body)) : answerIn({ answer: body });
}

function answerIn({ answer }: Pick<Exchange, 'answer'>): unknown {
  try {
    return JSON.parse(answer);
  } catch {
    return answer;
  }
}

function failed(side: string, shape: z.ZodType, value: unknown): string[] {
  const issues = shape.safeParse(value).error?.issues ?? [];
  return issues.map(({ path, message }) => `${side} ${path.map(String).join('.')}: ${message}`);
}
