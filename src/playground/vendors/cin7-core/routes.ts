import { type Answer, type Call, html, json, jsonObject } from '../exchange.ts';
import { failure } from './errors.ts';
import { planWrite } from './rules.ts';
import { type Customer, type Customers, customerBody, newCustomer, paymentTerms } from './state.ts';

export const basePath = '/ExternalApi/v2';

/** The vendor's own answer to a call that has passed the door. A path that is not there gets a page, with status 200. */
export function answerRoute(call: Call, customers: Customers): Answer {
  const path = call.path.slice(basePath.length).replace(/\/$/, '').toLowerCase();
  const route = call.path.toLowerCase().startsWith(basePath.toLowerCase()) ? routes[path] : undefined;
  if (!route) return html(200, 'Cin7 Core');
  const method = route[call.method];
  return method ? method(call, customers) : failure(405, 'Method not allowed');
}

type Method = (call: Call, customers: Customers) => Answer;

const routes: Readonly<Record<string, Readonly<Record<string, Method>>>> = {
  '/customer': { GET: listCustomers, PUT: updateCustomer, POST: createCustomer },
  '/ref/paymentterm': {
    GET: () => json(200, { Total: paymentTerms.length, Page: 1, PaymentTermList: paymentTerms }),
  },
  '/me': { GET: () => json(200, me) },
};

const me = {
  Company: 'Example Trading Co (practice)',
  Currency: 'AUD',
  TimeZone: 'AUS Eastern Standard Time',
  DefaultWeightUnits: 'kg',
  DefaultDimensionsUnits: 'cm',
  LockDate: null,
  OpeningBalanceDate: '2019-07-01',
};

/** Parameter names count whatever their case. */
function parameter({ query }: Call, name: string): string | null {
  for (const [key, value] of query) if (key.toLowerCase() === name.toLowerCase()) return value;
  return null;
}

function listCustomers(call: Call, customers: Customers): Answer {
  const page = Number(parameter(call, 'Page') ?? 1);
  const limit = Number(parameter(call, 'Limit') ?? 100);
  if (!Number.isInteger(page) || page < 1) return failure(400, 'Page must be a positive number');
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000)
    return failure(400, 'Limit must be between 1 and 1000');
  const since = parameter(call, 'ModifiedSince');
  const sinceMs = since === null ? Number.NEGATIVE_INFINITY : utcMs(since);
  if (Number.isNaN(sinceMs)) return failure(400, `The value '${since}' is not valid for ModifiedSince.`);
  const id = parameter(call, 'ID')?.toLowerCase() ?? null;
  if (id !== null && !/^[0-9a-f-]{36}$/.test(id))
    return failure(400, `The value '${id}' is not valid for ID.`);
  const name = parameter(call, 'Name')?.toLowerCase() ?? '';
  const deprecatedToo = parameter(call, 'IncludeDeprecated')?.toLowerCase() === 'true';
  const found = customers
    .all()
    .filter(
      ({ ID, fields, modifiedAt }) =>
        (deprecatedToo || !/^deprecated$/i.test(String(fields.Status))) &&
        Date.parse(modifiedAt) >= sinceMs &&
        (id === null || ID === id) &&
        String(fields.Name).toLowerCase().startsWith(name),
    );
  return wrapped(found.slice((page - 1) * limit, page * limit), found.length, page);
}

/** Times are UTC, with or without a zone; NaN where it is none. */
const utcMs = (time: string): number =>
  Date.parse(/T/.test(time) && !/(Z|[+-]\d\d:?\d\d)$/.test(time) ? `${time}Z` : time);

const wrapped = (found: readonly Customer[], total: number, page: number): Answer =>
  json(200, { Total: total, Page: page, CustomerList: found.map(customerBody) });

function updateCustomer(call: Call, customers: Customers): Answer {
  const sent = jsonObject(call);
  if (!sent) return failure(400, 'The request body is not valid JSON');
  const before = customers.get(String(sent.ID ?? ''));
  return before ? saved(before, sent, customers) : failure(400, 'Customer with specified ID not found');
}

function createCustomer(call: Call, customers: Customers): Answer {
  const sent = jsonObject(call);
  if (!sent) return failure(400, 'The request body is not valid JSON');
  return saved(newCustomer(), sent, customers);
}

function saved(before: Customer, sent: Readonly<Record<string, unknown>>, customers: Customers): Answer {
  const planned = planWrite(before, sent, customers);
  return planned.ok ? wrapped([customers.save(planned.customer)], 1, 1) : failure(400, ...planned.problems);
}
