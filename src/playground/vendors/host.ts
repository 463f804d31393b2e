import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { type Answer, type Call, text } from './exchange.ts';
import type { Faults } from './faults.ts';
import type { PracticeVendor } from './vendor.ts';

export interface HostOptions {
  /** 0 takes any free port. */
  readonly port: number;
  readonly faults: Faults;
  /**
   * The vendor's own answer. Synchronous: whatever it changed is on file before anybody hears of it. `atOnce` = calls under way
   * when this one came, itself among them.
   */
  answer(call: Call, atOnce: number): Answer;
  /** Real ms that each call takes, so that calls can overlap. */
  readonly takesMs?: number;
}

export interface Host {
  /** `http://127.0.0.1:<port>` */
  readonly origin: string;
  readonly log: PracticeVendor['log'];
  close(): Promise<void>;
}

const bodyLimit = 10 * 1024 * 1024;
const logLimit = 5000;
type LogEntry = {
  -readonly [key in keyof PracticeVendor['log'][number]]: PracticeVendor['log'][number][key];
};

/** A vendor's HTTP server on 127.0.0.1: reads calls, applies the fault of the day, keeps the log. */
export async function openHost(options: HostOptions): Promise<Host> {
  const { faults } = options;
  const log: LogEntry[] = [];
  let inFlight = 0;

  const serve = async (request: IncomingMessage, response: ServerResponse, atOnce: number) => {
    const url = new URL(request.url ?? '/', 'http://vendor');
    const headers = headersOf(request);
    const method = request.method ?? 'GET';
    const entry = { method, path: url.pathname, query: url.search.slice(1), status: 0, headers };
    log.push(entry);
    if (log.length > logLimit) log.shift();
    const body = await bodyOf(request);
    const call = { method, path: url.pathname, query: url.searchParams, headers, body: body ?? '' };
    await faults.heard();
    if (response.destroyed || request.socket.destroyed) return;
    if (options.takesMs) await wait(options.takesMs);
    const own = body === null ? text(413, 'The request is too large') : null;
    const answer = own ?? faults.instead(call) ?? options.answer(call, atOnce);
    const sent = faults.outgoing(call, answer);
    if (sent === 'cut') return void request.socket.destroy();
    entry.status = sent.status;
    response.writeHead(sent.status, { ...sent.headers, 'content-length': Buffer.byteLength(sent.body) });
    response.end(sent.body);
  };

  const server = createServer((request, response) => {
    inFlight += 1;
    serve(request, response, inFlight)
      .catch(() => request.socket.destroy())
      .finally(() => {
        inFlight -= 1;
      });
  });
  // Longer than any client keeps a connection, so that none is closed under a request.
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    log,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
        faults.set(null);
      }),
  };
}

function headersOf(request: IncomingMessage): Record<string, string> {
  const entries = Object.entries(request.headers).map(([name, value]) => [
    name,
    [value ?? ''].flat().join(', '),
  ]);
  return Object.fromEntries(entries);
}

/** Null when there is too much of it. */
async function bodyOf(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size <= bodyLimit) chunks.push(chunk);
  }
  return size > bodyLimit ? null : Buffer.concat(chunks).toString('utf8');
}
