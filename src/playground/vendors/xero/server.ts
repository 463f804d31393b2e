import type { Clock } from '../../../clock.ts';
import type { Store } from '../../store.ts';
import { type Answer, type Call, empty, json, jsonObject, text } from '../exchange.ts';
import { createFaults, type Dialect, renameKey, takeRenamed } from '../faults.ts';
import { openHost } from '../host.ts';
import { assembleVendor, createListeners } from '../practice.ts';
import type { PracticeVendor } from '../vendor.ts';
import { xeroScreen } from './card.ts';
import { createDoor } from './door.ts';
import { limited, notFound, unauthorised } from './errors.ts';
import { createIdempotency } from './idempotency.ts';
import { listContacts, readContact } from './read.ts';
import { type ContactSeed, type Contacts, openContacts } from './state.ts';
import { openTokens, type Tokens } from './token.ts';
import { openXeroWebhooks } from './webhooks.ts';
import { refuseContacts, writeContacts } from './write.ts';

export interface XeroOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** 0 or left out: any free port. */
  readonly port?: number;
  /** Planted when the store has no contacts yet. */
  readonly seed?: readonly ContactSeed[];
}

const client = { id: 'PRACTICEXEROCLIENTID000000000000', secret: 'practice-xero-client-secret' };
const webhookKey = 'practice-xero-webhook-key';
const tenantId = '00000000-0000-4000-8000-00000000a0a0';
const renamed = { from: 'EmailAddress', to: 'PrimaryEmailAddress' };
const contactsPath = '/api.xro/2.0/Contacts';
const tokenPath = '/connect/token';

/** The practice Xero: contacts over HTTP and the token end point of a Custom Connection. What it enforces stands in readme.md. */
export async function startXero({ store, clock, port = 0, seed = [] }: XeroOptions): Promise<PracticeVendor> {
  const listeners = createListeners();
  const webhooks = openXeroWebhooks({
    key: webhookKey,
    tenantId,
    contactsUrl: () => `${host.origin}${contactsPath}/`,
  });
  const contacts = openContacts(store, clock, seed, (change) => {
    webhooks.send(change);
    listeners.tell(change.id);
  });
  const tokens = openTokens(store, clock, client);
  const door = createDoor(tokens, tenantId, clock);
  const once = createIdempotency(store, clock);
  const faults = createFaults(clock, dialect(clock, tokens));
  const host = await openHost({
    port,
    faults,
    // Long enough for calls to overlap, so that "five at once" can be met.
    takesMs: 8,
    answer: (call, atOnce) => {
      if (call.path === tokenPath) return tokens.issue(call);
      const taken = faults.current?.kind === 'renamed' ? withTakenBody(call) : call;
      return door(taken, atOnce, () => answerRoute(taken, contacts, clock.now(), once));
    },
  });
  return assembleVendor({
    system: 'xero',
    label: 'Xero',
    baseUrl: `${host.origin}/api.xro/2.0`,
    authUrl: host.origin,
    env: { XERO_CLIENT_ID: client.id, XERO_CLIENT_SECRET: client.secret, XERO_WEBHOOK_KEY: webhookKey },
    screen: xeroScreen(contacts),
    faults,
    host,
    webhooks,
    listeners,
  });
}

function answerRoute(
  call: Call,
  contacts: Contacts,
  now: Date,
  once: ReturnType<typeof createIdempotency>,
): Answer {
  if (call.path !== contactsPath && !call.path.startsWith(`${contactsPath}/`)) return notFound();
  const [id = '', ...more] = call.path.slice(contactsPath.length + 1).split('/');
  if (more.length > 0) return notFound();
  const one = id === '' ? null : decodeURIComponent(id);
  if (call.method === 'GET') {
    return one === null ? listContacts(call, contacts, now) : readContact(call, one, contacts, now);
  }
  if (call.method !== 'POST' && (call.method !== 'PUT' || one !== null)) return empty(405);
  return once(call, () => writeContacts(call, one, contacts, now));
}

const dialect = (clock: Clock, tokens: Tokens): Dialect => ({
  isWrite: ({ method, path }) => (method === 'POST' || method === 'PUT') && path.startsWith(contactsPath),
  serverError: () => text(500, 'An error occurred in Xero'),
  revoked: (call) => {
    tokens.revokeAll();
    if (call.path === tokenPath) return json(400, { error: 'invalid_client' });
    return unauthorised(401, 'AuthenticationUnsuccessful');
  },
  busy: (seconds) => limited('minute', seconds),
  refused: (call, message) => refuseContacts(call, message, clock.now()),
  rename: (body) => renameKey(body, renamed.from, renamed.to),
  idKey: 'ContactID',
  spoil: (record) => ({ ...record, Addresses: 'see attachment', UpdatedDateUTC: 'yesterday' }),
});

/** While the key is renamed, a write under its old name is ignored, as unknown keys are. */
function withTakenBody(call: Call): Call {
  const body = jsonObject(call);
  if (!body) return call;
  return { ...call, body: JSON.stringify(takeRenamed(body, renamed.from, renamed.to)) };
}
