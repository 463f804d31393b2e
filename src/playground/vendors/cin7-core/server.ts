import type { Clock } from '../../../clock.ts';
import type { Store } from '../../store.ts';
import { type Answer, type Call, jsonObject, text } from '../exchange.ts';
import { createFaults, type Dialect, renameKey, takeRenamed } from '../faults.ts';
import { openHost } from '../host.ts';
import { fixedLimit } from '../limits.ts';
import { assembleVendor, createListeners } from '../practice.ts';
import type { PracticeVendor } from '../vendor.ts';
import { cin7CoreScreen } from './card.ts';
import { failure, overTheLimit } from './errors.ts';
import { productScreen } from './product-card.ts';
import { withProductDeeds, withStockDeeds } from './product-deeds.ts';
import { openProducts, type ProductSeed } from './products.ts';
import { answerRoute, basePath } from './routes.ts';
import { type CustomerSeed, openCustomers } from './state.ts';
import { availabilityBody, openStock, type StockRow } from './stock.ts';
import { stockScreen } from './stock-card.ts';
import { customerUpdated, openCin7CoreWebhooks, productUpdated, stockChanged } from './webhooks.ts';

export interface Cin7CoreOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** 0 or left out: any free port. */
  readonly port?: number;
  /** Planted when the store has no customers yet. */
  readonly seed?: readonly CustomerSeed[];
  /** The same for products, and for what lies of them where. */
  readonly goods?: { readonly products: readonly ProductSeed[]; readonly stock: readonly StockRow[] };
  /** How it says "too many calls": old clients saw 503, newer ones 429, some end points a success. */
  readonly overLimit?: 503 | 429 | 200;
  /** False: without the Automation add-on, so without webhooks. */
  readonly automation?: boolean;
}

const keys = {
  account: '00000000-0000-4000-8000-00000000c17a',
  application: '00000000-0000-4000-8000-00000000c17b',
};
const webhookSecret = 'practice-cin7-webhook-secret';
const env = {
  CIN7_ACCOUNT_ID: keys.account,
  CIN7_APPLICATION_KEY: keys.application,
  CIN7_WEBHOOK_SECRET: webhookSecret,
};
/** A key of each kind of record. */
const renamed = [
  ['Email', 'EmailAddress'],
  ['Description', 'FullDescription'],
  ['Location', 'Place'],
] as const;

/** The practice Cin7 Core: customers, products and stock over HTTP, as its API v2 has them. What it enforces stands in readme.md. */
export async function startCin7Core({
  store,
  clock,
  port = 0,
  seed = [],
  goods = { products: [], stock: [] },
  overLimit = 503,
  automation = true,
}: Cin7CoreOptions): Promise<PracticeVendor> {
  const webhooks = openCin7CoreWebhooks(store, clock, webhookSecret);
  const listeners = createListeners();
  const customers = openCustomers(store, clock, seed, ({ ID, fields }) => {
    webhooks.send(customerUpdated, { ID, Name: String(fields.Name ?? '') });
    listeners.tell(ID);
  });
  const products = openProducts(store, clock, goods.products, ({ ID, fields }) => {
    webhooks.send(productUpdated, { ProductID: ID.toUpperCase(), SKU: String(fields.SKU ?? '') });
    listeners.tell(ID);
  });
  const stock = openStock(store, goods.stock, (id) => {
    const product = products.get(id);
    if (product)
      webhooks.send(
        stockChanged,
        stock.of(id).map((row) => availabilityBody(row, product)),
      );
    listeners.tell(id);
  });
  const faults = createFaults(clock, dialect);
  const minute = fixedLimit(60, 60_000);
  const account = { customers, products, stock, hooks: automation ? webhooks : null };
  const host = await openHost({
    port,
    faults,
    answer: (call) => {
      if (!signedIn(call)) return wrongKeys();
      if (minute.left(clock.now()) < 1) return overTheLimit(overLimit);
      minute.count(clock.now());
      return answerRoute(faults.current?.kind === 'renamed' ? withTakenBody(call) : call, account);
    },
  });
  return assembleVendor({
    system: 'cin7-core',
    label: 'Cin7 Core',
    baseUrl: host.origin + basePath,
    authUrl: null,
    env,
    screen: cin7CoreScreen(customers),
    screens: {
      product: withProductDeeds(productScreen(account)),
      stock_level: withStockDeeds(stockScreen(account)),
    },
    faults,
    host,
    webhooks,
    listeners,
  });
}

const signedIn = ({ headers }: Call): boolean =>
  headers['api-auth-accountid'] === keys.account && headers['api-auth-applicationkey'] === keys.application;

/** 403, not 401. */
const wrongKeys = (): Answer => failure(403, 'Incorrect credentials');

const dialect: Dialect = {
  isWrite: ({ method }) => method !== 'GET',
  serverError: () => failure(500, 'Internal server error'),
  revoked: wrongKeys,
  busy: (seconds) =>
    text(429, 'You reached 60 calls per minute API limit.', { 'retry-after': String(seconds) }),
  refused: (_, message) => failure(400, message),
  rename: (body) => renamed.reduce((now, [from, to]) => renameKey(now, from, to), body),
  idKey: 'ID',
  spoil: (record) => {
    if ('OnHand' in record) return { ...record, OnHand: 'plenty' };
    return {
      ...record,
      LastModifiedOn: 'yesterday',
      ...('Addresses' in record ? { Addresses: 'see attachment' } : {}),
    };
  },
};

/** While a key is renamed, a write under its old name is ignored, as unknown keys are. */
function withTakenBody(call: Call): Call {
  const body: unknown = jsonObject(call);
  const taken = renamed.reduce((now, [from, to]) => takeRenamed(now, from, to), body);
  return body ? { ...call, body: JSON.stringify(taken) } : call;
}
