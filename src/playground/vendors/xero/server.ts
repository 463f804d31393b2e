import type { Clock } from '../../../clock.ts';
import type { Store } from '../../store.ts';
import { type Call, json, jsonObject, text } from '../exchange.ts';
import { createFaults, type Dialect, renameKey, takeRenamed } from '../faults.ts';
import { openHost } from '../host.ts';
import { assembleVendor, createListeners } from '../practice.ts';
import type { PracticeVendor } from '../vendor.ts';
import { type App, apps } from './apps.ts';
import { salesScreen, withItemDeeds } from './books/deeds.ts';
import { bookNames, isBookKind } from './books/routes.ts';
import { type Books, type BooksSeed, openBooks } from './books/state.ts';
import { xeroScreen } from './card.ts';
import { openConsents } from './consents.ts';
import { contactNames } from './contacts.ts';
import { createControls, type XeroControls } from './controls.ts';
import { createDoor, type XeroLimits } from './door.ts';
import { limited, unauthorised } from './errors.ts';
import { createIdempotency } from './idempotency.ts';
import { createNews } from './news.ts';
import { mainOrganisation, type Organisation, openConnections } from './organisations.ts';
import { answerCall, paths } from './routes.ts';
import { type ContactSeed, openContacts } from './state.ts';
import { openTokens, type Tokens } from './token.ts';
import { isTold, openXeroWebhooks } from './webhooks.ts';
import { refuseElements } from './write.ts';

export interface XeroOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** 0 or left out: any free port. */
  readonly port?: number;
  /** Planted when the store has no contacts yet. */
  readonly seed?: readonly ContactSeed[];
  /** Planted likewise: items, invoices and what was paid of them. */
  readonly books?: BooksSeed;
  /** Beside the main one, whose contacts the cards show. */
  readonly organisations?: readonly (Organisation & { readonly seed?: readonly ContactSeed[] })[];
  /** As registered for the web and the public app, compared to the letter; left out: any that Xero would register. */
  readonly redirectUris?: readonly string[];
  /** Lower limits than usual. */
  readonly limits?: Partial<XeroLimits>;
}

export interface PracticeXero extends PracticeVendor, XeroControls {}

const webhookKey = 'practice-xero-webhook-key';
/** A key of contacts, one of items, one of invoices, and one of those that are paid. */
const renamed = [
  ['EmailAddress', 'PrimaryEmailAddress'],
  ['PurchaseDetails', 'BuyingDetails'],
  ['TotalTax', 'TaxTotal'],
  ['FullyPaidOnDate', 'PaidInFullOn'],
] as const;
const [custom, web, open] = apps as readonly [App, App, App];

/** The practice Xero: the login page, tokens, organisations their contacts and their books. What it enforces stands in readme.md. */
export async function startXero(options: XeroOptions): Promise<PracticeXero> {
  const { store, clock, port = 0, seed = [] } = options;
  const organisations = [mainOrganisation, ...(options.organisations ?? [])];
  const listeners = createListeners();
  const webhooks = openXeroWebhooks({ key: webhookKey, clock, apiUrl: () => `${host.origin}${paths.api}` });
  const open = (
    tenantId: string,
    { suffix, seed, books = {} }: { suffix: string; seed: readonly ContactSeed[]; books?: BooksSeed },
  ): Books => {
    const news = createNews(store, (change) => {
      if (isTold(change)) webhooks.send({ ...change, tenantId });
      if (tenantId === mainOrganisation.id) listeners.tell(change.id);
    });
    const contacts = openContacts(store, clock, { name: `xero.contacts${suffix}`, seed, news });
    return openBooks(store, clock, { suffix, seed: books, contacts, news });
  };
  const main = open(mainOrganisation.id, { suffix: '', seed, books: options.books ?? {} });
  const others = (options.organisations ?? []).map(({ id, seed: own = [] }): [string, Books] => [
    id,
    open(id, { suffix: `.${id}`, seed: own }),
  ]);
  const connections = openConnections(store, clock, organisations, custom);
  const { redirectUris = null, limits } = options;
  const consents = openConsents({ store, clock, organisations, connections, redirectUris });
  const tokens = openTokens(store, clock, { consents, connections });
  const rooms = {
    tokens,
    consents,
    connections,
    door: createDoor({ tokens, connections, organisations, clock, limits }),
    once: createIdempotency(store, clock),
    books: new Map([[mainOrganisation.id, main], ...others]),
    now: clock.now,
  };
  const faults = createFaults(clock, dialect(clock, tokens));
  const host = await openHost({
    port,
    faults,
    // Long enough for calls to overlap, so that "five at once" can be met.
    takesMs: 8,
    answer: (call, atOnce) =>
      answerCall(faults.current?.kind === 'renamed' ? withTakenBody(call) : call, atOnce, rooms),
  });
  const controls = createControls(main, connections, tokens);
  const vendor = assembleVendor({
    system: 'xero',
    label: 'Xero',
    baseUrl: `${host.origin}${paths.api}`,
    authUrl: host.origin,
    env: credentials,
    screen: xeroScreen(main.contacts),
    screens: {
      product: withItemDeeds(controls.items),
      invoice: salesScreen(controls.invoices, main),
      payment: salesScreen(controls.invoices, main),
    },
    faults,
    host,
    webhooks,
    listeners,
  });
  return Object.assign(vendor, controls);
}

/** The first three are the Custom Connection's, as in the repository's `truce.yml`; the others are for signing in through the page. */
const credentials = {
  XERO_CLIENT_ID: custom.clientId,
  XERO_CLIENT_SECRET: custom.secret ?? '',
  XERO_WEBHOOK_KEY: webhookKey,
  XERO_WEB_CLIENT_ID: web.clientId,
  XERO_WEB_CLIENT_SECRET: web.secret ?? '',
  XERO_PUBLIC_CLIENT_ID: open.clientId,
};

const dialect = (clock: Clock, tokens: Tokens): Dialect => ({
  isWrite: ({ method, path }) => method !== 'GET' && path.startsWith(`${paths.api}/`),
  serverError: () => text(500, 'An error occurred in Xero'),
  revoked: (call) => {
    tokens.revokeAll();
    if (call.path !== paths.token) return unauthorised(401, 'AuthenticationUnsuccessful');
    const isRenewal = new URLSearchParams(call.body).get('grant_type') === 'refresh_token';
    return json(400, { error: isRenewal ? 'invalid_grant' : 'invalid_client' });
  },
  busy: (seconds) => limited('minute', seconds),
  refused: (call, message) => refuseElements(call, message, { ...namesOf(call), now: clock.now() }),
  rename: (body) => renamed.reduce((all, [from, to]) => renameKey(all, from, to), body),
  idKey: ['ContactID', ...Object.values(bookNames)],
  spoil: (record) => ({ ...record, Addresses: 'see attachment', UpdatedDateUTC: 'yesterday' }),
});

/** The list that a write is about. */
function namesOf({ path }: Call): { readonly plural: string; readonly idKey: string } {
  const [resource = ''] = path.slice(paths.api.length + 1).split('/');
  return isBookKind(resource) ? { plural: resource, idKey: bookNames[resource] } : contactNames;
}

/** While the key is renamed, a write under its old name is ignored, as unknown keys are. */
function withTakenBody(call: Call): Call {
  const body = jsonObject(call);
  if (!body) return call;
  const taken = renamed.reduce<unknown>((all, [from, to]) => takeRenamed(all, from, to), body);
  return { ...call, body: JSON.stringify(taken) };
}
