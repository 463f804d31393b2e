import type { Clock } from '../../../clock.ts';
import type { Store } from '../../store.ts';
import { type Answer, type Call, isObject, json, jsonObject } from '../exchange.ts';
import { createFaults, type Dialect, renameKey } from '../faults.ts';
import { openHost } from '../host.ts';
import { assembleVendor, createListeners } from '../practice.ts';
import type { PracticeVendor } from '../vendor.ts';
import { type Associations, openAssociations } from './associations.ts';
import { allRefused } from './batch.ts';
import { portal } from './bodies.ts';
import { app, hubspotScreen } from './card.ts';
import { createDoor } from './door.ts';
import { failure, tooMany } from './errors.ts';
import type { ObjectType } from './object-types.ts';
import { openProperties, type Properties } from './properties.ts';
import { answerRoute, dated } from './routes.ts';
import { type DealSeed, endsOfDeals, openSales, type Sales } from './sales.ts';
import { withDealDeeds, withProductDeeds } from './sales-deeds.ts';
import { dealScreen, productScreen } from './sales-screen.ts';
import { knownScopes } from './scopes.ts';
import { openSignIn } from './sign-in.ts';
import {
  type CompanySeed,
  type CrmEvent,
  type Objects,
  openObjects,
  propertyOf,
  type RecordSeed,
} from './state.ts';
import { openHubSpotWebhooks } from './webhooks.ts';

export interface HubSpotOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** 0 or left out: any free port. */
  readonly port?: number;
  /** Planted when the store has no companies yet. */
  readonly seed?: readonly CompanySeed[];
  readonly contacts?: readonly RecordSeed[];
  readonly products?: readonly RecordSeed[];
  readonly deals?: readonly DealSeed[];
  /** False = an account in which nobody has made a property or an association label yet. */
  readonly installed?: boolean;
  /** What the key may do; left out: everything. */
  readonly scopes?: readonly string[];
  /** Where the app's codes may be sent, to the letter; left out: anywhere on this machine. */
  readonly redirectUris?: readonly string[];
}

/** The account from inside: what people do in HubSpot's own screens. */
export interface Crm extends Sales {
  readonly companies: Objects;
  readonly contacts: Objects;
  readonly associations: Associations;
  readonly properties: Properties;
}

const token = 'pat-ap1-practice-0000-not-a-real-token';
const clientId = 'practice-hubspot-client-id';
const secret = 'practice-hubspot-client-secret';
/** What the page shows. */
const onCards: readonly ObjectType[] = ['companies', 'products', 'deals'];
/** A property of each kind of record. */
const renamed = [
  ['billing_email', 'billing_email_address'],
  ['truce_unit', 'truce_unit_of_measure'],
  ['truce_stock_locations', 'truce_stock_places'],
  ['truce_invoice_link', 'truce_invoice_page'],
  ['truce_credit_notes', 'truce_credits'],
] as const;

/** The practice HubSpot: companies, contacts, products and deals over HTTP, as API version 2026-09 has them. What it enforces stands in readme.md. */
export async function startHubSpot(options: HubSpotOptions): Promise<PracticeVendor & { readonly crm: Crm }> {
  const { store, clock, port = 0, installed = true } = options;
  const webhooks = openHubSpotWebhooks(secret, clock);
  const listeners = createListeners();
  const happened = (events: readonly CrmEvent[]) => {
    for (const event of events) {
      webhooks.send(event);
      if (event.kind === 'creation' && event.type === 'contacts') associateByDomain(event.id);
    }
    const ids = events.flatMap(({ type, id }) => (onCards.includes(type) ? [id] : []));
    for (const id of new Set(ids)) listeners.tell(id);
  };
  const properties = openProperties(store, installed);
  const shared = { store, clock, happened };
  const companies = openObjects({ ...shared, type: 'companies', seed: options.seed ?? [] });
  const contacts = openObjects({ ...shared, type: 'contacts', seed: options.contacts ?? [] });
  const { products = [], deals = [] } = options;
  const sales = openSales({ ...shared, products, deals });
  const objects = { companies, contacts, ...sales };
  const labels = installed ? ['Billing contact'] : [];
  const associations = openAssociations({ ...shared, objects, labels });
  associations.plant(endsOfDeals(deals));
  /** HubSpot puts a new contact with the company whose domain its e-mail address has, unasked. */
  const associateByDomain = (contactId: string) => {
    const contact = contacts.get(contactId);
    const [, domain] = (contact && propertyOf('contacts', contact, 'email'))?.split('@') ?? [];
    const company = domain === undefined ? undefined : companies.holder('domain', domain);
    if (company) associations.add({ companies: company.id, contacts: contactId }, [], app);
  };
  const faults = createFaults(clock, dialect(clock));
  const key = { token, scopes: options.scopes ?? knownScopes };
  const signIn = openSignIn(store, clock, {
    clientId,
    clientSecret: secret,
    redirectUris: options.redirectUris ?? null,
  });
  const door = createDoor(key, signIn, clock);
  const context = { objects, associations, properties, source: app, now: clock.now };
  const host = await openHost({
    port,
    faults,
    answer: (sent) => {
      const call = { ...sent, path: dated(sent.path) };
      const unknown = faults.current?.kind === 'renamed' ? renamed.map(([from]) => from) : [];
      const open = signIn.route(call) ?? aboutKey(call, key);
      return open ?? door(call, () => answerRoute(call, { ...context, unknown }));
    },
  });
  const vendor = assembleVendor({
    system: 'hubspot',
    label: 'HubSpot',
    baseUrl: host.origin,
    authUrl: host.origin,
    env: { HUBSPOT_TOKEN: token, HUBSPOT_CLIENT_ID: clientId, HUBSPOT_CLIENT_SECRET: secret },
    screen: hubspotScreen(companies),
    screens: {
      product: withProductDeeds(productScreen(sales.products)),
      invoice: withDealDeeds(dealScreen({ ...sales, companies }, associations)),
    },
    faults,
    host,
    webhooks,
    listeners,
  });
  return Object.assign(vendor, { crm: { ...objects, associations, properties } });
}

/** What HubSpot tells of a private app's token. Source: HubSpot's page on private apps. */
function aboutKey(
  call: Call,
  key: { readonly token: string; readonly scopes: readonly string[] },
): Answer | null {
  if (call.path !== '/oauth/v2/private-apps/get/access-token-info' || call.method !== 'POST') return null;
  if (jsonObject(call)?.tokenKey !== key.token)
    return failure(404, 'OBJECT_NOT_FOUND', 'There is no private app with this token');
  return json(200, { userId: 9_000_001, hubId: portal.id, appId: 1_160_452, scopes: key.scopes });
}

const writePath =
  /\/(batch\/(create|update|upsert|archive)|merge)$|^\/crm\/(objects|properties)\/[^/]+\/[^/]+(\/groups)?$/;

const dialect = (clock: Clock): Dialect => ({
  isWrite: ({ method, path }: Call) =>
    ['PATCH', 'PUT', 'DELETE'].includes(method) || (method === 'POST' && writePath.test(dated(path))),
  serverError: () => failure(500, 'INTERNAL_ERROR', 'internal error'),
  revoked: ({ path }): Answer =>
    path.startsWith('/oauth/')
      ? failure(400, 'BAD_REQUEST', 'missing or invalid refresh token', { status: 'BAD_REFRESH_TOKEN' })
      : failure(
          401,
          'INVALID_AUTHENTICATION',
          'The access token has been revoked and cannot be used any more.',
        ),
  busy: (seconds) => tooMany('TEN_SECONDLY_ROLLING', { 'retry-after': String(seconds) }),
  refused: (call, message) => allRefused(jsonObject(call), message, clock.now()),
  rename: (body) =>
    renamed.reduce((now, [from, to]) => renameListed(renameKey(now, from, to), from, to), body),
  idKey: 'id',
  spoil: ({ properties: _, ...record }) => ({ ...record, properties: 'see attachment' }),
});

/** The list of properties has names as values, not as keys. */
function renameListed(body: unknown, from: string, to: string): unknown {
  if (!isObject(body) || !Array.isArray(body.results)) return body;
  const results = body.results.map((result: unknown) =>
    isObject(result) && result.name === from ? { ...result, name: to } : result,
  );
  return { ...body, results };
}
