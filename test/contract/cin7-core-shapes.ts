import { z } from 'zod';
import {
  availability,
  bookEntry,
  changedProduct,
  newProduct,
  product,
  cin7Time as time,
} from './cin7-core-goods-shapes.ts';
import type { Exchange } from './openapi.ts';

/**
 * What may go to Cin7 Core and what may come from it, for the calls that Truce makes. There is no official machine-readable
 * description: written from the vendor's own one in words (API v2, as of March 2025) and from findings on the live API.
 * Nothing that it does not name is let through.
 */
const guid = z.guid();
const text = (most: number) => z.string().max(most);
const maybe = <T extends z.ZodType>(shape: T) => shape.nullish();

const address = {
  ID: guid.optional(),
  CustomerID: guid.optional(),
  Line1: maybe(text(256)),
  Line2: maybe(text(256)),
  City: maybe(text(256)),
  State: maybe(text(256)),
  Postcode: maybe(text(20)),
  Country: z.string().min(1),
  Type: z.enum(['Billing', 'Business', 'Shipping']),
  DefaultForType: z.boolean().optional(),
};
const contact = {
  ID: guid.optional(),
  CustomerID: guid.optional(),
  Name: text(256).min(1),
  JobTitle: maybe(text(256)),
  Phone: maybe(text(50)),
  MobilePhone: maybe(text(50)),
  Fax: maybe(text(50)),
  Email: maybe(text(256)),
  Website: maybe(text(256)),
  Comment: maybe(text(256)),
  Default: z.boolean().optional(),
  IncludeInEmail: z.boolean().optional(),
  MarketingConsent: z.int().optional(),
};
const attributes = Object.fromEntries(
  Array.from({ length: 10 }, (_, at) => [`AdditionalAttribute${at + 1}`, maybe(z.string())]),
);

/** Required of a new customer, by name or code out of the account's books. */
const needed = {
  Name: text(256).min(1),
  Currency: z.string().regex(/^[A-Z]{3}$/),
  PaymentTerm: z.string().min(1),
  AccountReceivable: z.string().min(1),
  RevenueAccount: z.string().min(1),
  TaxRule: z.string().min(1),
};
const other = {
  DisplayName: maybe(text(256)),
  PriceTier: maybe(z.string()),
  Carrier: maybe(z.string()),
  SalesRepresentative: maybe(z.string()),
  Location: maybe(z.string()),
  Discount: maybe(z.number().min(0).max(100)),
  Comments: maybe(text(2000)),
  // Typed as a whole number; ABNs go as texts in practice, and come back so.
  TaxNumber: maybe(z.union([z.string(), z.int()])),
  CreditLimit: maybe(z.number()),
  IsOnCreditHold: z.boolean().optional(),
  IsLegalEntity: z.boolean().optional(),
  CustomerParentID: maybe(guid),
  CustomerParentName: maybe(text(256)),
  IsBillParent: z.boolean().optional(),
  Tags: maybe(z.string()),
  AttributeSet: maybe(z.string()),
  ...attributes,
};
const status = z.enum(['Active', 'Deprecated']);
const sentLists = {
  Addresses: z.array(z.strictObject(address)).optional(),
  Contacts: z.array(z.strictObject(contact)).optional(),
};

const newCustomer = z.strictObject({ ...needed, ...other, Status: status, ...sentLists });
/** An update sends what changes; an item of a list with its id may leave out what it keeps. */
const changedCustomer = z
  .strictObject({ ...needed, ...other, Status: status, ...sentLists })
  .partial()
  .extend({ ID: guid });

const customer = z.strictObject({
  ID: guid,
  ...needed,
  ...other,
  // The live API exports capitals.
  Status: z.string().regex(/^(active|deprecated)$/i),
  LastModifiedOn: time,
  Addresses: z.array(z.strictObject({ ...address, ID: guid })),
  Contacts: z.array(z.strictObject({ ...contact, ID: guid })),
  ChildCustomers: z.array(z.unknown()).optional(),
  ProductPrices: z.array(z.unknown()).optional(),
});

const list = <N extends string>(name: N, entry: z.ZodType) =>
  z.strictObject({ Total: z.int(), Page: z.int().min(1), [name]: z.array(entry) } as Record<
    string,
    z.ZodType
  >);

const me = z.looseObject({
  Company: z.string(),
  Currency: z.string(),
  TimeZone: z.string(),
  LockDate: z.string().nullable(),
});
const paymentTerm = z.strictObject({
  ID: guid,
  Name: z.string(),
  Duration: z.number(),
  Method: z.enum([
    'number of days',
    'day of next month',
    'last day of next month',
    'days since the end of the month',
  ]),
  IsActive: z.boolean(),
  IsDefault: z.boolean(),
});
const taxRule = z.strictObject({
  ID: guid,
  Name: z.string(),
  Account: z.string(),
  IsActive: z.boolean(),
  TaxInclusive: z.boolean(),
  TaxPercent: z.number().min(0).max(100),
  IsTaxForSale: z.boolean(),
  IsTaxForPurchase: z.boolean(),
  Components: z.array(
    z.strictObject({
      Name: z.string(),
      Percent: z.number(),
      AccountCode: z.string(),
      ComponentOrder: z.int(),
    }),
  ),
});
const webhook = z.strictObject({
  ID: guid,
  Type: z.string(),
  Name: maybe(z.string()),
  IsActive: z.boolean(),
  ExternalURL: z.url(),
  ExternalAuthorizationType: z.enum(['noauth', 'basicauth', 'bearerauth']),
  ExternalUserName: maybe(z.string()),
  ExternalPassword: maybe(z.string()),
  ExternalBearerToken: maybe(z.string()),
  ExternalHeaders: maybe(z.array(z.strictObject({ Key: z.string(), Value: z.string() }))),
});

const number = z.string().regex(/^\d+$/);
const pages = {
  Page: number.optional(),
  Limit: number.refine((limit) => Number(limit) >= 1 && Number(limit) <= 1000).optional(),
};
const yesOrNo = z.enum(['true', 'false']).optional();

interface Operation {
  readonly query: z.ZodType;
  readonly body?: z.ZodType;
  readonly answer: z.ZodType;
}
const customers = list('CustomerList', customer);
const products = list('Products', product);
const operations: Readonly<Record<string, Operation>> = {
  'GET /customer': {
    query: z.strictObject({
      ...pages,
      ID: guid.optional(),
      Name: z.string().optional(),
      ModifiedSince: time.optional(),
      IncludeDeprecated: yesOrNo,
      IncludeProductPrices: yesOrNo,
      ContactFilter: z.string().optional(),
    }),
    answer: customers,
  },
  'POST /customer': { query: z.strictObject({}), body: newCustomer, answer: customers },
  'PUT /customer': { query: z.strictObject({}), body: changedCustomer, answer: customers },
  'GET /product': {
    query: z.strictObject({
      ...pages,
      ID: guid.optional(),
      Name: z.string().optional(),
      Sku: z.string().optional(),
      ModifiedSince: time.optional(),
      IncludeDeprecated: yesOrNo,
    }),
    answer: products,
  },
  'POST /product': { query: z.strictObject({}), body: newProduct, answer: products },
  'PUT /product': { query: z.strictObject({}), body: changedProduct, answer: products },
  'GET /ref/productavailability': {
    // No ModifiedSince: it would be passed over in silence.
    query: z.strictObject({ ...pages, ID: guid.optional() }),
    answer: list('ProductAvailabilityList', availability),
  },
  'GET /ref/unit': { query: z.strictObject(pages), answer: list('UnitList', bookEntry) },
  'GET /ref/category': { query: z.strictObject(pages), answer: list('CategoryList', bookEntry) },
  'GET /me': { query: z.strictObject({}), answer: me },
  'GET /ref/paymentterm': { query: z.strictObject(pages), answer: list('PaymentTermList', paymentTerm) },
  'GET /ref/tax': { query: z.strictObject(pages), answer: list('TaxRuleList', taxRule) },
  'GET /webhooks': {
    query: z.strictObject({}),
    answer: z.strictObject({ Webhooks: z.array(webhook) }),
  },
};

const refusal = z.union([
  z.array(z.strictObject({ ErrorCode: z.int(), Exception: z.string().min(1) })).min(1),
  z.strictObject({ ErrorCode: z.int(), Exception: z.string().min(1) }),
]);
const limitText = /reached 60 calls per/;

/** The operation of an exchange: `PUT /customer`. */
export function operationOf({ method, url }: Exchange): string {
  const { pathname } = new URL(url, 'http://cin7');
  return `${method} ${pathname.replace(/^\/ExternalApi\/v2/i, '').toLowerCase()}`;
}

/** What an exchange has that the shapes do not allow, a line each. */
export function misfits(exchange: Exchange): string[] {
  const name = operationOf(exchange);
  const operation = operations[name];
  if (!operation) return [`${name}: no such call`];
  const { searchParams } = new URL(exchange.url, 'http://cin7');
  const { headers, body, status: code, answer } = exchange;
  const keys = ['api-auth-accountid', 'api-auth-applicationkey'];
  return [
    ...keys.flatMap((key) => unfit(`${name} ${key}`, z.string().min(1), headers[key])),
    ...unfit(`${name} query`, operation.query, Object.fromEntries(searchParams)),
    ...(operation.body ? unfit(`${name} body`, operation.body, parsed(body)) : []),
    ...(operation.body
      ? unfit(`${name} type`, z.string().regex(/^application\/json/), headers['content-type'])
      : []),
    ...(!operation.body && body !== '' ? [`${name}: has a body`] : []),
    ...answerMisfits(`${name} ${code}`, operation, code, answer),
  ];
}

function answerMisfits(name: string, { answer: shape }: Operation, code: number, answer: string): string[] {
  if (limitText.test(answer))
    return [429, 503, 200].includes(code) ? [] : [`${name}: a limit with this status`];
  if (code === 200) return unfit(name, shape, parsed(answer));
  if (code === 400 || code === 403) return unfit(name, refusal, parsed(answer));
  return [`${name}: no such status`];
}

function unfit(place: string, shape: z.ZodType, value: unknown): string[] {
  const read = shape.safeParse(value);
  return read.success
    ? []
    : read.error.issues.map(({ path, message }) => `${place} ${path.map(String).join('.')}: ${message}`);
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
