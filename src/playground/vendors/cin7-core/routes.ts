import { type Answer, type Call, html, json, jsonObject } from '../exchange.ts';
import { accounts, me, paymentTerms, taxRules } from './books.ts';
import { failure } from './errors.ts';
import { paged, parameter, utcMs } from './parameters.ts';
import { categories, locations, units } from './product-books.ts';
import {
  createProduct,
  type Goods,
  listAvailability,
  listProducts,
  updateProduct,
} from './product-routes.ts';
import { planWrite } from './rules.ts';
import { type Customer, type Customers, customerBody, newCustomer } from './state.ts';
import { changeHook, deleteHook, type Hooks, listHooks, makeHook } from './webhooks.ts';

export const basePath = '/ExternalApi/v2';

/** What an account holds. */
export interface Account extends Goods {
  readonly customers: Customers;
  /** Null where the account lacks the Automation add-on. */
  readonly hooks: Hooks | null;
}

/** The vendor's own answer to a call that has passed the door. A path that is not there gets a page, with status 200. */
export function answerRoute(call: Call, account: Account): Answer {
  const path = call.path.slice(basePath.length).replace(/\/$/, '').toLowerCase();
  const route = call.path.toLowerCase().startsWith(basePath.toLowerCase()) ? routes[path] : undefined;
  if (!route) return html(200, 'Cin7 Core');
  const method = route[call.method];
  return method ? method(call, account) : failure(405, 'Method not allowed');
}

type Method = (call: Call, account: Account) => Answer;

const withHooks =
  (answer: (call: Call, hooks: Hooks) => Answer): Method =>
  (call, { hooks }) =>
    hooks ? answer(call, hooks) : failure(403, 'Automation module is not available');

const routes: Readonly<Record<string, Readonly<Record<string, Method>>>> = {
  '/customer': { GET: listCustomers, PUT: updateCustomer, POST: createCustomer },
  '/product': { GET: listProducts, PUT: updateProduct, POST: createProduct },
  '/ref/productavailability': { GET: listAvailability },
  '/ref/location': { GET: book('LocationList', locations) },
  '/ref/unit': { GET: book('UnitList', units) },
  '/ref/category': { GET: book('CategoryList', categories) },
  '/ref/paymentterm': { GET: book('PaymentTermList', paymentTerms) },
  '/ref/tax': { GET: book('TaxRuleList', taxRules) },
  '/ref/account': { GET: listAccounts },
  '/me': { GET: () => json(200, me) },
  '/webhooks': {
    GET: withHooks(listHooks),
    POST: withHooks(makeHook),
    PUT: withHooks(changeHook),
    DELETE: withHooks(deleteHook),
  },
};

function book(listName: string, entries: readonly { readonly Name: string }[]): Method {
  return (call) => {
    const beginning = parameter(call, 'Name')?.toLowerCase() ?? '';
    const found = entries.filter(({ Name }) => Name.toLowerCase().startsWith(beginning));
    return paged(call, listName, found);
  };
}

function listAccounts(call: Call): Answer {
  const code = parameter(call, 'Code');
  const found = accounts.filter(({ Code }) => code === null || Code === code);
  if (found.length === 0) return failure(400, 'Account with specified ID not found');
  return paged(call, 'AccountsList', found);
}

function listCustomers(call: Call, { customers }: Account): Answer {
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
  return paged(call, 'CustomerList', found.map(customerBody));
}

function updateCustomer(call: Call, { customers }: Account): Answer {
  const sent = jsonObject(call);
  if (!sent) return failure(400, 'The request body is not valid JSON');
  const before = customers.get(String(sent.ID ?? ''));
  return before ? saved(before, sent, customers) : failure(400, 'Customer with specified ID not found');
}

/** There is no upsert: an `ID` means nothing here, nor do the ids of list items, which get new ones. */
function createCustomer(call: Call, { customers }: Account): Answer {
  const sent = jsonObject(call);
  if (!sent) return failure(400, 'The request body is not valid JSON');
  const [Addresses, Contacts] = [sent.Addresses, sent.Contacts].map(withoutIds);
  return saved(newCustomer(), { ...sent, Addresses, Contacts }, customers);
}

const withoutIds = (items: unknown): unknown =>
  Array.isArray(items) ? items.map((item) => ({ ...item, ID: undefined })) : items;

function saved(before: Customer, sent: Readonly<Record<string, unknown>>, customers: Customers): Answer {
  const planned = planWrite(before, sent, customers);
  if (!planned.ok) return failure(400, ...planned.problems);
  return json(200, { Total: 1, Page: 1, CustomerList: [customerBody(customers.save(planned.customer))] });
}
