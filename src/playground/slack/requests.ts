import { createHmac } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import type { Acknowledgement } from './acks.ts';
import { Refused } from './api/refused.ts';
import type { Envelope, Sockets } from './sockets.ts';

/** Where the app wants to be called, as its manifest says, and the secret by which it knows us. */
export interface RequestUrl {
  readonly url: string;
  readonly signingSecret: string;
}

interface Options extends RequestUrl {
  readonly clock: Clock;
  /** Real milliseconds for an acknowledgement. */
  readonly ackMs: number;
  /** Real milliseconds before each further attempt at an event. */
  readonly eventRetriesMs: readonly number[];
  readonly isDown: () => boolean;
}

/** Instead of sockets: every payload is a signed request to the app, which has 3 seconds to answer 200. */
export function openRequestsTo(options: Options): Sockets {
  const retries = new Set<NodeJS.Timeout>();
  const event = async (payload: Envelope['payload'], attempt = 0): Promise<void> => {
    const outcome = await send(options, { type: 'events_api', answers: false, payload }, attempt);
    const wait = options.eventRetriesMs[attempt];
    if (!outcome.acked && wait !== undefined)
      retries.add(setTimeout(() => void event(payload, attempt + 1), wait).unref());
  };
  return {
    count: 0,
    address: () => {
      throw new Refused('not_allowed_token_type');
    },
    upgrade: (_, socket) => void socket.destroy(),
    ask: (envelope) => send(options, envelope),
    event: (payload) => void event(payload),
    refresh: () => {},
    cut: () => {},
    loseNextAck: () => {},
    close: async () => {
      for (const retry of retries) clearTimeout(retry);
    },
  };
}

async function send(
  { url, signingSecret, clock, ackMs, isDown }: Options,
  envelope: Envelope,
  attempt = 0,
): Promise<Acknowledgement> {
  if (isDown()) return { acked: false };
  const { type, body } = written(envelope);
  const seconds = String(Math.floor(clock.now().getTime() / 1000));
  const signature = createHmac('sha256', signingSecret).update(`v0:${seconds}:${body}`).digest('hex');
  try {
    const response = await fetch(url, {
      method: 'POST',
      body,
      headers: {
        'content-type': type,
        'x-slack-request-timestamp': seconds,
        'x-slack-signature': `v0=${signature}`,
        ...(attempt > 0
          ? { 'x-slack-retry-num': String(attempt), 'x-slack-retry-reason': 'http_timeout' }
          : {}),
      },
      signal: AbortSignal.timeout(ackMs),
    });
    const said = await response.text();
    return response.ok ? { acked: true, payload: said === '' ? {} : answered(said) } : { acked: false };
  } catch {
    return { acked: false };
  }
}

/** Events are JSON, commands a form, clicks JSON in a form. */
function written({ type, payload }: Envelope): { readonly type: string; readonly body: string } {
  if (type === 'events_api') return { type: 'application/json', body: JSON.stringify(payload) };
  const form =
    type === 'slash_commands'
      ? Object.entries(payload).map(([name, value]) => [name, String(value)])
      : [['payload', JSON.stringify(payload)]];
  return { type: 'application/x-www-form-urlencoded', body: new URLSearchParams(form).toString() };
}

/** An answer in words is one to a command. */
function answered(said: string): Envelope['payload'] {
  try {
    const read: unknown = JSON.parse(said);
    return typeof read === 'object' && read !== null ? (read as Envelope['payload']) : { text: String(read) };
  } catch {
    return { text: said };
  }
}
