import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { Logger } from 'pino';
import type { ActiveAgreement } from '../agreement/agreement.ts';
import type { Clock } from '../clock.ts';
import type { Connection, Hinted } from '../connectors/connection.ts';
import type { WakeUp } from '../jobs/wake.ts';
import type { Db } from '../ledger/db.ts';
import { addHints } from '../ledger/runs/hints.ts';
import { wakeOnce } from './wake-once.ts';

export interface WebhookDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;
  /** By id. */
  readonly connections: ReadonlyMap<string, Connection>;
  readonly agreement: () => ActiveAgreement;
  readonly wake: WakeUp;
  /** The address that vendors call, without a slash at the end: HubSpot signs the whole of it. */
  readonly publicUrl: string;
}

/** Vendors send a hundred events at most, in some 50 kB. */
const largestBody = 1024 * 1024;

/**
 * `POST /webhooks/:connection` takes a vendor's webhook. A system that signs nothing may carry our secret as a bearer token or
 * as the last part of the path. 200 is said once the hints are stored, so that none is lost; whatever goes wrong before is
 * said with a status that makes the vendor send again, or tells it why not to.
 */
export function createWebhookRoutes(deps: WebhookDeps): Hono {
  const routes = new Hono();
  const wake = wakeOnce(deps.wake, (flow, error) => {
    const name = deps.agreement().flows[flow]?.name ?? flow;
    deps.log.warn({ flow, err: error }, `${name} could not be woken for a webhook; its next run reads it.`);
  });
  const limit = bodyLimit({
    maxSize: largestBody,
    onError: (c) => c.json({ error: 'The body is larger than 1 MB.' }, 413),
  });
  routes.post('/:connection', limit, (c) => receive(deps, wake, c, c.req.param('connection'), null));
  routes.post('/:connection/:secret', limit, (c) =>
    receive(deps, wake, c, c.req.param('connection'), c.req.param('secret')),
  );
  routes.all('*', (c) => c.json({ error: 'Webhooks are sent by POST.' }, 405, { allow: 'POST' }));
  return routes;
}

async function receive(
  deps: WebhookDeps,
  wake: (flow: string) => void,
  c: Context,
  id: string,
  secret: string | null,
): Promise<Response> {
  const connection = deps.connections.get(id);
  if (!connection) return c.json({ error: 'There is no connection of that name.' }, 404);
  const body = await bodyOf(c);
  if (body === null) return c.json({ error: 'The body is not text in UTF-8.' }, 400);
  const { pathname, search } = new URL(c.req.url);
  const headers = c.req.header();
  const now = deps.clock.now();
  const verdict = connection.webhook({
    method: c.req.method,
    url: `${deps.publicUrl}${pathname}${search}`,
    headers: secret === null ? headers : { ...headers, authorization: `Bearer ${secret}` },
    body,
    receivedAt: now,
  });
  if (verdict.kind === 'refused') {
    const line = `A webhook of ${connection.label} was refused: ${verdict.reason}.`;
    deps.log[verdict.isProbe ? 'debug' : 'warn']({ connection: id, status: verdict.status }, line);
    return c.json({ error: `Refused: ${verdict.reason}.` }, verdict.status);
  }
  try {
    await keepHints(deps.db, { connection: id, hints: verdict.hints, now });
  } catch (error) {
    deps.log.error(
      { connection: id, err: error },
      `A webhook of ${connection.label} could not be stored; it was asked to send it again.`,
    );
    return c.json({ error: 'This could not be stored. Send it again.' }, 503, { 'retry-after': '30' });
  }
  wakeFlows(deps, id, { hints: verdict.hints, wake });
  // Xero insists on an empty body.
  return c.body(null, 200);
}

async function keepHints(
  db: Db,
  { connection, hints, now }: { connection: string; hints: readonly Hinted[]; now: Date },
): Promise<void> {
  await db.transaction(async (tx) => {
    const kinds = Map.groupBy(hints, ({ entity }) => entity);
    for (const entity of [...kinds.keys()].sort()) {
      const externalIds = (kinds.get(entity) ?? []).map(({ externalId }) => externalId);
      await addHints(tx, { connection, entity, externalIds, now });
    }
  });
}

/** Not waited for: the hints are stored, and a flow that is not woken finds them at its next slot. */
function wakeFlows(
  { agreement }: WebhookDeps,
  connection: string,
  { hints, wake }: { readonly hints: readonly Hinted[]; readonly wake: (flow: string) => void },
): void {
  const entities = new Set(hints.map(({ entity }) => entity));
  for (const flow of Object.values(agreement().flows))
    if (flow.connections.includes(connection) && entities.has(flow.entity)) wake(flow.id);
}

/** The body as it was sent, byte for byte, for its signature; null where it is no text. */
async function bodyOf(c: Context): Promise<string | null> {
  const bytes = await c.req.arrayBuffer();
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
