import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { APP } from './workspace.ts';

const MOST_SOCKETS = 10;
const PING_MS = 10_000;

export interface Envelope {
  readonly type: 'slash_commands' | 'interactive' | 'events_api';
  /** Whether the acknowledgement may carry an answer. */
  readonly answers: boolean;
  readonly payload: Readonly<Record<string, unknown>>;
}
export type Acknowledgement =
  | { readonly acked: true; readonly payload: Readonly<Record<string, unknown>> }
  | { readonly acked: false };
export type DisconnectReason = 'warning' | 'refresh_requested' | 'too_many_websockets' | 'link_disabled';

/** Socket Mode: every envelope goes to exactly one open socket, which has 3 seconds to acknowledge it. */
export interface Sockets {
  readonly count: number;
  /** The address for one connection, as `apps.connections.open` answers it. */
  address(host: string): string;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  ask(envelope: Envelope): Promise<Acknowledgement>;
  /** Sends an event, and again while nobody acknowledges it. */
  event(payload: Envelope['payload']): void;
  /** Asks every socket to leave and come back. */
  refresh(reason: DisconnectReason): void;
  cut(): void;
  close(): void;
}

interface Options {
  /** Real milliseconds for an acknowledgement. */
  readonly ackMs: number;
  /** Real milliseconds before each further attempt at an event. */
  readonly eventRetriesMs: readonly number[];
  readonly isDown: () => boolean;
}

export function openSockets(options: Options): Sockets {
  const server = new WebSocketServer({ noServer: true });
  const open: WebSocket[] = [];
  const tickets = new Set<string>();
  const waiting = new Map<string, (outcome: Acknowledgement) => void>();
  const timers = new Set<NodeJS.Timeout>();
  const after = (ms: number, work: () => void): NodeJS.Timeout => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      work();
    }, ms).unref();
    timers.add(timer);
    return timer;
  };
  const pings = setInterval(() => {
    for (const socket of open) socket.ping();
  }, PING_MS).unref();
  const leave = (socket: WebSocket) => {
    const at = open.indexOf(socket);
    if (at >= 0) open.splice(at, 1);
  };

  const welcome = (socket: WebSocket) => {
    socket.on('close', () => leave(socket));
    socket.on('error', () => leave(socket));
    socket.on('message', (data) => acknowledge(String(data)));
    if (open.length >= MOST_SOCKETS) return sendAway(socket, 'too_many_websockets');
    open.push(socket);
    socket.send(JSON.stringify(hello(open.length)));
  };
  const acknowledge = (frame: string) => {
    const said = readFrame(frame);
    if (said !== null) waiting.get(said.envelopeId)?.({ acked: true, payload: said.payload });
  };
  const sendAway = (socket: WebSocket, reason: DisconnectReason) => {
    leave(socket);
    socket.send(
      JSON.stringify({ type: 'disconnect', reason, num_connections: open.length, debug_info: debug }),
    );
    after(PING_MS, () => socket.terminate());
  };

  const ask = (envelope: Envelope, retry: number | null = null): Promise<Acknowledgement> => {
    const socket = open.shift();
    if (socket === undefined) return Promise.resolve({ acked: false });
    open.push(socket);
    const envelopeId = randomUUID();
    return new Promise((resolve) => {
      const finish = (outcome: Acknowledgement) => {
        waiting.delete(envelopeId);
        timers.delete(timer);
        clearTimeout(timer);
        resolve(outcome);
      };
      const timer = after(options.ackMs, () => finish({ acked: false }));
      waiting.set(envelopeId, finish);
      socket.send(JSON.stringify(frameOf(envelopeId, envelope, retry)));
    });
  };
  const event = async (payload: Envelope['payload'], attempt = 0): Promise<void> => {
    const outcome = await ask({ type: 'events_api', answers: false, payload }, attempt);
    const wait = options.eventRetriesMs[attempt];
    if (!outcome.acked && wait !== undefined) after(wait, () => void event(payload, attempt + 1));
  };

  return {
    get count() {
      return open.length;
    },
    address: (host) => {
      const ticket = randomUUID();
      tickets.add(ticket);
      return `ws://${host}/link/?ticket=${ticket}&app_id=${APP.id}`;
    },
    upgrade: (request, socket, head) => {
      const ticket = new URL(request.url ?? '/', 'http://localhost').searchParams.get('ticket') ?? '';
      if (options.isDown() || !tickets.delete(ticket)) return void socket.destroy();
      server.handleUpgrade(request, socket, head, welcome);
    },
    ask: (envelope) => ask(envelope),
    event: (payload) => void event(payload),
    refresh: (reason) => {
      for (const socket of [...open]) sendAway(socket, reason);
    },
    cut: () => {
      for (const socket of server.clients) socket.terminate();
    },
    close: () => {
      clearInterval(pings);
      for (const finish of [...waiting.values()]) finish({ acked: false });
      for (const timer of timers) clearTimeout(timer);
      for (const socket of server.clients) socket.terminate();
      server.close();
    },
  };
}

const debug = { host: 'applink-practice', build_number: 1, approximate_connection_time: 18_060 };
const hello = (count: number) => ({
  type: 'hello',
  num_connections: count,
  debug_info: debug,
  connection_info: { app_id: APP.id },
});

function frameOf(envelopeId: string, { type, answers, payload }: Envelope, retry: number | null) {
  const retried = { retry_attempt: retry ?? 0, retry_reason: retry ? 'timeout' : '' };
  return {
    envelope_id: envelopeId,
    type,
    accepts_response_payload: answers,
    ...(type === 'events_api' ? retried : {}),
    payload,
  };
}

function readFrame(frame: string): { envelopeId: string; payload: Envelope['payload'] } | null {
  try {
    const { envelope_id: envelopeId, payload } = JSON.parse(frame);
    return typeof envelopeId === 'string' ? { envelopeId, payload: payload ?? {} } : null;
  } catch {
    return null;
  }
}
