import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { type Acknowledgement, type Acks, openAcks } from './acks.ts';
import { APP } from './workspace.ts';

const MOST_SOCKETS = 10;
const PING_MS = 10_000;
const LEAVE_MS = 10_000;
const GOODBYE_MS = 300;

export interface Envelope {
  readonly type: 'slash_commands' | 'interactive' | 'events_api';
  /** Whether the acknowledgement may carry an answer. */
  readonly answers: boolean;
  readonly payload: Readonly<Record<string, unknown>>;
}
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
  /** The app's next acknowledgement does not arrive. */
  loseNextAck(): void;
  /** Says goodbye to every socket, and waits a moment for its answer. */
  close(): Promise<void>;
}

interface Options {
  /** Real milliseconds for an acknowledgement. */
  readonly ackMs: number;
  /** Real milliseconds before each further attempt at an event. */
  readonly eventRetriesMs: readonly number[];
  readonly isDown: () => boolean;
}

export function openSockets({ ackMs, eventRetriesMs, isDown }: Options): Sockets {
  const server = new WebSocketServer({ noServer: true });
  const acks = openAcks(ackMs);
  const ring = openRing(acks);
  const tickets = new Set<string>();
  const retries = new Set<NodeJS.Timeout>();
  const event = async (payload: Envelope['payload'], attempt = 0): Promise<void> => {
    const outcome = await ring.send({ type: 'events_api', answers: false, payload }, attempt);
    const wait = eventRetriesMs[attempt];
    if (!outcome.acked && wait !== undefined)
      retries.add(setTimeout(() => void event(payload, attempt + 1), wait).unref());
  };
  return {
    get count() {
      return ring.count;
    },
    address: (host) => {
      const ticket = randomUUID();
      tickets.add(ticket);
      return `ws://${host}/link/?ticket=${ticket}&app_id=${APP.id}`;
    },
    upgrade: (request, socket, head) => {
      const ticket = new URL(request.url ?? '/', 'http://localhost').searchParams.get('ticket') ?? '';
      if (isDown() || !tickets.delete(ticket)) socket.destroy();
      else server.handleUpgrade(request, socket, head, ring.join);
    },
    ask: (envelope) => ring.send(envelope),
    event: (payload) => void event(payload),
    refresh: ring.sendAllAway,
    cut: () => {
      for (const socket of server.clients) socket.terminate();
    },
    loseNextAck: acks.loseNext,
    close: async () => {
      ring.close();
      acks.giveUp();
      await Promise.all([...server.clients].map(goodbye));
      for (const retry of retries) clearTimeout(retry);
      server.close();
    },
  };
}

/** The open sockets, served in turn. One that was sent away gets nothing more. */
function openRing(acks: Acks) {
  const open: WebSocket[] = [];
  const leave = (socket: WebSocket) => {
    const at = open.indexOf(socket);
    if (at >= 0) open.splice(at, 1);
  };
  const sendAway = (socket: WebSocket, reason: DisconnectReason) => {
    leave(socket);
    socket.send(JSON.stringify({ type: 'disconnect', reason, num_connections: open.length, debug_info }));
    setTimeout(() => socket.terminate(), LEAVE_MS).unref();
  };
  const pings = setInterval(() => {
    for (const socket of open) socket.ping();
  }, PING_MS).unref();
  return {
    get count() {
      return open.length;
    },
    join: (socket: WebSocket) => {
      socket.on('close', () => leave(socket));
      socket.on('error', () => leave(socket));
      socket.on('message', (data) => acks.read(String(data)));
      if (open.length >= MOST_SOCKETS) return sendAway(socket, 'too_many_websockets');
      open.push(socket);
      socket.send(JSON.stringify(hello(open.length)));
    },
    /** Without an open socket nobody can acknowledge: that is said at once. */
    send: (envelope: Envelope, attempt = 0): Promise<Acknowledgement> => {
      const socket = open.shift();
      if (socket === undefined) return Promise.resolve({ acked: false });
      open.push(socket);
      const envelopeId = randomUUID();
      const acknowledged = acks.wait(envelopeId);
      socket.send(JSON.stringify(frameOf(envelopeId, envelope, attempt)));
      return acknowledged;
    },
    sendAllAway: (reason: DisconnectReason) => {
      for (const socket of [...open]) sendAway(socket, reason);
    },
    close: () => clearInterval(pings),
  };
}

function goodbye(socket: WebSocket): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => socket.terminate(), GOODBYE_MS);
    socket.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
    socket.close(1001);
  });
}

const debug_info = { host: 'applink-practice', build_number: 1, approximate_connection_time: 18_060 };
const hello = (count: number) => ({
  type: 'hello',
  num_connections: count,
  debug_info,
  connection_info: { app_id: APP.id },
});

function frameOf(envelopeId: string, { type, answers, payload }: Envelope, attempt: number) {
  const retried = { retry_attempt: attempt, retry_reason: attempt > 0 ? 'timeout' : '' };
  return {
    envelope_id: envelopeId,
    type,
    accepts_response_payload: answers,
    ...(type === 'events_api' ? retried : {}),
    payload,
  };
}
