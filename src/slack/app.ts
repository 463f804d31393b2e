import { App } from '@slack/bolt';
import { WebClient, type WebClientOptions } from '@slack/web-api';
import { every } from '../clock.ts';
import type { SlackSideDeps } from './deps.ts';
import type { Desk } from './desk.ts';
import { listen } from './listen.ts';
import { type SenderParts, sendDue } from './outbox.ts';
import { pace } from './pace.ts';
import { peopleBook } from './people-book.ts';
import { rooms } from './rooms.ts';
import { boltLogger, openSocket } from './socket.ts';

const lookEvery = 300;
const patience = 3_000;

export interface SlackSide {
  /** Connects and begins to send. Rejects where Slack refuses a token or cannot be reached. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Sends all that is due now, at Slack's pace by the given clock. Works without `start`. */
  flush(): Promise<void>;
}

/** The Slack side: Bolt over Socket Mode for what people do, a sender for what Truce has to say. */
export function createSlackSide(deps: SlackSideDeps): SlackSide {
  const { slack, onFatal, ...shared } = deps;
  const { clock, log } = shared;
  const options = clientOptions(slack.apiUrl);
  const client = new WebClient(slack.botToken, { ...options, logger: boltLogger(log) });
  const stopping = new AbortController();
  const fatal = (error: Error) => {
    log.fatal(
      { event: 'slack_lost', reason: error.message },
      `Slack does not let Truce connect any more: ${error.message}`,
    );
    onFatal?.(error);
  };
  let home = '';
  const desk: Desk = {
    ...shared,
    client,
    people: peopleBook({ client, clock, log }),
    home: () => home,
    signal: stopping.signal,
  };
  const socket = openSocket({ ...slack, log, onFatal: fatal });
  const app = new App({
    token: slack.botToken,
    receiver: socket.receiver,
    clientOptions: { ...options },
    logger: boltLogger(log),
    deferInitialization: true,
    convoStore: false,
    extendedErrorHandler: true,
  });
  const busy = listen(app, desk);
  const sender = senderOf(
    { ...shared, client, rooms: rooms({ client, clock }), pace: pace(clock) },
    stopping.signal,
  );
  let stopLooking: (() => Promise<void>) | undefined;
  return {
    start: async () => {
      await app.init();
      home = (await client.auth.test()).team_id ?? '';
      await app.start();
      stopLooking = every(lookEvery, () => sender(false));
    },
    stop: async () => {
      stopping.abort();
      await stopLooking?.();
      const connected = stopLooking !== undefined;
      await within(patience, Promise.all([...busy(), connected ? socket.close() : undefined]));
    },
    flush: () => sender(true),
  };
}

/** Our own outbox repeats what failed: the client must neither retry nor hold everything back when one channel is busy. */
const clientOptions = (apiUrl: string | null): WebClientOptions => ({
  retryConfig: { retries: 0 },
  rejectRateLimitedCalls: true,
  timeout: 10_000,
  ...(apiUrl ? { slackApiUrl: apiUrl } : {}),
});

/** One sending at a time in this process; a fault is logged, and what was to be sent is still in the ledger. */
function senderOf(parts: SenderParts, signal: AbortSignal): (wait: boolean) => Promise<void> {
  let before: Promise<void> = Promise.resolve();
  return (wait) => {
    before = before
      .then(async () => {
        await sendDue(parts, { wait, signal });
      })
      .catch((error: unknown) => {
        if (!signal.aborted)
          parts.log.error(
            { event: 'sender_failed', err: error },
            'Sending to Slack met a fault; it goes on.',
          );
      });
    return before;
  };
}

/** Waits for `work`, but no longer than `ms` of real time. */
async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work.catch(() => undefined), late]);
  clearTimeout(timer);
}
