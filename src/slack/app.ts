import { App } from '@slack/bolt';
import { WebClient, type WebClientOptions } from '@slack/web-api';
import { every } from '../clock.ts';
import { hasSpoken } from '../ledger/posts/slack-away.ts';
import { openBoards } from './boards.ts';
import { keepConnecting, type Trouble } from './connecting.ts';
import type { SlackSideDeps } from './deps.ts';
import type { Desk } from './desk.ts';
import { openDoor } from './door.ts';
import { listen } from './listen.ts';
import { type SenderParts, sendDue } from './outbox.ts';
import { boardAddress } from './own-app.ts';
import { pace } from './pace.ts';
import { peopleBook } from './people-book.ts';
import { openReach } from './reach.ts';
import type { Requests } from './requests.ts';
import { rooms } from './rooms.ts';
import { type LookWhen, lookItselfOver } from './self-look.ts';
import { slackTime } from './slack-time.ts';
import { boltLogger } from './socket.ts';

const lookEvery = 300;
/** How often Slack is asked whether it is there, in ms of real time. */
const reachEvery = 30_000;
const boardsEvery = 5_000;
const patience = 3_000;

export interface SlackSide {
  /**
   * Connects, and begins to send once it has; resolves after the first try, and goes on trying where that failed. `whenConnected` is
   * called once. Rejects where Slack refuses a token that was never any good.
   */
  start(whenConnected?: () => Promise<void>): Promise<void>;
  /** Why people and Truce do not reach each other in Slack, as far as connecting has shown; null = nothing is in the way. */
  trouble(): Trouble | null;
  stop(): Promise<void>;
  /** Answers a request of Slack; null over Socket Mode. */
  readonly requests: Requests['answer'] | null;
  /** Looks at everything that Truce stands on, if that was not done lately, and tells the technical owner what needs somebody. */
  lookItselfOver(when: LookWhen): Promise<void>;
  /** Sends all that is due now, and draws the boards anew that have changed, at Slack's pace by the given clock. Works without `start`. */
  flush(): Promise<void>;
}

/** The Slack side: Bolt, over Socket Mode or HTTP, for what people do; a sender for what Truce has to say. */
export function createSlackSide(deps: SlackSideDeps): SlackSide {
  const { slack, onFatal, ...shared } = deps;
  const { clock, log } = shared;
  const options = clientOptions(slack.apiUrl);
  const time = slackTime(clock);
  const client = new WebClient(slack.botToken, { ...options, fetch: time.fetch, logger: boltLogger(log) });
  const stopping = new AbortController();
  let home = '';
  let site = '';
  let board: string | null = null;
  const linkTo: SlackSideDeps['linkTo'] = ({ channel, ts }) =>
    site === '' ? null : `${site}archives/${channel}/p${ts.replace('.', '')}`;
  const desk: Desk = {
    ...shared,
    linkTo,
    board: () => board,
    client,
    people: peopleBook({ client, clock, log }),
    home: () => home,
    slackAhead: time.ahead,
    signal: stopping.signal,
  };
  const door = openDoor({ ...slack, clock, log, asked: (error) => line.asked(error) });
  const app = new App({
    token: slack.botToken,
    receiver: door.receiver,
    clientOptions: { ...options },
    logger: boltLogger(log),
    deferInitialization: true,
    convoStore: false,
    extendedErrorHandler: true,
  });
  const boards = openBoards(desk);
  const busy = listen(app, desk, boards);
  const sender = senderOf(
    { ...shared, linkTo, board: () => board, client, rooms: rooms({ client, clock }), pace: pace(clock) },
    stopping.signal,
  );
  const reach = openReach({ client, db: shared.db, clock, log, trouble: () => line.trouble() });
  const stops: (() => Promise<void>)[] = [];
  let speaks = false;
  let isOpening = false;
  let whenConnected: (() => Promise<void>) | undefined;
  const line = keepConnecting({
    signIn: async () => {
      await app.init();
      const workspace = await client.auth.test();
      home = workspace.team_id ?? '';
      site = workspace.url ?? '';
      board = await boardAddress(client, { team: workspace.team_id, bot: workspace.bot_id });
    },
    open: async () => {
      isOpening = true;
      await app.start();
    },
    whenSignedIn: () => {
      if (speaks || stopping.signal.aborted) return;
      speaks = true;
      stops.push(
        every(lookEvery, () => sender(false)),
        every(boardsEvery, boards.refresh),
      );
      const connected = whenConnected?.();
      stops.push(async () => connected);
    },
    hasSpoken: () => hasSpoken(shared.db),
    look: reach,
    onFatal: (error) => onFatal?.(error),
    signal: stopping.signal,
  });
  return {
    requests: door.requests,
    trouble: line.trouble,
    start: async (then) => {
      whenConnected = then;
      stops.push(every(reachEvery, reach));
      await line.start();
    },
    stop: async () => {
      stopping.abort();
      for (const stop of stops) await stop();
      await within(patience, Promise.all([...busy(), isOpening ? door.close() : undefined]));
    },
    lookItselfOver: (when) => lookItselfOver(desk, when),
    flush: async () => {
      await sender(true);
      await boards.refresh();
    },
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
