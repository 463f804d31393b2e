import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { ConnectionTerms, SystemName, SystemTerms } from '#src/agreement/agreement.ts';
import { type ManualClock, manualClock } from '#src/clock.ts';
import type { WebhookRequest } from '#src/connectors/connection.ts';
import type { CallContext, ReadItem } from '#src/connectors/connector.ts';
import type { BudgetLedger, LeaseRequest } from '#src/connectors/http/budget.ts';
import type { Exchange, ExchangeLog } from '#src/connectors/http/log.ts';
import type { TokenSet, TokenStore } from '#src/connectors/tokens.ts';
import { type BudgetState, feed, lease, untouched } from '#src/ledger/connections/budget-state.ts';

export const noon = new Date('2026-11-20T01:00:00.000Z');
export const clockAtNoon = (): ManualClock => manualClock(noon);

export const call: CallContext = { runId: 7, correlationId: 'tr-7F3K92QDXB', changeIds: [] };

/** What each system's terms must say beside the common ones; a test sets what it is about. */
const ownTerms: { readonly [S in SystemName]: Extract<SystemTerms, { readonly system: S }> } = {
  hubspot: {
    system: 'hubspot',
    signIn: 'token',
    billingContact: { kind: 'property' },
    wonStages: ['closedwon'],
    wonSince: null,
  },
  xero: {
    system: 'xero',
    signIn: 'custom_connection',
    organisation: null,
    taxCodes: {},
    newInvoices: null,
  },
  'cin7-core': {
    system: 'cin7-core',
    taxCodes: {},
    newCustomers: null,
    newProducts: null,
    postsInvoicesTo: null,
  },
  postgresql: {
    system: 'postgresql',
    table: 'customers',
    key: 'id',
    columns: {},
    changes: { kind: 'column', column: 'updated_at' },
    marker: null,
  },
  csv: { system: 'csv', file: 'customers.csv', key: 'id', columns: {} },
};

type TermsOf<S extends SystemName> = Extract<ConnectionTerms, { readonly system: S }>;

export function terms<S extends SystemName>(system: S, more: Partial<TermsOf<S>> = {}): TermsOf<S> {
  const common = {
    id: system,
    baseUrl: null,
    authUrl: null,
    credentials: {},
    callsPerMinute: 600,
    callsPerDay: 100_000,
    callsForPeople: 0,
    timeoutSeconds: 5,
  };
  return { ...common, ...ownTerms[system], ...more } as unknown as TermsOf<S>;
}

/** Tokens of connected accounts in memory, with the store's rules. */
export function memoryTokens(start: Readonly<Record<string, TokenSet>> = {}): TokenStore {
  const held = new Map(Object.entries(start));
  const renewing = new Map<string, Promise<TokenSet>>();
  return {
    read: async (connection) => held.get(connection) ?? null,
    renew: (connection, stale, renew) => {
      const current = held.get(connection);
      if (!current) return Promise.reject(new Error(`${connection} is not connected`));
      if (current.accessToken !== stale) return Promise.resolve(current);
      const under = renewing.get(connection);
      if (under) return under;
      const made = renew(current)
        .then((next) => {
          held.set(connection, next);
          return next;
        })
        .finally(() => renewing.delete(connection));
      renewing.set(connection, made);
      return made;
    },
    connect: async (connection, tokens) => {
      held.set(connection, tokens);
    },
  };
}

/** Keeps what was logged; numbers from 1, as the ledger does. */
export function memoryLog(): ExchangeLog & { readonly kept: Exchange[] } {
  const kept: Exchange[] = [];
  return { kept, write: async (exchange) => kept.push(exchange) };
}

/** A budget ledger in memory, with the ledger's rules; `asked` are the leases asked for. */
export function memoryBudgets(): BudgetLedger & { readonly asked: LeaseRequest[] } {
  const held = new Map<string, BudgetState>();
  const stateOf = (connection: string) => held.get(connection) ?? untouched;
  const asked: LeaseRequest[] = [];
  return {
    asked,
    lease: async (request) => {
      asked.push(request);
      const { state, answer } = lease(stateOf(request.connection), request);
      held.set(request.connection, state);
      return answer;
    },
    feed: async (told) => {
      held.set(told.connection, feed(stateOf(told.connection), told));
    },
    close: async (connection, until) => {
      held.set(connection, { ...stateOf(connection), closedUntil: until.getTime() });
    },
    tellZone: async (connection, zone) => {
      held.set(connection, { ...stateOf(connection), zone });
    },
  };
}

export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}
type Answer =
  | {
      readonly status?: number;
      readonly headers?: Record<string, string>;
      readonly json?: unknown;
      readonly text?: string;
    }
  /** Cuts the connection: at once, or after half an answer. */
  | 'cut'
  | 'half'
  | 'never';

/** A vendor of a few lines: answers in order, the last one for ever. */
export async function tinyVendor(
  answer: (seen: Seen, number: number) => Answer,
): Promise<{ readonly url: string; readonly seen: Seen[] }> {
  const seen: Seen[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = '', url = '', headers } = request;
    seen.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
    reply(answer(seen.at(-1) as Seen, seen.length), request, response);
  });
  await listening(server);
  onTestFinished(() => close(server));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

function reply(answer: Answer, request: IncomingMessage, response: ServerResponse): void {
  if (answer === 'never') return;
  if (answer === 'cut') {
    request.socket.destroy();
    return;
  }
  if (answer === 'half') {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
    response.write('{"results":[', () => request.socket.destroy());
    return;
  }
  const { status = 200, headers = {}, json, text } = answer;
  response.writeHead(status, {
    ...(json === undefined ? {} : { 'content-type': 'application/json' }),
    ...headers,
  });
  response.end(json === undefined ? (text ?? '') : JSON.stringify(json));
}

const listening = (server: Server) => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const close = (server: Server) =>
  new Promise<void>((resolve) => {
    server.closeAllConnections();
    server.close(() => resolve());
  });

export function webhook(more: Partial<WebhookRequest>): WebhookRequest {
  return {
    method: 'POST',
    url: 'https://truce.example.com/webhooks/x',
    headers: {},
    body: '',
    receivedAt: noon,
    ...more,
  };
}

/** The fields of an item that was read; fails where it was not. */
export function fieldsOf(item: ReadItem | undefined) {
  if (item?.kind !== 'read') throw new Error(`expected a record that was read, not ${JSON.stringify(item)}`);
  return item.observation.fields;
}
