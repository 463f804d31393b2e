import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import type { SlackSide } from '../slack/app.ts';
import { readHealth } from './health.ts';
import { createSignInRoutes, type SignInDeps } from './sign-in.ts';
import { createSlackRoutes } from './slack.ts';
import { createWebhookRoutes, type WebhookDeps } from './webhooks.ts';

export interface WebDeps extends WebhookDeps, SignInDeps {
  readonly log: WebhookDeps['log'];
  /** Answers Slack where it calls us; null over Socket Mode. */
  readonly slackRequests?: SlackSide['requests'];
  /** More routes under `/`: the practice workspace's page. */
  readonly extra?: Hono;
}

export interface Web {
  /** Starts to listen; 0 takes any free port. Returns the port. Throws an Error of one plain line where it cannot. */
  listen(port: number, host: string): Promise<number>;
  /** Ends every connection, also those that stream. */
  close(): Promise<void>;
}

/** Everything that Truce answers over HTTP: health, webhooks, the way back from a vendor's sign-in, and in practice its page. */
export function createWeb(deps: WebDeps): Web {
  let since = deps.clock.now();
  const server = createAdaptorServer({ fetch: createRoutes(deps, () => since).fetch }) as Server;
  return {
    async listen(port, host) {
      since = deps.clock.now();
      await listening(server, port, host);
      return (server.address() as AddressInfo).port;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function createRoutes(deps: WebDeps, since: () => Date): Hono {
  const routes = new Hono();
  routes.get('/health', async (c) => {
    const { db, agreement, clock } = deps;
    const health = await readHealth(db, { agreement: agreement(), now: clock.now(), since: since() });
    return c.json(health, health.ok ? 200 : 503, { 'cache-control': 'no-store' });
  });
  routes.route('/webhooks', createWebhookRoutes(deps));
  routes.route('/oauth', createSignInRoutes(deps));
  if (deps.slackRequests) routes.route('/slack', createSlackRoutes(deps.slackRequests));
  if (deps.extra) routes.route('/', deps.extra);
  routes.notFound((c) => c.json({ error: 'There is nothing here.' }, 404));
  routes.onError((error, c) => {
    // Without the path: it may hold a webhook's secret.
    deps.log.error({ err: error }, 'A request could not be answered.');
    return c.json({ error: 'Truce itself stumbled over this request.' }, 500);
  });
  return routes;
}

function listening(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) =>
      reject(new Error(portProblem(error, port), { cause: error }));
    server.once('error', failed);
    server.listen(port, host, () => {
      server.off('error', failed);
      resolve();
    });
  });
}

function portProblem({ code, message }: NodeJS.ErrnoException, port: number): string {
  if (code === 'EADDRINUSE')
    return `Port ${port} is already in use. Stop what uses it or set PORT to another.`;
  if (code === 'EACCES') return `Port ${port} may not be used by this user. Set PORT to one above 1023.`;
  return `Port ${port} cannot be opened (${code ?? message}). Set PORT to another.`;
}
