import type { Clock } from '../../../clock.ts';
import type { Store } from '../../store.ts';
import { type Answer, type Call, isObject, jsonObject } from '../exchange.ts';
import { createFaults, type Dialect, renameKey } from '../faults.ts';
import { openHost } from '../host.ts';
import { assembleVendor, createListeners } from '../practice.ts';
import type { PracticeVendor } from '../vendor.ts';
import { batchRefused } from './batch.ts';
import { app, hubspotScreen } from './card.ts';
import { createDoor } from './door.ts';
import { failure, tooMany } from './errors.ts';
import { answerRoute } from './routes.ts';
import { type CompanySeed, openCompanies } from './state.ts';
import { openHubSpotWebhooks } from './webhooks.ts';

export interface HubSpotOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** 0 or left out: any free port. */
  readonly port?: number;
  /** Planted when the store has no companies yet. */
  readonly seed?: readonly CompanySeed[];
}

const token = 'pat-ap1-practice-0000-not-a-real-token';
const secret = 'practice-hubspot-client-secret';
const renamed = { from: 'billing_email', to: 'billing_email_address' };

/** The practice HubSpot: companies over HTTP, as API version 2026-09 has them. What it enforces stands in readme.md. */
export async function startHubSpot({
  store,
  clock,
  port = 0,
  seed = [],
}: HubSpotOptions): Promise<PracticeVendor> {
  const webhooks = openHubSpotWebhooks(secret, clock);
  const listeners = createListeners();
  const companies = openCompanies(store, clock, seed, (changes) => {
    for (const change of changes) webhooks.send(change);
    for (const id of new Set(changes.map((change) => change.id))) listeners.tell(id);
  });
  const faults = createFaults(clock, dialect(clock));
  const door = createDoor(token, clock);
  const unknown = () => (faults.current?.kind === 'renamed' ? [renamed.from] : []);
  const host = await openHost({
    port,
    faults,
    answer: (call) =>
      door(call, () => answerRoute(call, { companies, source: app, unknown: unknown(), now: clock.now })),
  });
  return assembleVendor({
    system: 'hubspot',
    label: 'HubSpot',
    baseUrl: host.origin,
    authUrl: null,
    env: { HUBSPOT_TOKEN: token, HUBSPOT_CLIENT_SECRET: secret },
    screen: hubspotScreen(companies),
    faults,
    host,
    webhooks,
    listeners,
  });
}

const dialect = (clock: Clock): Dialect => ({
  isWrite: (call: Call) => call.path.endsWith('/batch/update'),
  serverError: () => failure(500, 'INTERNAL_ERROR', 'internal error'),
  revoked: (): Answer =>
    failure(401, 'INVALID_AUTHENTICATION', 'The access token has been revoked and cannot be used any more.'),
  busy: (seconds) => tooMany('TEN_SECONDLY_ROLLING', { 'retry-after': String(seconds) }),
  refused: (call, message) => batchRefused(jsonObject(call), message, clock.now()),
  rename: (body) => renameListed(renameKey(body, renamed.from, renamed.to)),
  idKey: 'id',
  spoil: ({ properties: _, ...record }) => ({ ...record, properties: 'see attachment' }),
});

/** The list of properties has names as values, not as keys. */
function renameListed(body: unknown): unknown {
  if (!isObject(body) || !Array.isArray(body.results)) return body;
  const results = body.results.map((result: unknown) =>
    isObject(result) && result.name === renamed.from ? { ...result, name: renamed.to } : result,
  );
  return { ...body, results };
}
