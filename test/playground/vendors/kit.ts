import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { type ManualClock, manualClock } from '#src/clock.ts';
import { type PracticeSeed, seed } from '#src/playground/data/seed.ts';
import { openStore, type Store } from '#src/playground/store.ts';
import type { PracticeVendor } from '#src/playground/vendors/vendor.ts';

export const noon = new Date('2026-11-21T01:00:00.000Z');

const planted = seed(noon);

type Start<Seed, V extends PracticeVendor> = (options: {
  store: Store;
  clock: ManualClock;
  seed: readonly Seed[];
}) => Promise<V>;

/** A practice vendor with the practice company's data, on a clock that stands at noon. */
export async function started<Seed, V extends PracticeVendor>(
  start: Start<Seed, V>,
  seeds: (all: PracticeSeed) => readonly Seed[],
) {
  const clock = manualClock(noon);
  const store = openStore(':memory:');
  const vendor = await start({ store, clock, seed: seeds(planted) });
  onTestFinished(async () => {
    await vendor.close();
    store.close();
  });
  return { vendor, clock, store };
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; undefined where it is none. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into vendors' answers of every shape
  readonly json: any;
}

export async function ask(
  url: string,
  how: { method?: string; headers?: Record<string, string>; body?: unknown; signal?: AbortSignal } = {},
): Promise<Reply> {
  const { body, signal } = how;
  const response = await fetch(url, {
    method: how.method ?? (body === undefined ? 'GET' : 'POST'),
    headers: how.headers ?? {},
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    ...(signal ? { signal } : {}),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: parsed(text) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export interface Hook {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Where webhooks go in a test. `answer` gives the status of each. */
export async function hookTarget(path: string, answer: (hook: Hook, number: number) => number) {
  const hooks: Hook[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    hooks.push({ url, headers: request.headers, body });
    response.writeHead(answer(hooks.at(-1) as Hook, hooks.length)).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
  return { url, hooks };
}

export async function eventually<T>(look: () => T | undefined | false): Promise<T> {
  for (let i = 0; i < 400; i += 1) {
    const found = look();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('it never came');
}

/** The value under a label of a card. */
export function shown(vendor: PracticeVendor, externalId: string, key: string): string | undefined {
  return vendor.card(externalId)?.fields.find((field) => field.key === key)?.value;
}
