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
  const log: LogEntry[] = [];
  let underWay = 0;
  const server = createServer((request, response) => {
    underWay += 1;
    serve(request, response, { ...options, log, atOnce: underWay })
      .catch(() => request.socket.destroy())
      .finally(() => {
        underWay -= 1;
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
        options.faults.set(null);
      }),
  };
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  {
    faults,
    takesMs,
    log,
    atOnce,
    ...options
  }: HostOptions & { readonly log: LogEntry[]; readonly atOnce: number },
): Promise<void> {
  const { pathname: path, search, searchParams: query } = new URL(request.url ?? '/', 'http://vendor');
  const headers = headersOf(request);
  const method = request.method ?? 'GET';
  const entry: LogEntry = { method, path, query: search.slice(1), status: 0, headers };
  log.push(entry);
  if (log.length > logLimit) log.shift();
  const body = await bodyOf(request);
  const call = { method, path, query, headers, body: body ?? '' };
  if (takesMs) await wait(takesMs);
  const fate = await faults.meet(
    call,
    () => (body === null ? text(413, 'The request is too large') : options.answer(call, atOnce)),
    () => response.destroyed || request.socket.destroyed,
  );
  if (fate.kind === 'cut') return void request.socket.destroy();
  const { status, headers: own, body: whole } = fate.answer;
  entry.status = status;
  response.writeHead(status, { ...own, 'content-length': Buffer.byteLength(whole) });
  if (fate.kind === 'answered') return void response.end(whole);
  response.write(whole.slice(0, whole.length / 2), () => request.socket.destroy());
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
