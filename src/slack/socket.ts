import { type Logger as BoltLogger, LogLevel, SocketModeReceiver } from '@slack/bolt';
import type { Logger } from 'pino';

/**
 * How long a lost connection goes unnoticed, and, with socket-mode 3.1.0, how long Truce is deaf at every reconnect; ms.
 * The library closes first and waits this long before it opens anew (its default: 5 s).
 */
const pingTimeout = 2_000;

interface SocketInput {
  readonly appToken: string;
  readonly apiUrl: string | null;
  readonly log: Logger;
  /** The connection is gone for good. */
  readonly onFatal: (error: Error) => void;
}

export interface Socket {
  readonly receiver: SocketModeReceiver;
  /** Closes the connection; resolves once it is closed. */
  close(): Promise<void>;
}

/**
 * The connection over which Slack calls. Its options for `apps.connections.open` are an object of its own, since the library
 * writes its many retries into it: while reconnecting those are wanted, everywhere else they are not.
 */
export function openSocket({ appToken, apiUrl, log, onFatal }: SocketInput): Socket {
  const receiver = new SocketModeReceiver({
    appToken,
    clientPingTimeout: pingTimeout,
    logger: boltLogger(log),
    installerOptions: { clientOptions: { timeout: 15_000, ...(apiUrl ? { slackApiUrl: apiUrl } : {}) } },
    customPropertiesExtractor: ({ envelope_id }: { envelope_id?: string }) => ({ envelopeId: envelope_id }),
    processEventErrorHandler: async ({ error }) => {
      log.error(
        { event: 'slack_event_failed', err: error },
        'Something that came from Slack could not be handled.',
      );
      return true;
    },
  });
  const closing = { now: false };
  reportFatal(receiver, { closing, onFatal });
  return {
    receiver,
    close: async () => {
      closing.now = true;
      await receiver.client.disconnect();
    },
  };
}

/**
 * When Slack refuses a reconnect for good (revoked token, Socket Mode switched off) the library rejects a promise that nobody
 * holds. Both of its ways there are led to `onFatal` instead; the very first connection still rejects to who started it.
 */
function reportFatal(
  receiver: SocketModeReceiver,
  { closing, onFatal }: { closing: { now: boolean }; onFatal: (error: Error) => void },
): void {
  const client = receiver.client as unknown as Record<'start' | 'retrieveWSSURL', () => Promise<unknown>>;
  for (const name of ['start', 'retrieveWSSURL'] as const) {
    const original = client[name].bind(receiver.client);
    let isFirst = true;
    client[name] = async () => {
      if (isFirst) {
        isFirst = false;
        return original();
      }
      try {
        return await original();
      } catch (error) {
        if (!closing.now) onFatal(error instanceof Error ? error : new Error(String(error)));
        // Whoever waits inside the library must neither go on nor reject.
        return new Promise(() => undefined);
      }
    };
  }
}

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
