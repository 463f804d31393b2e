import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { ConnectionTerms, SystemName } from '#src/agreement/agreement.ts';
import { type ManualClock, manualClock } from '#src/clock.ts';
import type { CallContext, ReadItem, WebhookRequest } from '#src/connectors/connector.ts';
import type { BudgetLedger, LeaseRequest } from '#src/connectors/http/budget.ts';
import type { Exchange, ExchangeLog } from '#src/connectors/http/log.ts';

export const noon = new Date('2026-11-20T01:00:00.000Z');
export const clockAtNoon = (): ManualClock => manualClock(noon);

export const call: CallContext = { runId: 7, correlationId: 'tr-7F3K92QDXB', changeIds: [] };

export function terms(system: SystemName, more: Partial<ConnectionTerms> = {}): ConnectionTerms {
  return {
    id: system,
    system,
    baseUrl: null,
    authUrl: null,
    credentials: {},
    callsPerMinute: 600,
    callsPerDay: 100_000,
    timeoutSeconds: 5,
    ...more,
  };
}

/** Keeps what was logged; numbers from 1, as the ledger does. */
export function memoryLog(): ExchangeLog & { readonly kept: Exchange[] } {
  const kept: Exchange[] = [];
  return { kept, write: async (exchange) => kept.push(exchange) };
}

/** A budget ledger in memory, with the ledger's rules. */
export function memoryBudgets(): BudgetLedger & { readonly asked: LeaseRequest[]; closedUntil: Date | null } {
  const used = new Map<string, number>();
  const ledger = {
    asked: [] as LeaseRequest[],
    closedUntil: null as Date | null,
    lease: async (request: LeaseRequest) => {
      ledger.asked.push(request);
      const { connection, span, windowStart, calls, limit, now } = request;
      const key = `${connection} ${span} ${windowStart.toISOString()}`;
      const before = used.get(key) ?? 0;
      const closed = ledger.closedUntil && ledger.closedUntil > now;
      const granted = !closed && before + calls <= limit;
      if (granted) used.set(key, before + calls);
      return { granted, closedUntil: ledger.closedUntil };
    },
    feed: async ({
      connection,
      span,
      windowStart,
      limit,
      remaining,
    }: Parameters<BudgetLedger['feed']>[0]) => {
      const key = `${connection} ${span} ${windowStart.toISOString()}`;
      used.set(key, Math.max(used.get(key) ?? 0, limit - remaining));
    },
    close: async (_connection: string, until: Date) => {
      ledger.closedUntil = until;
    },
  };
  return ledger;
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
