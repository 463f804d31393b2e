import { type Logger as BoltLogger, LogLevel, SocketModeReceiver } from '@slack/bolt';
import type { Logger } from 'pino';
import { pause } from './pause.ts';

/**
 * How long a lost connection goes unnoticed, and, with socket-mode 3.1.0, how long Truce is deaf at every reconnect; ms.
 * The library closes first and waits this long before it opens anew (its default: 5 s).
 */
const pingTimeout = 2_000;

interface SocketInput {
  readonly appToken: string;
  readonly apiUrl: string | null;
  readonly log: Logger;
  /** How asking Slack for a connection went, each time: why not, or null. */
  readonly asked: (error: unknown) => void;
}

export interface Socket {
  readonly receiver: SocketModeReceiver;
  /** Closes the connection; resolves once it is closed. */
  close(): Promise<void>;
}

/** The connection over which Slack calls. Once it is started it comes back for ever, also after a refusal. */
export function openSocket({ appToken, apiUrl, log, asked }: SocketInput): Socket {
  const receiver = new SocketModeReceiver({
    appToken,
    clientPingTimeout: pingTimeout,
    logger: boltLogger(log),
    installerOptions: {
      clientOptions: {
        timeout: 15_000,
        retryConfig: { retries: 0 },
        ...(apiUrl ? { slackApiUrl: apiUrl } : {}),
      },
    },
    customPropertiesExtractor: ({ envelope_id }: { envelope_id?: string }) => ({ envelopeId: envelope_id }),
    processEventErrorHandler: async ({ error }) => {
      log.error(
        { event: 'slack_event_failed', err: error },
        'Something that came from Slack could not be handled.',
      );
      return true;
    },
  });
  const closing = new AbortController();
  keepAsking(receiver, { asked, signal: closing.signal });
  return {
    receiver,
    close: async () => {
      closing.abort();
      await receiver.client.disconnect();
    },
  };
}

/**
 * The library gives up at some answers, waits ever longer without bound at others, and rejects promises that nobody holds. So it
 * sees none of them: what it asks Slack for a connection with is asked until Slack gives one.
 */
function keepAsking(
  receiver: SocketModeReceiver,
  { asked, signal }: { readonly asked: SocketInput['asked']; readonly signal: AbortSignal },
): void {
  const client = receiver.client as unknown as {
    start(): Promise<unknown>;
    webClient: { apps: { connections: { open(args: object): Promise<unknown> } } };
  };
  const { connections } = client.webClient.apps;
  const open = connections.open.bind(connections);
  connections.open = async (args) => {
    for (let tries = 0; !signal.aborted; tries++) {
      try {
        const answer = await open(args);
        if (signal.aborted) break;
        asked(null);
        return answer;
      } catch (error) {
        if (!signal.aborted) asked(error);
        await pause(tries, signal);
      }
    }
    // Whoever waits inside the library must neither go on nor reject.
    return never;
  };
  const { start } = client;
  // It rejects where it was closed before it was open.
  client.start = () => start.call(client).catch((error) => (signal.aborted ? never : Promise.reject(error)));
}

const never = new Promise<never>(() => undefined);

/** The library's log in ours. Never its debug level: that holds whole payloads, with response URLs and triggers in them. */
export function boltLogger(log: Logger): BoltLogger {
  const words = (message: unknown[]) =>
    message.map((part) => (part instanceof Error ? part.message : String(part))).join(' ');
  return {
    debug: () => undefined,
    info: (...message) => log.debug(words(message)),
    warn: (...message) => log.warn(words(message)),
    error: (...message) => log.warn(words(message)),
    setLevel: () => undefined,
    getLevel: () => LogLevel.INFO,
    setName: () => undefined,
  };
}
